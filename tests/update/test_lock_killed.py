"""Locking is a part of a merge: whenever it ends early, the old lock is not lost."""

from __future__ import annotations

import json
import shutil
import signal
import time
from typing import TYPE_CHECKING

import pytest

from .killing import killed, writes
from .locks import add, make_lockable, make_shipping, on_path
from .small import content, git, run
from .test_killed import spread

if TYPE_CHECKING:
    from pathlib import Path

MATRIX = pytest.mark.matrix


@pytest.fixture(params=["git", pytest.param("plain", marks=MATRIX)])
def kept(lockable: Path, request: pytest.FixtureRequest) -> Path:
    """The project in git, and without it."""
    if request.param == "plain":
        shutil.rmtree(lockable / ".git")
    return lockable


def as_before(project: Path, before: dict[str, bytes]) -> None:
    assert content(project) == before
    assert not (project / ".frameworkpick-update").exists()
    if (project / ".git").exists():
        assert git(project, "status", "--porcelain") == ""
        assert not (project / ".git/index.lock").exists()


def killed_by(project: Path, locking: Path, way: str) -> None:
    (project.parent / "bin" / way).touch()
    assert add(project, locking, code=None).returncode == -signal.SIGKILL


@pytest.mark.parametrize("way", ["kill-then", pytest.param("half", marks=MATRIX)])
def test_a_run_that_is_killed_when_uv_has_written_is_undone(
    kept: Path, locking: Path, way: str
) -> None:
    before = content(kept)
    killed_by(kept, locking, way)
    assert (kept / "uv.lock").read_bytes() != before["uv.lock"]
    run("update", "--abort", cwd=kept)
    as_before(kept, before)


def test_the_next_run_undoes_it_and_does_it_anew(kept: Path, locking: Path) -> None:
    before = content(kept)
    killed_by(kept, locking, "kill-then")
    assert "postgresql" in (kept / "uv.lock").read_text()
    add(kept, locking)
    assert (kept / "uv.lock").read_bytes() == (kept / "pyproject.toml").read_bytes()
    assert "postgresql" in (kept / "uv.lock").read_text()
    run("update", "--abort", cwd=kept)
    as_before(kept, before)


def test_while_uv_outlives_a_killed_run_no_other_one_begins(kept: Path, locking: Path) -> None:
    before = content(kept)
    killed_by(kept, locking, "kill-first")
    said = run("update", "--abort", cwd=kept, code=1).stderr
    assert "Another frameworkpick is at work" in said
    assert content(kept)["uv.lock"] == before["uv.lock"]
    (kept.parent / "bin/let-go").touch()
    deadline = time.monotonic() + 60
    while content(kept)["uv.lock"] == before["uv.lock"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    # it has written, and ends
    while "Another frameworkpick" in run("update", "--abort", cwd=kept, code=None).stderr:
        assert time.monotonic() < deadline
    as_before(kept, before)


def test_ctrl_c_while_uv_locks_takes_the_whole_merge_back(kept: Path, locking: Path) -> None:
    before = content(kept)
    (kept.parent / "bin/cancel").touch()
    done = add(kept, locking, code=130)
    assert "Cancelled." in done.stderr
    as_before(kept, before)
    add(kept, locking)


def test_what_uv_left_of_a_lock_when_it_failed_is_put_back(kept: Path, locking: Path) -> None:
    before = content(kept)
    (kept.parent / "bin/fail").touch()
    said = json.loads(add(kept, locking, "--json").stdout)
    assert said["lock"]["problem"] == "error: The disk is full"
    assert (kept / "uv.lock").read_bytes() == before["uv.lock"]
    if (kept / ".git").exists():
        assert git(kept, "diff", "--name-only") == ""
    run("update", "--abort", cwd=kept)
    as_before(kept, before)


@pytest.mark.parametrize("in_git", [True, pytest.param(False, marks=MATRIX)])
def test_a_lock_that_the_template_ships_goes_back_past_the_merge(
    locking: Path, tmp_path: Path, *, in_git: bool
) -> None:
    template = make_shipping(locking, tmp_path)
    project = make_lockable(template, tmp_path / "made", version="0.5.0", in_git=in_git)
    before = content(project)
    for way, lock in (("fail", "of 0.6.0"), ("kill-then", "0.6.0"), ("go-on", "0.6.0")):
        (tmp_path / "made/bin" / way).touch()
        words = ("update", project, "--template-url", template)
        run(*words, cwd=project, code=-signal.SIGKILL if "kill" in way else 0, env=on_path(project))
        assert (project / "uv.lock").read_text() == lock
        run("update", "--abort", cwd=project)
        as_before(project, before)


@pytest.mark.parametrize("points", [2, pytest.param(40, marks=MATRIX)])
def test_killed_before_any_write_it_is_undone_or_done(
    kept: Path, locking: Path, monkeypatch: pytest.MonkeyPatch, points: int
) -> None:
    monkeypatch.setenv("PATH", on_path(kept)["PATH"])
    words = ("add", "database=postgresql", "--template-url", locking)
    before, folder = content(kept), kept.parent
    shutil.copytree(kept, folder / "all/shop")
    total = writes(folder, folder / "all", *words, folder / "all/shop")
    after = content(folder / "all/shop")
    # where few are tried, where the lock is staged and noted
    for at in [total - 8, total - 3] if points == 2 else spread(total, points):
        project = folder / f"at-{at}/shop"
        shutil.copytree(kept, project)
        killed(folder, project, at, *words, project)
        for path, data in content(project).items():
            assert ".frameworkpick-" in path or data in (before.get(path), after.get(path)), at
        if at % 2:
            done = run(*words, project, cwd=folder, code=None)
            finished = "not committed" in done.stderr or "Nothing to do" in done.stdout
            assert done.returncode == 0 or finished, (at, done.stderr)
            assert content(project) == after, at
        done = run("update", project, "--abort", cwd=folder, code=None)
        assert done.returncode == 0 or "no update to undo" in done.stderr, (at, done.stderr)
        as_before(project, before)
