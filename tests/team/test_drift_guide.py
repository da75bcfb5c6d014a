"""The guide to drift checks in CI: its commands run, and say what it says."""

from __future__ import annotations

import json
import shlex
import shutil
from typing import TYPE_CHECKING

import yaml

from .house import FAST, guide

if TYPE_CHECKING:
    from pathlib import Path

    from .house import Shell

GUIDE = guide("drift-check-in-ci")


def command() -> list[str]:
    """Return what the workflow runs, without what brings the program."""
    [job] = yaml.safe_load(GUIDE["workflow"])["jobs"].values()
    before, words = job["steps"][-1]["run"].split(" frameworkpick check ")
    assert before.startswith("pipx run --spec frameworkpick==")
    return ["check", *shlex.split(words)]


def test_the_workflow_fails_and_says_how_far_a_project_is(shell: Shell, tmp_path: Path) -> None:
    shell.pick("new", "shop", *FAST, "--framework", "flask", cwd=tmp_path)
    project = tmp_path / "shop"
    assert shell.pick(*command(), cwd=project).stdout == ""
    (project / "README.md").write_text("Ours.\n")
    said = shell.pick(*command(), cwd=project, code=3).stdout.splitlines()
    assert said[0].endswith("::Files are not as the template has them: 1 customised.")
    assert said[1].startswith("::warning file=README.md,")
    with (project / ".frameworkpick.toml").open("a") as record:
        record.write(f"\n{GUIDE['ignored']}\n")
    assert shell.pick(*command(), cwd=project).stdout == ""
    (tmp_path / "repositories").mkdir()
    shutil.copytree(project, tmp_path / "repositories/one")
    shutil.copytree(project, tmp_path / "repositories/two")
    shown = shell.script(GUIDE["many"], tmp_path)
    assert "2 of 2 projects are as their template has them." in shown
    assert json.loads((tmp_path / "drift.json").read_text())["ok"] is True
