"""Finds and loads the preset that a verb obeys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from frameworkpick import presets
from frameworkpick.core.plain_text import shown_address
from frameworkpick.errors import FrameworkpickError, InputError, PresetError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from frameworkpick.core.preset import Preset
    from frameworkpick.presets import ChosenPreset

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
            downloaded then, and no file be read that lies elsewhere.

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
        f"Its template {shown_address(preset.template.url)} is left aside: "
        f"only a preset that --preset or {presets.VARIABLE} names can bring one."
    )
    return replace(preset, template=None)


def refuse(preset: Preset | None, given: Mapping[str, tuple[object, str]]) -> None:
    """Refuse to change a project to what its preset forbids.

    ``given`` is the new value of each option, and how it was given.

    Raises:
        PresetError: There is such a value; every one of them is named.
    """
    if preset and (problems := preset.contradictions(given)):
        raise PresetError(problems, "nothing was changed")


class Presets:
    """The presets of several projects, each loaded once; what lies in a project is not trusted.

    Raises:
        FrameworkpickError: The one that is named for all of them cannot be loaded.
    """

    def __init__(self, named: str | None, note: Callable[[str], None]) -> None:
        self._named = named
        self._note = note
        self._loaded: dict[str, Preset | None] = {}
        found = presets.find(named, Path())
        if found and found.origin in _NAMED:
            self.of(Path())

    def of(self, folder: Path) -> Preset | None:
        """Return the preset that a project obeys.

        Raises:
            FrameworkpickError: It cannot be loaded.
        """
        found = presets.find(self._named, folder)
        if found is None:
            return None
        if found.source not in self._loaded:
            self._loaded[found.source] = chosen(self._named, folder, self._note, guarded=True)
        return self._loaded[found.source]


def tried(
    named: str | None, start: Path, note: Callable[[str], None]
) -> tuple[Preset | None, tuple[str, ...]]:
    """Load the preset as :func:`chosen` does; return what is not valid instead of raising it."""
    try:
        return chosen(named, start, note), ()
    except InputError as error:
        return None, error.problems


def _loaded(found: ChosenPreset, note: Callable[[str], None], *, guarded: bool) -> Preset:
    def fetched(url: str, ref: str, path: str, commit: str | None) -> tuple[bytes, str]:
        if guarded and found.origin == "folder":
            _refuse(found.source, url)
        from frameworkpick import history  # noqa: PLC0415 (only for a preset in a repository)

        return history.read_file(url, ref, path, commit, note=note)

    within = Path(found.source).parent if guarded and found.origin == "folder" else None
    return presets.load(found.source, fetch=fetched, within=within)


def _refuse(source: str, url: str) -> NoReturn:
    raise FrameworkpickError(
        f"The preset {source} builds on {url}, which nobody named.",
        f"If you trust it, name it yourself: --preset {source}.",
    )
