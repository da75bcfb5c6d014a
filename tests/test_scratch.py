"""Temporary folders are nobody else's, however many processes begin at once."""

from __future__ import annotations

import fcntl
import tempfile
from typing import TYPE_CHECKING

from frameworkpick import scratch

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_folder_that_another_run_is_about_to_remove_is_left_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, own = tmp_path / f"{scratch.PREFIX}aaaaaaaa", tmp_path / f"{scratch.PREFIX}bbbbbbbb"
    taken.mkdir()
    own.mkdir()
    folders = iter([str(taken), str(own)])
    monkeypatch.setattr(tempfile, "mkdtemp", lambda **_: next(folders))
    with (taken / "lock").open("w") as theirs:
        fcntl.flock(theirs, fcntl.LOCK_EX)
        made, handle = scratch.make(tmp_path)
        handle.close()
    assert made == own


def test_what_is_in_use_stays_and_what_is_not_goes(tmp_path: Path) -> None:
    left, handle = scratch.make(tmp_path)
    handle.close()
    with scratch.temporary(tmp_path) as used:
        scratch.sweep(tmp_path)
        assert used.is_dir()
        assert not left.exists()
    assert not list(tmp_path.iterdir())
