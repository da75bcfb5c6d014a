"""What an update keeps to be undone with outlasts a power cut, not only a sudden end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from frameworkpick import merge
from frameworkpick.merge import journal as journals
from frameworkpick.merge.index import NEW_INDEX

from .small import commit, git, write

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_journal_is_on_the_disk_before_the_first_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "shop"
    write(project, {".copier-answers.yml": "_commit: 1\n", "a.txt": "one\n"})
    git(project, "init", "--quiet")
    commit(project)
    write(tmp_path / "base", {"a.txt": "one\n"})
    write(tmp_path / "new", {"a.txt": "two\n", "b.txt": "new\n"})
    (tmp_path / "scratch").mkdir()
    place = merge.find_place(project)
    planned = merge.plan(
        place, tmp_path / "scratch", base=tmp_path / "base", new=tmp_path / "new", label="new"
    )
    on_disk: set[int] = set()
    fsync, replay = os.fsync, journals.replay
    seen: list[dict[str, bool]] = []

    def recorded(handle: int) -> None:
        fsync(handle)
        on_disk.add(os.fstat(handle).st_ino)

    def watched(journal: journals.Journal, folder: Path) -> None:
        kept = [journal.folder.parent, journal.folder, *journal.folder.rglob("*")]
        seen.append({path.name: path.stat().st_ino in on_disk for path in kept})
        replay(journal, folder)

    monkeypatch.setattr(os, "fsync", recorded)
    monkeypatch.setattr(journals, "replay", watched)
    with merge.applied(place, planned.bench, planned.merged, "Update"):
        pass
    [kept] = seen
    kept.pop(NEW_INDEX)  # not needed to undo anything
    assert {"journal.json", "old", "new", "0", "1", "frameworkpick"} <= kept.keys()
    assert all(kept.values()), kept
    assert (project / "b.txt").read_text() == "new\n"
