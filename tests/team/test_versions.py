"""A team's tags, however they are spelled: for frameworkpick and for plain Copier alike."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from .house import FAST, answers, commit, edit, git, make_template

if TYPE_CHECKING:
    from pathlib import Path

    from .house import Shell

README = "tiny/project/README.md.jinja"


def new(shell: Shell, template: Path) -> Path:
    given = ("--framework", "tiny", "--template-url", template)
    shell.pick("new", "shop", *FAST, *given, cwd=template.parent)
    return committed(template.parent / "shop")


def committed(project: Path) -> Path:
    git(project, "init", "--quiet")
    commit(project)
    return project


def release(template: Path, version: str) -> None:
    edit(template / README, "\n", f"\n{version}\n")
    commit(template, version, version)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("v0.2.0.post1", "v0.3.0"),
        pytest.param("0.2.0.dev1", "0.2.0.dev2", marks=pytest.mark.matrix),
        pytest.param("v0.2.0.dev1", "v0.2.0.post1", marks=pytest.mark.matrix),
    ],
)
def test_a_tag_is_recorded_as_it_is_and_copier_and_we_take_turns(
    shell: Shell, tmp_path: Path, first: str, second: str
) -> None:
    template = make_template(tmp_path / "small", "", first)
    project = new(shell, template)
    assert answers(project)["_commit"] == first
    release(template, second)
    newer = ("--defaults", "--quiet", "--vcs-ref", second)
    shell.run("copier", "update", *newer, cwd=project)
    assert answers(project)["_commit"] == second
    commit(project)
    named = ("--template-url", template)
    shell.pick("check", *named, cwd=project)
    copied = ("copy", "--defaults", "--quiet", "--data", "framework=tiny", "--vcs-ref", first)
    shell.run("copier", *copied, template, "made", cwd=tmp_path)
    made = committed(tmp_path / "made")
    assert answers(made)["_commit"] == first
    found = json.loads(shell.pick("check", "--json", *named, cwd=made, code=3).stdout)
    assert (found["projects"][0]["version"], found["projects"][0]["newest"]) == (first, second)
    shell.pick("update", "--yes", *named, cwd=made)
    assert answers(made)["_commit"] == second
    assert second in (made / "README.md").read_text()


@pytest.mark.matrix
def test_a_commit_between_two_tags_that_copier_recorded_is_a_base(
    shell: Shell, tmp_path: Path
) -> None:
    template = make_template(tmp_path / "small", "", "v1.0.0")
    edit(template / README, "\n", "\nBetween.\n")
    commit(template)
    copied = ("copy", "--defaults", "--quiet", "--data", "framework=tiny", "--vcs-ref", "HEAD")
    shell.run("copier", *copied, template, "made", cwd=tmp_path)
    made = committed(tmp_path / "made")
    assert str(answers(made)["_commit"]).startswith("v1.0.0-1-g")
    named = ("--template-url", template)
    shell.pick("check", *named, cwd=made)
    release(template, "v1.1.0")
    shell.pick("update", "--yes", *named, cwd=made)
    assert answers(made)["_commit"] == "v1.1.0"
    assert (made / "README.md").read_text() == "# shop\nv1.1.0\nBetween.\n"


@pytest.mark.matrix
def test_a_version_that_an_older_frameworkpick_recorded_is_spelled_right_by_an_update(
    shell: Shell, tmp_path: Path
) -> None:
    template = make_template(tmp_path / "small", "", "v0.2.0.post1")
    project = new(shell, template)
    edit(project / ".copier-answers.yml", "_commit: v0.2.0.post1", "_commit: 0.2.0.post1")
    commit(project)
    named = ("--template-url", template)
    assert not json.loads(shell.pick("check", "--json", *named, cwd=project).stdout)["projects"][0][
        "behind"
    ]
    shell.pick("update", "--yes", *named, cwd=project)
    assert answers(project)["_commit"] == "v0.2.0.post1"
    commit(project)
    shell.run("copier", "update", "--defaults", "--quiet", cwd=project)


def test_a_tag_that_is_no_version_is_not_passed_over_in_silence(
    shell: Shell, tmp_path: Path
) -> None:
    template = make_template(tmp_path / "small", "", "0.1.0.dev354", "nightly")
    release(template, "0.1.0.dev354.post1")
    words = ("--framework", "tiny", "--template-url", template)
    said = shell.pick("new", "shop", *FAST, *words, cwd=tmp_path).stderr
    assert f"0.1.0.dev354.post1 of the template {template} is no version" in said
    assert "0.1.0.dev354 is the newest" in said
    assert "tag its commit with a version too, such as 0.1.0.post1." in said
    project = committed(tmp_path / "shop")
    named = ("--template-url", template)
    for verb in ("check", "update --yes --dry-run"):
        said = shell.pick(*verb.split(), *named, cwd=project).stderr
        assert "0.1.0.dev354.post1 of the template" in said
        assert "nightly" not in said
    git(template, "tag", "0.1.0.post1")
    done = shell.pick("update", "--yes", *named, cwd=project)
    assert "is no version" not in done.stderr
    assert answers(project)["_commit"] == "0.1.0.post1"


def test_a_tag_that_was_moved_is_noticed_and_what_it_brings_is_merged(
    shell: Shell, tmp_path: Path
) -> None:
    template = make_template(tmp_path / "small", "", "v1.0.0")
    project = new(shell, template)
    first = git(template, "rev-parse", "HEAD")
    assert answers(project)["_commit_hash"] == first
    named = ("--template-url", template)
    assert "moved" not in shell.pick("check", *named, cwd=project).stdout
    edit(template / README, "\n", "\nMoved.\n")
    commit(template)
    git(template, "tag", "--force", "v1.0.0")
    said = f"v1.0.0 of the template {template} names the commit"
    done = shell.pick("check", *named, cwd=project, code=3)
    assert said in done.stderr
    assert f"named {first[:12]}" in done.stderr
    assert "v1.0.0, whose tag was moved" in done.stdout
    done = shell.pick("update", "--yes", *named, cwd=project)
    assert said in done.stderr
    assert "Moved." in (project / "README.md").read_text()
    assert answers(project)["_commit_hash"] == git(template, "rev-parse", "HEAD")
    commit(project)
    shell.pick("check", *named, cwd=project)


@pytest.mark.matrix
def test_a_template_beside_the_project_is_one_however_it_is_named(
    shell: Shell, tmp_path: Path
) -> None:
    template = make_template(tmp_path / "small")
    work = tmp_path / "work"
    work.mkdir()
    words = ("--framework", "tiny", "--template-url", "../small")
    shell.pick("new", "shop", *FAST, *words, cwd=work)
    project = committed(work / "shop")
    assert answers(project)["_src_path"] == str(template)
    (tmp_path / "link").symlink_to(template)
    for address in ("../../small", template, f"file://{template}", "../../link", f"{template}/"):
        shell.pick("check", "--template-url", address, cwd=project)
    edit(project / ".copier-answers.yml", str(template), f"{work}/../small")
    commit(project)
    shell.pick("update", "--yes", "--template-url", template, cwd=project)
