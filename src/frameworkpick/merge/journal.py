"""What an update is about to write and replace, kept so that it can be undone at any moment.

The journal is put together beside its place and renamed there before the first file of the project
changes, with the content before and after of every one. Undoing needs nothing else. A file that is
neither as it was nor as the update wrote it was edited by somebody, and is left alone. Only while
another program rewrites a file, everything that is found there counts as that program's.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from frameworkpick.errors import FrameworkpickError
from frameworkpick.merge.files import (
    LINK,
    File,
    place_file,
    prune,
    read_file,
    settle,
    write_down,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FILE, _DONE = "journal.json", "done"


@dataclass(frozen=True, slots=True)
class Side:
    """A file before or after."""

    mode: str  #: As git writes it.
    digest: str  #: A hash of the content.

    def fits(self, file: File | None) -> bool:
        """Whether a file is this one; a file system need not keep the executable bit."""
        return (
            file is not None
            and (file.mode == LINK) == (self.mode == LINK)
            and file.digest == self.digest
        )


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """What happens to one path."""

    path: str  #: In the project, with forward slashes.
    old: Side | None  #: Before; ``None``: there is none.
    new: Side | None  #: After; ``None``: it goes.
    open: bool = False  #: Another program is writing it: what comes after is not known yet.
    kept: bool = False  #: Undoing leaves it: it is committed.


@dataclass(frozen=True, slots=True)
class Journal:
    """All steps of one update."""

    folder: Path  #: Where it is kept, with the contents.
    steps: tuple[JournalEntry, ...]  #: One for each path.
    head: str | None  #: The commit it began from; ``None`` without git.
    message: str  #: The prepared commit message.
    index: Mapping[str, tuple[str, str] | None]  #: What the index held, by path in the repository.
    #: What it is given, likewise; of a conflict, what the file is that shows it.
    after: Mapping[str, tuple[str, str] | None] = field(default_factory=dict)
    unmerged: tuple[str, ...] = ()  #: The conflicts, by path in the project.

    @property
    def done(self) -> bool:
        """Whether the update came to its end."""
        return (self.folder / _DONE).exists()

    def mark_done(self) -> None:
        """Note that the update came to its end; the contents stay, for ``--abort``."""
        (self.folder / _DONE).touch()

    def begin_undoing(self) -> None:
        """Note that it is being undone: whoever finds it half undone goes on with that."""
        (self.folder / _DONE).unlink(missing_ok=True)
        settle(self.folder)

    def content(self, number: int, side: str) -> bytes:
        """Return a kept content: ``old`` or ``new``."""
        return (self.folder / side / str(number)).read_bytes()

    def remove(self) -> None:
        """Forget it all."""
        # First the file that makes it one: half a journal must never be read.
        (self.folder / _FILE).unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def prepare(
    place: Path, pairs: Mapping[str, tuple[File | None, File | None]]
) -> tuple[Path, tuple[JournalEntry, ...]]:
    """Put the contents of a journal together, beside its place.

    Args:
        place: Where the journal is to be.
        pairs: By path the file as it is, and as it is to be.
    """
    folder = _unfinished(place)
    for side in ("old", "new"):
        (folder / side).mkdir(parents=True)
    write_down(folder / ".gitignore", b"*\n")
    steps = []
    for number, (path, (old, new)) in enumerate(pairs.items()):
        sides = []
        for side, file in (("old", old), ("new", new)):
            if file is not None:
                write_down(folder / side / str(number), file.data)
            sides.append(Side(file.mode, file.digest) if file else None)
        steps.append(JournalEntry(path, sides[0], sides[1]))
    return folder, tuple(steps)


def _unfinished(place: Path) -> Path:
    """Return where a journal is put together, emptied of what a sudden end left there."""
    folder = place.with_name(f"{place.name}.preparing")
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def discard(prepared: Path) -> None:
    """Forget a journal that was not begun."""
    shutil.rmtree(prepared, ignore_errors=True)


def begin(journal: Journal, prepared: Path) -> None:
    """Put a prepared journal in its place: from here on the update can be undone."""
    write_down(prepared / _FILE, _written(journal))
    # A process that ends takes nothing along; a power cut takes what is not on the disk yet, and
    # must not leave changed files and half a journal.
    for folder in (prepared / "old", prepared / "new", prepared):
        settle(folder)
    (journal.folder / _FILE).unlink(missing_ok=True)
    shutil.rmtree(journal.folder, ignore_errors=True)
    prepared.rename(journal.folder)
    settle(journal.folder.parent)


def rewrite(journal: Journal) -> None:
    """Replace a journal by one with other steps, whose contents are there."""
    scratch = journal.folder / f"{_FILE}.new"
    write_down(scratch, _written(journal))
    for folder in (journal.folder / "old", journal.folder / "new"):
        settle(folder)
    scratch.replace(journal.folder / _FILE)
    settle(journal.folder)


def _written(journal: Journal) -> bytes:
    return json.dumps(asdict(journal) | {"folder": None, "schema": 1}).encode()


def read(folder: Path) -> Journal | None:
    """Read the journal at a place, if there is one."""
    try:
        facts = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        steps = tuple(
            JournalEntry(
                step["path"], _side(step["old"]), _side(step["new"]),
                step.get("open", False), step.get("kept", False),
            )
            for step in facts["steps"]
        )  # fmt: skip
        return Journal(
            folder, steps, facts["head"], facts["message"], _entries(facts["index"]),
            _entries(facts.get("after", {})), tuple(facts.get("unmerged", ())),
        )  # fmt: skip
    except (FileNotFoundError, NotADirectoryError):
        _unfinished(folder)
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FrameworkpickError(
            f"The journal of an earlier update in {folder} cannot be read: {error}",
            "Compare the project with its last commit, then remove that folder.",
        ) from error


def _entries(facts: dict[str, list[str] | None]) -> dict[str, tuple[str, str] | None]:
    return {path: (entry[0], entry[1]) if entry else None for path, entry in facts.items()}


def _side(facts: dict[str, str] | None) -> Side | None:
    return Side(facts["mode"], facts["digest"]) if facts else None


def replay(journal: Journal, project: Path) -> None:
    """Write everything, each file in one move.

    Raises:
        FrameworkpickError: A file was changed meanwhile; it is left as it is.
    """
    removals = [(n, step) for n, step in enumerate(journal.steps) if step.new is None]
    writes = [(n, step) for n, step in enumerate(journal.steps) if step.new is not None]
    for number, step in (*removals, *writes):
        path = project / step.path
        found = read_file(path)
        if not (step.old.fits(found) if step.old else not os.path.lexists(path)):
            raise FrameworkpickError(
                f"{step.path} was changed while the update was at work.",
                "Commit or move away what you changed, and run it again.",
            )
        if step.new is None:
            path.unlink()
            prune(path.parent, project)
        else:
            place_file(project, number, step.path, step.new.mode, journal.content(number, "new"))
