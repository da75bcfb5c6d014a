"""Ctrl-C in ``new``, whenever it comes: the project is there, or nothing at all is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .killing import interrupted, writes

if TYPE_CHECKING:
    from pathlib import Path

MATRIX = pytest.mark.matrix
NEW = ("new", "shop", "--yes", "--framework", "flask", "--no-install", "--no-git")


def make_root(folder: Path) -> Path:
    """Make a place for projects, and for temporary files."""
    (folder / "temporary").mkdir(parents=True)
    (folder / "work").mkdir()
    return folder


@pytest.mark.parametrize("times", [pytest.param(1, marks=MATRIX), 4])
@pytest.mark.parametrize("every", [60, pytest.param(3, marks=MATRIX)])
def test_ctrl_c_before_any_write_leaves_the_project_or_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int, every: int
) -> None:
    root = make_root(tmp_path / "whole")
    monkeypatch.setenv("TMPDIR", str(root / "temporary"))
    total = writes(tmp_path, root, *NEW, "-o", root / "work/a/b")
    last = range(total - 2, total + 1)  # when the project is in its place, and the rest goes
    for at in sorted({*range(1, total, every), *last}):
        root = make_root(tmp_path / f"at-{at}")
        monkeypatch.setenv("TMPDIR", str(root / "temporary"))
        done = interrupted(tmp_path, root, at, times, *NEW, "-o", root / "work/a/b")
        left = sorted(path.relative_to(root).as_posix() for path in root.rglob("*"))
        whole = (root / "work/a/b/shop/.env").is_file()
        expected = ["work/a", "work/a/b", "work/a/b/shop"] if whole else []
        shown = [path for path in left if "/shop/" not in path]
        assert shown == ["temporary", "work", *expected], (at, left, done.stderr)
        # What is there whole is said to be: nothing was left to do.
        assert done.returncode == (0 if whole else 130), (at, done.stderr)
        assert ("\nNext\n" in done.stdout) == whole, (at, done.stdout)
        assert "Traceback" not in done.stderr, (at, done.stderr)
