from __future__ import annotations

import shlex

from frameworkpick.core.decision.answers import Situation
from frameworkpick.core.plan import followed_command, plan_steps, reproducing_command
from frameworkpick.core.selection import Selection

from .samples import flags

#: As `new` has them.
FLAGS = {
    "package_name": "package-name", "description": "description", "python_version": "python",
    "docker": "docker", "ci": "ci",
}  # fmt: skip


def test_by_default_dependencies_are_installed_before_the_first_commit() -> None:
    steps = plan_steps(install=None, git=None, verify=False)
    assert [(step.id, step.required) for step in steps] == [("install", False), ("git", False)]


def test_a_step_asked_for_by_name_is_required_and_a_refused_one_is_gone() -> None:
    steps = plan_steps(install=False, git=True, verify=True)
    assert [(step.id, step.required) for step in steps] == [("git", True), ("verify", True)]


def test_the_reproducing_command_survives_a_shell() -> None:
    command = reproducing_command(
        "my-app",
        Selection(
            "flask",
            followed=False,
            because="we know it; it's fine",
            options={
                "framework": "flask", "project_name": "my-app", "package_name": "my_app",
                "description": 'Say "hi" to $HOME', "docker": False, "python_version": "3.12",
            },
        ),
        Situation(flags({"output_kind": "html_pages", "hosting": None})),
        date="2026-11-22",
        flags=FLAGS,
    )  # fmt: skip
    assert shlex.split(command) == [
        "frameworkpick", "new", "my-app", "--yes", "--framework", "flask",
        "--because", "we know it; it's fine", "-a", "hosting=unknown",
        "-a", "output_kind=html_pages",
        "--package-name", "my_app", "--description", 'Say "hi" to $HOME', "--no-docker",
        "--python", "3.12", "--date", "2026-11-22",
    ]  # fmt: skip


def test_a_recorded_command_follows_what_an_update_changes() -> None:
    command = (
        "frameworkpick new shop --yes --framework fastapi --template-url old --template-version "
        "1.0.0 --description 'a --b' --docker --option cache=true --option size=3 --date 2026-01-01"
    )
    changed = {"framework": "flask", "docker": False, "cache": False, "ci": "gitlab", "zones": []}
    assert followed_command(
        command, changed, flags=FLAGS, gone=["size"], template=("https://x/y", "2.0.0")
    ) == (
        "frameworkpick new shop --yes --framework flask --template-url https://x/y "
        "--template-version 2.0.0 --description 'a --b' --no-docker --option cache=false "
        "--ci gitlab --date 2026-01-01"
    )


def test_a_command_that_a_person_wrote_stays_and_one_without_a_template_gets_one() -> None:
    template = ("https://x/y", "2.0.0")
    for command in ("make shop", "frameworkpick new 'shop", "frameworkpick new"):
        assert (
            followed_command(command, {"docker": False}, flags=FLAGS, template=template) == command
        )
    cut = "frameworkpick new shop --option"
    assert (
        followed_command(cut, {"docker": False}, flags=FLAGS, template=template)
        == f"{cut} --no-docker"
    )
    assert followed_command(
        "frameworkpick new shop", {}, flags=FLAGS, template=template, switched=True
    ) == ("frameworkpick new shop --template-url https://x/y --template-version 2.0.0")
