"""``uv.lock`` follows a ``pyproject.toml`` that was merged: what is deployed comes from it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from frameworkpick import process

from .locks import add, make_lockable, make_shipping, on_path
from .releases import frameworkpick, new
from .small import commit, content, git, run, write

if TYPE_CHECKING:
    from pathlib import Path


def test_it_is_locked_anew_and_staged_and_abort_puts_it_back(
    lockable: Path, locking: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("UV_PROJECT", "UV_WORKING_DIR"):  # of another project
        monkeypatch.setenv(name, str(tmp_path))
    before = content(lockable)
    said = json.loads(add(lockable, locking, "--json").stdout)
    assert {"path": "uv.lock", "what": "changed", "why": ""} in said["files"]
    assert said["lock"] is None
    assert "postgresql" in git(lockable, "show", ":uv.lock")
    run("update", "--abort", cwd=lockable)
    assert content(lockable) == before
    assert git(lockable, "status", "--porcelain") == ""


def test_a_project_without_git_is_locked_anew_and_put_back(lockable: Path, locking: Path) -> None:
    shutil.rmtree(lockable / ".git")
    before = content(lockable)
    add(lockable, locking)
    assert "postgresql" in (lockable / "uv.lock").read_text()
    run("update", "--abort", cwd=lockable)
    assert content(lockable) == before


def test_offline_the_merge_stays_and_the_step_is_the_first_to_do(
    lockable: Path, locking: Path
) -> None:
    (lockable.parent / "bin/offline").touch()
    said = add(lockable, locking).stdout.partition("Next")[2].split("\n")
    assert "could not be renewed: error: Failed to fetch" in " ".join(said[1:3])
    assert "  uv lock && git add uv.lock" in said[:5]
    assert "postgresql" in git(lockable, "show", ":pyproject.toml")
    assert "sqlite" in (lockable / "uv.lock").read_text()


def test_the_lock_of_a_workspace_around_it_is_left_alone(lockable: Path, locking: Path) -> None:
    (lockable.parent / "bin/workspace").write_text(str(lockable.parent))
    said = json.loads(add(lockable, locking, "--json").stdout)
    assert f"The uv workspace {lockable.parent} takes the folder in" in said["lock"]["problem"]
    assert "sqlite" in (lockable / "uv.lock").read_text()


def test_with_conflicts_it_is_not_tried(lockable: Path, locking: Path) -> None:
    write(lockable, {"pyproject.toml": "[tool.mine]\n"})
    commit(lockable)
    said = json.loads(add(lockable, locking, "--json", code=3).stdout)
    assert said["lock"] == {
        "problem": "pyproject.toml has to be settled first.",
        "command": "uv lock && git add uv.lock",
    }
    assert "sqlite" in (lockable / "uv.lock").read_text()


def test_a_lock_with_conflicts_is_not_locked_over(locking: Path, tmp_path: Path) -> None:
    template = make_shipping(locking, tmp_path)
    project = make_lockable(template, tmp_path / "made", version="0.5.0")
    write(project, {"uv.lock": "mine"})
    commit(project)
    words = ("update", project, "--template-url", template, "--json")
    said = json.loads(run(*words, cwd=project, code=3, env=on_path(project)).stdout)
    assert said["lock"]["problem"] == "uv.lock has to be settled first."
    assert "mine" in (project / "uv.lock").read_text()
    assert git(project, "diff", "--name-only", "--diff-filter=U") == "uv.lock\n"


def test_nothing_is_locked_for_a_project_that_has_no_lock(lockable: Path, locking: Path) -> None:
    git(lockable, "rm", "--quiet", "uv.lock")
    commit(lockable)
    assert json.loads(add(lockable, locking, "--json").stdout)["lock"] is None
    assert not (lockable / "uv.lock").exists()


@pytest.mark.matrix
def test_a_real_project_is_locked_after_add(releases: dict[str, Path], tmp_path: Path) -> None:
    project = new(releases["1.0.0"], tmp_path, "flask", "--git", "--install", python="3.11")
    uv = process.find_uv()
    assert uv
    check = [uv, "lock", "--check", "--quiet", "--python", sys.executable]
    subprocess.run(check, cwd=project, check=True)
    frameworkpick(releases["1.0.0"], "add", "database=postgresql", cwd=project)
    commit(project)
    subprocess.run(check, cwd=project, check=True)
    assert b"psycopg" in (project / "uv.lock").read_bytes()
