"""Ctrl-C in ``update``, whenever it comes: cancelled and nothing is changed, or done and told."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from .killing import interrupted, writes
from .small import content, git
from .test_killed import spread

if TYPE_CHECKING:
    from pathlib import Path

MATRIX = pytest.mark.matrix


@pytest.mark.parametrize("times", [1, pytest.param(4, marks=MATRIX)])
@pytest.mark.parametrize("points", [2, pytest.param(24, marks=MATRIX)])
def test_ctrl_c_before_any_write_of_an_update_is_told_as_it_is(
    project: Path, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    points: int, times: int,
) -> None:  # fmt: skip
    words = ("--template-url", template)

    def fresh(name: str) -> Path:
        root = tmp_path / name
        shutil.copytree(project, root / "shop", symlinks=True)
        (root / "temporary").mkdir()
        monkeypatch.setenv("TMPDIR", str(root / "temporary"))
        return root

    before, root = content(project), fresh("whole")
    total = writes(tmp_path, root, "update", root / "shop", *words)
    after = content(root / "shop")
    # the last ones are when all is applied, and the temporary folders go
    for at in [total - 1, total] if points == 2 else spread(total, points):
        root = fresh(f"at-{at}")
        done = interrupted(tmp_path, root, at, times, "update", root / "shop", *words)
        told = (at, done.returncode, done.stdout, done.stderr)
        if done.returncode == 130:
            assert done.stderr.endswith("Cancelled.\n"), told
            assert content(root / "shop") == before, told
            assert not git(root / "shop", "status", "--porcelain"), told
        else:
            assert done.returncode == 3, told
            assert "Cancelled" not in done.stderr, told
            assert "--abort" in done.stdout, told
            assert content(root / "shop") == after, told
        assert points > 2 or done.returncode == 3, told
        assert not (root / "shop/.git/index.lock").exists(), told
        assert not list((root / "temporary").iterdir()), told


@MATRIX
@pytest.mark.parametrize("times", [1, 4])
def test_ctrl_c_before_any_write_of_an_undoing_is_told_as_it_is(
    project: Path, template: Path, tmp_path: Path, times: int
) -> None:
    before, made = content(project), tmp_path / "made/shop"
    shutil.copytree(project, made, symlinks=True)
    writes(tmp_path, made, "update", made, "--template-url", template)
    after = content(made)
    counted = tmp_path / "counted/shop"
    shutil.copytree(made, counted, symlinks=True)
    for at in spread(writes(tmp_path, counted, "update", counted, "--abort"), 16):
        root = tmp_path / f"at-{at}/shop"
        shutil.copytree(made, root, symlinks=True)
        done = interrupted(tmp_path, root, at, times, "update", root, "--abort")
        told = (at, done.returncode, done.stdout, done.stderr)
        if done.returncode == 130:
            assert content(root) == after, told
        else:
            assert (done.returncode, done.stdout) == (0, "The update is undone.\n"), told
            assert content(root) == before, told
            assert not git(root, "status", "--porcelain"), told
        assert not (root / ".git/index.lock").exists(), told
