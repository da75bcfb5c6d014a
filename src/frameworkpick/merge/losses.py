"""What an update would overwrite unseen, looked for before anything is written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from frameworkpick.errors import FrameworkpickError
from frameworkpick.merge.files import LINK, File, expected_refusals, read_file, same_text
from frameworkpick.merge.threeway import SUBMODULE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from frameworkpick.merge.place import Place, Repository
    from frameworkpick.merge.threeway import Change, Merged, Workbench


@expected_refusals()
def refuse_losses(place: Place, bench: Workbench, merged: Merged) -> dict[str, File | None]:
    """Refuse a merge that would overwrite what nothing else keeps.

    Returns:
        What is there now, of every path that changes.

    Raises:
        FrameworkpickError: Something would be lost; nothing is changed.
    """
    changes = merged.changes()
    _refuse_hidden(place, changes)
    _refuse_moved_submodules(changes)
    found = {path: _there(place, path, changes) for path in changes}
    names = [old[1] for old, _ in changes.values() if old]
    kept = dict(zip(names, bench.git.contents(names), strict=True))
    stored = {path: (old, kept[old[1]]) for path, (old, _) in changes.items() if old}
    if place.repository is not None:
        _refuse_filtered(place.repository, stored, found)
        return found
    for path, (_, data) in stored.items():
        file = found[path]
        if file is None or file.data != data:
            raise changed_meanwhile(path)
    return found


def changed_meanwhile(path: str) -> FrameworkpickError:
    """Say that somebody saved a file during the run."""
    return FrameworkpickError(
        f"{path} was changed while the update was at work.",
        "Commit or move away what you changed, and run it again; nothing was changed.",
    )


def _refuse_hidden(place: Place, paths: Iterable[str]) -> None:
    """Refuse paths whose changes git was told not to show: they would be lost unseen."""
    if place.repository is None:
        return
    listed = place.repository.git("ls-files", "-v", "-z", "--", ".").split(b"\0")
    hidden = {os.fsdecode(e[2:]) for e in listed if e[:1].islower() or e[:1] == b"S"}
    if found := sorted(hidden.intersection(paths)):
        raise FrameworkpickError(
            f"git was told not to look at {', '.join(found)}.",
            "Undo it with `git update-index --no-assume-unchanged --no-skip-worktree`, or "
            "`git sparse-checkout disable`, and run the update again.",
        )


def _refuse_moved_submodules(changes: Mapping[str, Change]) -> None:
    moved = sorted(path for path, (old, _) in changes.items() if old and old[0] == SUBMODULE)
    if moved:
        raise FrameworkpickError(
            f"The template moves the folder that the submodule {', '.join(moved)} is in.",
            "Move it yourself with `git mv`, commit, and run the update again.",
        )


def _there(place: Place, path: str, changes: Mapping[str, Change]) -> File | None:
    """Read a file; refuse one that git does not know, unless a file makes way for a folder."""
    if changes[path][0] is None and os.path.lexists(place.folder / path):
        if any(new is None and p.startswith(f"{path}/") for p, (_, new) in changes.items()):
            return None
        raise FrameworkpickError(
            f"The update would write {path}, and git does not know what is there.",
            "Move that away, or commit it, and run the update again; nothing was changed.",
        )
    return read_file(place.folder / path)


def _refuse_filtered(
    repository: Repository,
    stored: Mapping[str, tuple[tuple[str, str], bytes]],
    found: Mapping[str, File | None],
) -> None:
    """Refuse files with lines that a clean filter keeps out of git, so that git has no copy."""
    lost: list[str] = []
    for path, ((mode, name), data) in stored.items():
        file = found[path]
        if file is None or LINK in {mode, file.mode} or same_text(file.data, data):
            continue
        if not same_text(file.data, repository.checked_out(path, name)):
            if repository.git("hash-object", "--", path).decode().strip() != name:
                raise changed_meanwhile(path)
            lost.append(path)
    if lost:
        raise FrameworkpickError(
            f"A filter keeps a part of {', '.join(lost)} out of git, and the update would lose it.",
            "Copy that part elsewhere, remove the file, bring git's back with `git checkout`, and "
            "run the update again; nothing was changed.",
        )
