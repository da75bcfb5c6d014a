"""How a repository wants its files merged and conflicts shown, and conflicts it knows already."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from frameworkpick.merge import journal as journals
from frameworkpick.merge.files import read_file, write_down
from frameworkpick.merge.journal import Side

if TYPE_CHECKING:
    from collections.abc import Collection

    from frameworkpick.merge.place import Place, Repository

_STYLES = {"merge", "diff3", "zdiff3"}
#: What can be set of the way a file is merged; a driver of one's own is a program, and is not run.
_WAYS = {"set": "merge", "unset": "-merge"} | {
    way: f"merge={way}" for way in ("union", "binary", "text")
}
_SIZE = "conflict-marker-size"
#: Files with characters that mean something in a pattern.
_SPECIAL = str.maketrans({character: f"\\{character}" for character in "\\*?["})


def style_of(repository: Repository) -> str:
    """Return how conflicts are shown."""
    said = repository.git.ask("config", "--get", "merge.conflictStyle").stdout.decode().strip()
    return said if said in _STYLES else "merge"


def attributes_of(repository: Repository, paths: Collection[str]) -> bytes:
    """Return how files merge, as lines of an attributes file for the project's folder alone.

    The repository's top and ``.git/info/attributes`` have a say; a person's own settings have not,
    so that the same merge has the same result everywhere.
    """
    asked = os.fsencode("".join(f"{path}\0" for path in sorted(paths)))
    own = ("-c", f"core.attributesFile={os.devnull}")
    said = repository.git(
        *own, "check-attr", "-z", "--stdin", "merge", _SIZE,
        stdin=asked, env={"GIT_ATTR_NOSYSTEM": "1"},
    )  # fmt: skip
    fields = [os.fsdecode(field) for field in said.split(b"\0")]
    lines = [f"* !merge !{_SIZE}"]
    for path, name, value in zip(fields[::3], fields[1::3], fields[2::3], strict=False):
        if name == "merge" and value in _WAYS:
            lines.append(f"{_pattern(path)} {_WAYS[value]}")
        elif name == _SIZE and value.isdecimal():
            lines.append(f"{_pattern(path)} {_SIZE}={value}")
    return os.fsencode("\n".join(lines)) + b"\n"


def _pattern(path: str) -> str:
    escaped = f"/{path.translate(_SPECIAL)}".replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n") + '"'


def remember(place: Place) -> tuple[str, ...]:
    """Let git settle the conflicts that it was shown before, and note the others (rerere).

    Nothing is staged. It is a part of the update: the journal knows of it first.

    Returns:
        The files that have no conflict any more.
    """
    repository, journal = place.repository, journals.read(place.journal)
    if repository is None or journal is None or not _remembers(repository):
        return ()
    steps = list(journal.steps)
    shown = [n for n, step in enumerate(steps) if step.path in journal.unmerged and step.new]
    for number in shown:
        steps[number] = replace(steps[number], new=None, open=True)
    journals.rewrite(replace(journal, steps=tuple(steps)))
    repository.git("-c", "rerere.autoUpdate=false", "rerere")
    settled = []
    for number in shown:
        found, step = read_file(place.folder / steps[number].path), journal.steps[number]
        steps[number] = step
        if found is not None and step.new is not None and not step.new.fits(found):
            write_down(journal.folder / "new" / str(number), found.data)
            steps[number] = replace(step, new=Side(found.mode, found.digest))
            settled.append(step.path)
    journals.rewrite(replace(journal, steps=tuple(steps)))
    return tuple(settled)


def forget(repository: Repository) -> None:
    """Keep git from learning that undoing an update settles its conflicts."""
    if (repository.folder / "MERGE_RR").exists():
        repository.git("rerere", "clear")
        repository.git("-c", "rerere.autoUpdate=false", "rerere")  # others' conflicts stay noted


def _remembers(repository: Repository) -> bool:
    said = repository.git.ask("config", "--type=bool", "--get", "rerere.enabled").stdout
    if said:
        return said.strip() == b"true"
    return (repository.objects.parent / "rr-cache").is_dir()
