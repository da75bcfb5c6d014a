"""``frameworkpick preset``: a team's standard, written, shown, checked and listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick import history, presets, project
from frameworkpick.core.decision.answers import Origin
from frameworkpick.core.plain_text import printable
from frameworkpick.core.preset import resolve
from frameworkpick.core.preset_faults import OF_ONE_PROJECT, faults
from frameworkpick.core.results.presets import (
    CheckedPreset,
    ListedPresets,
    PinnedPreset,
    ShownPreset,
    UnpinnedPreset,
)
from frameworkpick.errors import FrameworkpickError, InputError, TargetError
from frameworkpick.presets import chain, writer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from frameworkpick.core.preset import Layer

_NONE = "Name one, or write one with `frameworkpick preset init`."
_SUGGESTED = {Origin.DEFAULT.name.lower(), Origin.USE_CASE.name.lower()}
#: Options that belong to one project, or are no options of a preset.
_LEFT_OUT = {*OF_ONE_PROJECT, "framework", "description"}


def init(file: Path, from_dir: Path | None = None) -> Path:
    """Write a preset to start from.

    With ``from_dir``, its answers and options become the preset's. Nothing is overwritten.

    Raises:
        TargetError: There is something already, or it cannot be written.
        FrameworkpickError: The folder is no generated project.
    """
    if file.suffix != ".toml":
        raise InputError(
            [f"A new preset is TOML, and {file} does not end in .toml."], "Name another file."
        )
    text = writer.starter()
    if from_dir is not None:
        name = from_dir.resolve().name
        content, like = _of_project(from_dir), f"Projects like {name}"
        address = project.read_recorded(from_dir).address
        own = None if history.is_built_in(address) else history.read_address(address).recorded
        text = writer.starter(content, description=like, template=own)
    try:
        with file.open("x", encoding="utf-8") as new:
            new.write(text)
    except FileExistsError as error:
        raise TargetError(
            f"{file} exists already; nothing was written.", "Name another file, or remove that one."
        ) from error
    except OSError as error:
        raise TargetError(
            f"{file} cannot be written: {error.strerror}.", "Name a file in a folder of yours."
        ) from error
    return file


def show(
    source: str | None,
    start: Path,
    *,
    resolved: bool,
    note: Callable[[str], None],
    progress: Callable[[str], None],
) -> ShownPreset:
    """Read a preset with everything it builds on.

    Without ``source``, the one that a run in the folder ``start`` would use.

    Raises:
        InputError: Something is not valid, or joined, contradicts itself; all of it is named.
        FrameworkpickError: There is no preset, or it cannot be read.
    """
    layers = tuple(presets.load_layers(_source(source, start, note), fetch=_fetch(note, progress)))
    return ShownPreset(layers, resolve(layers) if resolved else None)


def check(
    source: str | None,
    start: Path,
    *,
    pin: bool,
    note: Callable[[str], None],
    progress: Callable[[str], None],
) -> CheckedPreset:
    """Hold a preset and everything it builds on against the questions and the templates.

    Without ``source``, the one that a run in the folder ``start`` would use. ``pin`` writes the
    commit that its ``extends`` names now into the file.

    Raises:
        InputError: Something is not valid; every problem is named.
        FrameworkpickError: There is no preset, or it cannot be read or written.
    """
    from frameworkpick import template  # noqa: PLC0415 (only here is a template opened)

    name = _source(source, start, note)
    file = writer.own_file(name) if pin else None
    form: list[str] = []
    layers = presets.load_layers(name, fetch=_fetch(note, progress), repin=pin, faults=form)
    problems: list[str] = []
    preset = None
    try:
        preset = resolve(layers)
    except InputError as error:
        problems += error.problems
    try:
        choice = template.wanted(None, None, preset)
        if choice:
            progress(f"reading the templates of {choice.url}")
        with template.opened(choice) as used:
            asked = used.questions(template.NEEDED)
            problems = faults(layers, used.knowledge(), asked) + problems
    except InputError as error:  # the address of the templates
        problems += error.problems
    if form or problems:
        raise InputError(
            [*form, *map(printable, problems)], "Correct the file that is named, or ask its owner."
        )
    written = None
    if file:
        written = _pin(file, layers)
        layers = presets.load_layers(name, fetch=_fetch(note, progress))
    return CheckedPreset(tuple(layers), tuple(_unpinned(layers)), written)


def listed(start: Path) -> ListedPresets:
    """Return the presets there are: built in, of the folder, of the person."""
    return ListedPresets(chain.listed(start))


def _source(source: str | None, start: Path, note: Callable[[str], None]) -> str:
    found = presets.find(source, start)
    if found is None:
        raise FrameworkpickError(
            f"No preset is named, and there is no {presets.FILE_NAME} in {start.absolute()} or "
            "above it.",
            _NONE,
        )
    if found.note:
        note(found.note)
    return found.source


def _fetch(note: Callable[[str], None], progress: Callable[[str], None]) -> presets.Fetch:
    def fetched(url: str, ref: str, path: str, commit: str | None) -> tuple[bytes, str]:
        progress(f"reading {url} at {ref}")
        return history.read_file(url, ref, path, commit, note=note)

    return fetched


def _of_project(folder: Path) -> presets.AnswersFile:
    """Take what was decided for a project, as far as it is no suggestion and not its name."""
    decided, made = project.read_record(folder), project.read_recorded(folder)
    overridden = decided.framework != decided.verdict
    return presets.AnswersFile(
        answers={
            name: value
            for name, (value, origin) in decided.answers.items()
            if origin not in _SUGGESTED
        },
        options={name: value for name, value in made.answers.items() if name not in _LEFT_OUT},
        framework=decided.framework if overridden else None,
        because=decided.because if overridden else None,
        use_case=decided.use_case,
        weights=decided.weights,
    )


def _pin(file: Path, layers: list[Layer]) -> PinnedPreset:
    """Write the commit of the file's base into it."""
    label, commit = layers[-1].label, layers[-2].commit if len(layers) > 1 else None
    return PinnedPreset(label, commit, commit is not None and writer.pin(file, commit))


def _unpinned(layers: list[Layer]) -> list[UnpinnedPreset]:
    found: dict[str, UnpinnedPreset] = {}
    for place, layer in enumerate(layers):
        if layer.pinned or layer.commit is None:
            continue
        nearer = layers[place + 1] if place + 1 < len(layers) else None
        own = nearer.label if nearer and nearer.commit is None else None
        label = layer.label.partition("#")[0]
        found[label] = UnpinnedPreset(label, layer.commit, own)
    return list(found.values())
