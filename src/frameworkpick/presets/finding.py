"""Tells which preset a run uses: a named one, that of the folder, or that of the person."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from frameworkpick.core.plain_text import shown_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frameworkpick.core.preset import Preset

#: The preset of a folder and of everything in it; also the default file of a repository.
FILE_NAME = "frameworkpick-preset.toml"
#: Names a preset when no flag does.
VARIABLE = "FRAMEWORKPICK_PRESET"

#: How a built-in preset is called in messages, in front of its name.
BUILT_IN_LABEL = "the built-in preset "

_BUILT_IN = Path(__file__).parents[1] / "data" / "presets"


@dataclass(frozen=True, slots=True)
class Found:
    """A preset that a run uses."""

    source: str  #: What :func:`~frameworkpick.presets.load` takes.
    origin: Literal["flag", "variable", "folder", "user"]  #: Who named it.
    note: str  #: A sentence for the person; empty when they named it themselves with a flag.


def find(named: str | None, start: Path) -> Found | None:
    """Find the preset to use: flag, variable, the folder's or one above it, the person's own.

    Args:
        named: What the flag says.
        start: The folder to look in and above.
    """
    if named is not None:
        return Found(named, "flag", "")
    if variable := os.environ.get(VARIABLE):
        note = f"The preset is {shown_address(variable)}, named by {VARIABLE}."
        return Found(variable, "variable", note)
    for origin, path in found_files(start):
        return Found(str(path), origin, f"The preset is {path}.")
    return None


def found_files(start: Path) -> Iterator[tuple[Literal["folder", "user"], Path]]:
    """Yield the presets that are found without being named, the one that counts first.

    Args:
        start: The folder to look in and above.
    """
    folder = Path(os.path.abspath(start))  # noqa: PTH100 (without "..", and no link is followed)
    for each in (folder, *folder.parents):
        if _is_file(each / FILE_NAME):
            yield "folder", each / FILE_NAME
            break
    if (own := user_file()) is not None and _is_file(own):
        yield "user", own


def user_file() -> Path | None:
    """Return where a person's own preset belongs; None when they have no home."""
    if given := os.environ.get("XDG_CONFIG_HOME"):
        base = Path(given)
    else:
        try:
            base = Path.home() / ".config"
        except RuntimeError:
            return None
    return base / "frameworkpick" / "preset.toml" if base.is_absolute() else None


def built_in_names() -> tuple[str, ...]:
    """Return the names of the presets that come with the program."""
    return tuple(sorted(path.stem for path in _BUILT_IN.glob("*.toml")))


def built_in_name(preset: Preset) -> str | None:
    """Return the name of a preset that comes with the program; None for any other."""
    label = preset.label.removeprefix(BUILT_IN_LABEL)
    return label if label != preset.label and label in built_in_names() else None


def built_in_file(name: str) -> Path | None:
    """Return the file of a built-in preset; None when there is none of that name."""
    return _BUILT_IN / f"{name}.toml" if name in built_in_names() else None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder that may not be looked into
        return False
