"""Finds and loads the preset that a verb obeys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from frameworkpick import catalog, presets, render
from frameworkpick.errors import FrameworkpickError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from frameworkpick.core.preset import Preset
    from frameworkpick.core.selection import Question
    from frameworkpick.presets import Found

_NAMED = {"flag", "variable"}


def chosen(
    named: str | None, start: Path, note: Callable[[str], None], *, guarded: bool = False
) -> Preset | None:
    """Load the preset that a flag, a variable, the folder or the person's own file names.

    Args:
        named: What the flag says.
        start: The folder to look in and above.
        note: Called with a sentence on a preset that nobody named with a flag.
        guarded: Whether the folder may be somebody else's: what lies in it makes nothing be
            downloaded then.

    Raises:
        InputError: Something in it is not valid or contradicts a lock; every problem is named.
        FrameworkpickError: A repository cannot be read, or a tag names another commit than it did.
    """
    found = presets.find(named, start)
    if found is None:
        return None
    if found.note:
        note(found.note)
    preset = _loaded(found, note, guarded=guarded)
    if found.origin in _NAMED or preset.template is None:
        return preset
    note(
        f"Its template {preset.template.url} is left aside: "
        f"only a preset that --preset or {presets.VARIABLE} names can bring one."
    )
    return replace(preset, template=None)


def tried(
    named: str | None, start: Path, note: Callable[[str], None]
) -> tuple[Preset | None, tuple[str, ...]]:
    """Load the preset as :func:`chosen` does; return what is not valid instead of raising it."""
    try:
        return chosen(named, start, note), ()
    except InputError as error:
        return None, error.problems


def questions() -> tuple[Question, ...]:
    """Return the project options that a preset may set, of the templates of this installation."""
    return render.load_questions(catalog.templates_root())


def _loaded(found: Found, note: Callable[[str], None], *, guarded: bool) -> Preset:
    def fetched(url: str, ref: str, path: str, commit: str | None) -> tuple[bytes, str]:
        if guarded and found.origin == "folder":
            _refuse(found.source, url)
        from frameworkpick import history  # noqa: PLC0415 (only for a preset in a repository)

        return history.read_file(url, ref, path, commit, note=note)

    return presets.load(found.source, fetch=fetched)


def _refuse(source: str, url: str) -> NoReturn:
    raise FrameworkpickError(
        f"The preset {source} builds on {url}, which nobody named.",
        f"If you trust it, name it yourself: --preset {source}.",
    )
