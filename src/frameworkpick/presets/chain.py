"""Loads a preset with everything it extends, from files and from git; lists those there are."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick import formats
from frameworkpick.core.plain_text import shown_address
from frameworkpick.core.preset import resolve
from frameworkpick.core.results.presets import KnownPreset
from frameworkpick.errors import FrameworkpickError, InputError

from .layer import Reader
from .source import (
    VARIABLE,
    InRepository,
    LocalFile,
    beside,
    built_in_file,
    built_in_names,
    find,
    found_files,
    read_reference,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frameworkpick.core.preset import Layer, Preset

    from .source import Reference

#: Reads a file of a repository: address, tag or branch or commit, path, and the commit that the
#: tag has to name, if one is known. Returns the content and the commit it was read from.
Fetch = Callable[[str, str, str, str | None], tuple[bytes, str]]

#: Files that may build on each other.
_DEEPEST = 10
_HINT = "See docs/reference/presets.md for the form of a preset."


@dataclass(frozen=True, slots=True)
class _Link:
    """A file of the chain that is still to be read."""

    reference: Reference  #: Where it is.
    commit: str | None = None  #: The commit it has to be read from, if one is known.
    pinned: bool = True  #: Whether something says which commit its tag has to name.


def load(
    source: str, *, fetch: Fetch, base: Path | None = None, within: Path | None = None
) -> Preset:
    """Read a preset and what it extends, base first, and join them.

    Args:
        source: A built-in name, a path or ``git+URL@REF#FILE``.
        fetch: Reads a file of a git repository.
        base: The folder that a relative path starts from; that of the process when not given.
        within: The folder that every file has to lie in, for a preset of somebody else's.

    Raises:
        InputError: Something is not valid or contradicts a lock; every problem is named.
        FrameworkpickError: A repository cannot be read, or a tag names another commit than it did.
    """
    return resolve(load_layers(source, fetch=fetch, base=base, within=within))


def load_layers(
    source: str,
    *,
    fetch: Fetch,
    base: Path | None = None,
    repin: bool = False,
    within: Path | None = None,
    faults: list[str] | None = None,
) -> list[Layer]:
    """Read a preset and what it extends, base first, without joining them.

    Args:
        source: A built-in name, a path or ``git+URL@REF#FILE``.
        fetch: Reads a file of a git repository.
        base: The folder that a relative path starts from; that of the process when not given.
        repin: Take what the first file extends as it is now, whatever commit it was pinned to.
        within: The folder that every file has to lie in, for a preset of somebody else's.
        faults: Takes what has another form, so that the rest can be looked at too.

    Raises:
        InputError: Something is not valid; every problem of every file is named.
        FrameworkpickError: A repository cannot be read, or a tag names another commit than it did.
    """
    reference = read_reference(source, base or Path())
    link: _Link | None = _Link(reference, pinned=reference.fixed)
    layers: list[Layer] = []
    chain: list[object] = []
    labels: list[str] = []
    problems: list[str] = []
    while link is not None:
        if within is not None:
            _refuse_outside(link.reference, within)
        content, link = _content(link, fetch)
        label = link.reference.label
        _check_chain(chain, labels, link, label)
        data = formats.parse_written(
            link.reference.full_name, content, _HINT, ("options", "locked")
        )
        if formats.deep(data):
            raise InputError([f"{label} is nested too deeply."], _HINT)
        reader = Reader(label, data)
        built_in = link.reference.built_in
        layers.append(
            replace(reader.layer(), commit=link.commit, pinned=link.pinned, built_in=built_in)
        )
        problems += reader.problems
        link = _next(link, reader, repin=repin and len(layers) == 1)
    if faults is not None:
        faults += problems
    elif problems:
        raise InputError(problems, _HINT)
    return layers[::-1]


def _next(link: _Link, reader: Reader, *, repin: bool) -> _Link | None:
    if reader.extends is None:
        return None
    here, pin = link.reference, None if repin else reader.extends_commit
    where = f"{here.label} extends {shown_address(reader.extends)!r}: "
    try:
        if isinstance(here, InRepository):
            found = _from_repository(here, reader.extends)
            if isinstance(found, InRepository) and found.url == here.url and found.ref == here.ref:
                return _Link(found, link.commit, link.pinned)
        else:
            found = read_reference(reader.extends, here.path.parent)
    except InputError as error:
        raise InputError([where + problem for problem in error.problems], error.hint) from error
    return _Link(found, pin, pinned=found.fixed or pin is not None)


def _from_repository(here: InRepository, extends: str) -> Reference:
    """Tell what a file in a repository extends: nothing of the machine that it is read on."""
    if "://" not in extends and not extends.startswith(("/", "~")):
        found = read_reference(extends, Path("/nowhere")) if "/" not in extends else None
        return found if isinstance(found, LocalFile) and found.built_in else beside(here, extends)
    found = read_reference(extends, Path())
    if isinstance(found, InRepository) and (here.on_this_machine or not found.on_this_machine):
        return found
    raise InputError(
        ["a preset in a repository cannot name a file of this machine."],
        "Give it a path inside of its own repository, or another repository.",
    )


def _refuse_outside(reference: Reference, within: Path) -> None:
    """Refuse a link, and a file of elsewhere: a fault in it would be shown with what it holds."""
    if not isinstance(reference, LocalFile) or reference.built_in:
        return
    hint = "If you trust the preset, name it yourself with --preset."
    if reference.path.is_symlink():
        raise FrameworkpickError(f"The preset {reference.label} is a link.", hint)
    try:
        inside = reference.path.resolve().is_relative_to(within.resolve())
    except (OSError, RuntimeError):  # a loop of links
        inside = False
    if not inside:
        raise FrameworkpickError(
            f"The preset in {within} builds on {reference.label}, which lies outside of that "
            "folder.",
            hint,
        )


def _content(link: _Link, fetch: Fetch) -> tuple[bytes, _Link]:
    """Return the file's content, and the link with the commit it came from."""
    reference = link.reference
    if isinstance(reference, LocalFile):
        return _read(reference.path, reference.label), link
    content, commit = fetch(reference.url, reference.ref, reference.file, link.commit)
    return content, replace(link, commit=commit)


def _read(path: Path, label: str) -> bytes:
    """Read a preset file of this machine; one that is none, or too large, is refused."""
    refused = partial(
        InputError, hint="Name a preset file; `frameworkpick preset list` shows some."
    )
    try:
        if not path.is_file():
            why = "is no file" if path.exists() else "does not exist"
            raise refused([f"The preset {label} {why}."])
        if path.stat().st_size > formats.LARGEST:
            raise refused([f"{label} is too large for a preset."])
        return path.read_bytes()
    except OSError as error:
        raise refused([f"The preset {label} cannot be read: {error.strerror}."]) from error


def _check_chain(chain: list[object], labels: list[str], link: _Link, label: str) -> None:
    """Add a file to the chain; refuse one that is in it already, and one too many."""
    reference = link.reference
    key: object = (
        (reference.url, link.commit, reference.file)
        if isinstance(reference, InRepository)
        else reference.path.resolve()
    )
    labels.append(label)
    if key in chain:
        circle = " extends ".join(labels[chain.index(key) :])
        raise InputError([f"The presets go round in a circle: {circle}."], "Break the circle.")
    chain.append(key)
    if len(chain) > _DEEPEST:
        raise InputError(
            [f"More than {_DEEPEST} presets extend each other: {' extends '.join(labels)}."],
            "Join some of them.",
        )


def listed(start: Path) -> tuple[KnownPreset, ...]:
    """Return every preset that can be named without knowing more than this machine does.

    Args:
        start: The folder to look in and above.
    """
    used = find(None, start)
    built_in = (("built-in", name, built_in_file(name)) for name in built_in_names())
    known = []
    for kind, name, path in (*_found(start), *built_in):
        said, here = _description(path), used is not None and used.origin == kind
        known.append(KnownPreset(shown_address(name), kind, said or "", here, said is not None))
    return tuple(known)


def _found(start: Path) -> Iterator[tuple[str, str, Path | None]]:
    if variable := os.environ.get(VARIABLE):
        reference = None
        with contextlib.suppress(InputError):
            reference = read_reference(variable, Path())
        yield "variable", variable, getattr(reference, "path", None)
    for origin, path in found_files(start):
        yield origin, str(path), path


def _description(path: Path | None) -> str | None:
    """Return what a file says of itself; ``None`` when it was not or cannot be read."""
    if path is None:
        return None
    try:
        data = formats.parse(str(path), _read(path, str(path)), "")
    except InputError:
        return None
    if formats.deep(data):
        return None
    return Reader(str(path), data).layer().description or ""
