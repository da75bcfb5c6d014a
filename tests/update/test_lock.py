"""``uv.lock`` follows a ``pyproject.toml`` that was merged: what is deployed comes from it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from frameworkpick import process

from .releases import frameworkpick, new
from .small import commit, content, git, make_project, make_template, run, write

if TYPE_CHECKING:
    from pathlib import Path

#: Stands for uv: what it locks is what is asked for.
UV = """\
#!/bin/sh
[ "$1" = lock ] || exit 9
[ -e "$(dirname "$0")/offline" ] && echo "error: Failed to fetch" && exit 2
cp pyproject.toml uv.lock
"""


@pytest.fixture(scope="module")
def locking(tmp_path_factory: pytest.TempPathFactory, _own_settings: None) -> Path:
    template = make_template(tmp_path_factory.mktemp("locking") / "team.git")
    write(
        template, {"project/pyproject.toml.jinja": "[tool.{{ database }}]\n# \n# \n# \n# \n# 1\n"}
    )
    git(template, "add", "--all")
    git(template, "commit", "--quiet", "--message", "x")
    git(template, "tag", "0.4.0")
    return template


@pytest.fixture
def project(locking: Path, tmp_path: Path) -> Path:
    made = make_project(locking, tmp_path / "shop", version="0.4.0")
    shutil.copy(made / "pyproject.toml", made / "uv.lock")
    commit(made)
    write(tmp_path, {"bin/uv": UV})
    (tmp_path / "bin/uv").chmod(0o755)
    return made


def add(
    project: Path, template: Path, *words: str | Path, code: int = 0
) -> subprocess.CompletedProcess[str]:
    path = {"PATH": f"{project.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    own = ("add", "database=postgresql", "--template-url", template)
    return run(*own, *words, cwd=project, code=code, env=path)


def test_it_is_locked_anew_and_staged_and_abort_puts_it_back(project: Path, locking: Path) -> None:
    before = content(project)
    said = json.loads(add(project, locking, "--json").stdout)
    assert {"path": "uv.lock", "what": "changed", "why": ""} in said["files"]
    assert said["lock"] is None
    assert "postgresql" in git(project, "show", ":uv.lock")
    run("update", "--abort", cwd=project)
    assert content(project) == before
    assert git(project, "status", "--porcelain") == ""


def test_a_project_without_git_is_locked_anew_and_put_back(project: Path, locking: Path) -> None:
    shutil.rmtree(project / ".git")
    before = content(project)
    add(project, locking)
    assert "postgresql" in (project / "uv.lock").read_text()
    run("update", "--abort", cwd=project)
    assert content(project) == before


def test_offline_the_merge_stays_and_the_step_is_the_first_to_do(
    project: Path, locking: Path
) -> None:
    (project.parent / "bin/offline").touch()
    said = add(project, locking).stdout.partition("Next")[2].split("\n")
    assert "could not be renewed: error: Failed to fetch" in " ".join(said[1:3])
    assert "  uv lock && git add uv.lock" in said[:5]
    assert "postgresql" in git(project, "show", ":pyproject.toml")
    assert "sqlite" in (project / "uv.lock").read_text()


def test_with_conflicts_it_is_not_tried(project: Path, locking: Path) -> None:
    write(project, {"pyproject.toml": "[tool.mine]\n"})
    commit(project)
    said = json.loads(add(project, locking, "--json", code=3).stdout)
    assert said["lock"] == {
        "problem": "pyproject.toml has to be settled first.",
        "command": "uv lock && git add uv.lock",
    }
    assert "sqlite" in (project / "uv.lock").read_text()


def test_nothing_is_locked_for_a_project_that_has_no_lock(project: Path, locking: Path) -> None:
    git(project, "rm", "--quiet", "uv.lock")
    commit(project)
    assert json.loads(add(project, locking, "--json").stdout)["lock"] is None
    assert not (project / "uv.lock").exists()


@pytest.mark.matrix
def test_a_real_project_is_locked_after_add(releases: dict[str, Path], tmp_path: Path) -> None:
    project = new(releases["1.0.0"], tmp_path, "flask", "--git", "--install")
    uv = process.find_uv()
    assert uv
    check = [uv, "lock", "--check", "--quiet", "--python", sys.executable]
    subprocess.run(check, cwd=project, check=True)
    frameworkpick(releases["1.0.0"], "add", "database=postgresql", cwd=project)
    commit(project)
    subprocess.run(check, cwd=project, check=True)
    assert b"psycopg" in (project / "uv.lock").read_bytes()
