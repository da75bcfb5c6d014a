"""The guide to sixty repositories, with three of them: a new one, an old one, one against it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from .house import BUILT_IN, FAST, TEMPLATES, answers, commit, edit, git, guide, write

if TYPE_CHECKING:
    from pathlib import Path

    from .house import Shell

pytestmark = pytest.mark.matrix

FORK, GUIDE = guide("fork-the-templates"), guide("standardise-sixty-repositories")
STANDARD = dict([GUIDE["variable"].removeprefix("export ").split("=", 1)])


@pytest.fixture(scope="module")
def work(shell: Shell) -> Path:
    """The folder in which everything is cloned; fork and preset are pushed."""
    folder = shell.home
    shell.script(f"{FORK['fork']}\n{FORK['tag']}", folder)
    shell.script(GUIDE["start"], folder)
    write(folder / "presets/frameworkpick-preset.toml", GUIDE["preset"] + "\n")
    shell.script(GUIDE["release"], folder / "presets")
    return folder


def committed(project: Path) -> Path:
    git(project, "init", "--quiet")
    commit(project)
    return project


def make(work: Path, shell: Shell, name: str, *words: str) -> Path:
    folder = work / "repositories"
    folder.mkdir(exist_ok=True)
    given = ("--framework", "fastapi", *words)
    shell.pick("new", name, *FAST, *given, cwd=folder)
    return committed(folder / name)


@pytest.fixture(scope="module")
def projects(work: Path, shell: Shell) -> Path:
    """One by the guide, two from before there was a standard."""
    folder = work / "repositories"
    folder.mkdir()
    command = GUIDE["new"].replace(
        "frameworkpick new", "frameworkpick new --yes --no-install --no-git"
    )
    shell.script(command, folder, env=STANDARD)
    committed(folder / "orders")
    billing = make(work, shell, "billing")
    agents = billing / "AGENTS.md"
    agents.write_text(agents.read_text() + "Ours.\n")
    commit(billing)
    make(work, shell, "stock", "--no-docker")
    return folder


def test_a_new_project_is_made_as_the_standard_says(projects: Path, shell: Shell) -> None:
    kept = answers(projects / "orders")
    assert (kept["_src_path"], kept["_commit"]) == (TEMPLATES, "1.0.0.post1")
    assert (kept["docker"], kept["database"]) == (True, "postgresql")
    words = ("new", "other", *FAST, "--no-docker")
    done = shell.pick(*words, cwd=projects.parent, code=2, env=STANDARD)
    assert "docker is locked to true" in done.stderr
    assert "everything runs on the cluster" in done.stderr


def test_all_are_seen_then_updated_then_settled(projects: Path, work: Path, shell: Shell) -> None:
    first, second = GUIDE["check"].splitlines()
    shown = shell.script(first, work, code=3, env=STANDARD)
    rows = {line.split()[0].split("/")[1]: line for line in shown.splitlines() if "/" in line}
    assert "unchanged" in rows["orders"]
    assert f"1.0.0 of {BUILT_IN}, to follow 1.0.0.post1 of {TEMPLATES}" in rows["billing"]
    assert "docker" in rows["stock"]
    shell.script(second, work, code=3, env=STANDARD)
    found = json.loads((work / "drift.json").read_text())["projects"]
    assert [project["behind"] for project in found] == [True, False, True]

    shell.script(GUIDE["update"], work, env=STANDARD)
    assert (work / "waiting.txt").read_text() == "repositories/billing/\n"
    stock = projects / "stock"
    assert answers(stock)["_src_path"] == TEMPLATES
    assert "1.0.0.post1" in git(stock, "log", "-1", "--format=%B")
    assert git(stock, "branch", "--show-current") == "standard"
    assert git(projects / "orders", "log", "--oneline").count("\n") == 0

    billing = projects / "billing"
    assert "<<<<<<<" in shell.script(GUIDE["settle"], billing)
    agents = billing / "AGENTS.md"
    lines = agents.read_text().splitlines(keepends=True)
    agents.write_text(
        "".join(x for x in lines if not x.startswith(("<<<<<<<", "=====", ">>>>>>>")))
    )
    shell.script(GUIDE["settled"], billing)
    text = agents.read_text()
    assert "Ours." in text
    assert "the team's handbook" in text
    shell.pick("add", "docker", stock, "--yes", cwd=work, env=STANDARD)
    commit(stock)
    shown = shell.script(first, work, code=3, env=STANDARD)
    assert "2 of 3 projects are as their template and preset have them." in shown
    assert "1 customised" in shown  # and so it says, until that project ignores the file
    with (billing / ".frameworkpick.toml").open("a") as record:
        record.write('\n[check]\nignore = ["AGENTS.md"]\n')
    shell.script(first, work, env=STANDARD)


def test_a_conflict_can_be_taken_back(work: Path, shell: Shell) -> None:
    project = make(work, shell, "late")
    edit(project / "AGENTS.md", "# ", "# Our ")
    agents = project / "AGENTS.md"
    agents.write_text(agents.read_text() + "Ours.\n")
    commit(project)
    before = agents.read_text()
    shell.pick("update", project, "--yes", cwd=work, code=3, env=STANDARD)
    assert agents.read_text() != before
    shell.script(GUIDE["undo"], project, env=STANDARD)
    assert agents.read_text() == before
    assert not git(project, "status", "--porcelain")
