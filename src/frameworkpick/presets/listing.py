"""Lists the presets that there are, with what each says of itself."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick.core.plain_text import shown_address
from frameworkpick.errors import InputError

from . import forms
from .finding import VARIABLE, built_in_file, built_in_names, find, found_files
from .loading import read_content
from .reading import Reader
from .references import read_reference

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Known:
    """A preset there is."""

    name: str  #: What ``--preset`` takes, without a secret.
    kind: str  #: ``built-in``, ``variable``, ``folder`` or ``user``.
    description: str  #: What it is for, as far as it says so.
    used: bool  #: Whether a run in the folder uses it when no flag names another.
    read: bool  #: Whether its file was read: one in a repository is not.


def known(start: Path) -> tuple[Known, ...]:
    """Return every preset that can be named without knowing more than this machine does.

    Args:
        start: The folder to look in and above.
    """
    used = find(None, start)
    found = [
        *_found(start),
        *(("built-in", name, built_in_file(name)) for name in built_in_names()),
    ]
    known_ones = []
    for kind, name, path in found:
        said, here = _description(path), used is not None and used.origin == kind
        known_ones.append(Known(shown_address(name), kind, said or "", here, said is not None))
    return tuple(known_ones)


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
        data = forms.parse(str(path), read_content(path, str(path)), "")
    except InputError:
        return None
    if forms.deep(data):
        return None
    return Reader(str(path), data).layer(None, pinned=True).description or ""
