"""How presets read: shown file by file or joined, checked, listed; for people."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from frameworkpick.core.preset import shown
from frameworkpick.core.results.presets import values_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frameworkpick.core.preset import Layer
    from frameworkpick.core.results.presets import (
        CheckedPreset,
        KnownPreset,
        PinnedPreset,
        PresetValue,
        ShownPreset,
    )
    from frameworkpick.report.page import Page

_SHORT = 12
_KINDS = {
    "variable": "named by FRAMEWORKPICK_PRESET",
    "folder": "of this folder or one above",
    "user": "your own",
}


def show(page: Page, result: ShownPreset) -> None:
    """Write what each file says, the nearest first; joined, what counts and who says so."""
    if result.resolved is not None:
        page.line(_first(f"{result.resolved.label}: what counts"), tone="strong")
        for layer in reversed(result.layers):
            page.line(f"from {_file(layer)}", indent=2)
        _values(page, list(values_of(result.resolved)), named=len(result.layers) > 1)
        return
    for place, layer in enumerate(reversed(result.layers)):
        if place:
            page.line()
        name = f"extends {_file(layer)}" if place else _file(layer)
        page.line(_first(name), tone="strong")
        if layer.description:
            page.line(layer.description, indent=2)
        _values(page, list(values_of(layer)), named=False)


def checked(page: Page, result: CheckedPreset) -> None:
    """Write that a preset is valid, what was pinned, and what is not."""
    amount = ", and so is what it builds on" if len(result.layers) > 1 else ""
    if (pinned := result.pinned) is not None:
        page.line(_first(_pinned(pinned)))
    page.line(_first(f"{result.layers[-1].label} is valid{amount}."), tone="good")
    for each in result.unpinned:
        said = (
            f"Not pinned: {each.label} may name another commit than {each.commit[:_SHORT]} one day."
        )
        if each.named_by:
            said += f" Pin it with `frameworkpick preset check {quote(each.named_by)} --pin`."
        page.line(said)


def listed(page: Page, known: Sequence[KnownPreset]) -> None:
    """Write the presets there are, one a line."""
    built_in = [each for each in known if each.kind == "built-in"]
    for each in known:
        if each not in built_in:
            used = ", which is used here" if each.used else ""
            page.line(f"{each.name} ({_KINDS[each.kind]}{used})")
            page.line(_purpose(each), indent=2)
    if len(known) > len(built_in):
        page.heading("Built in")
    width = max((len(each.name) for each in built_in), default=0)
    for each in built_in:
        page.line(each.description, indent=width + 2, mark=each.name)


def _purpose(known: KnownPreset) -> str:
    if not known.read:
        return "It was not read; `frameworkpick preset show` reads it."
    return known.description or "It says nothing of what it is for."


def _values(page: Page, rows: Sequence[PresetValue], *, named: bool) -> None:
    if not rows:
        page.line("It sets nothing.", indent=2)
    lines = [f"{'  ' if row.section else ''}{row.name} = {_value(row.value)}" for row in rows]
    width = max(map(len, lines), default=0)
    section = ""
    for row, said in zip(rows, lines, strict=True):
        if row.section != section:
            page.line(f"[{row.section}]", indent=2)
            section = row.section
        after = ", ".join(filter(None, (row.file if named else "", row.because)))
        page.verbatim(f"{said:<{width}}  {after}", indent=2)


def _file(layer: Layer) -> str:
    if layer.commit is None:
        return layer.label
    pinned = "pinned" if layer.pinned else "not pinned"
    return f"{layer.label} (commit {layer.commit[:_SHORT]}, {pinned})"


def _first(text: str) -> str:
    """Begin a line with a capital, unless it begins with the name of a file."""
    return f"The{text[3:]}" if text.startswith("the built-in") else text


def _value(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else shown(value)


def _pinned(pinned: PinnedPreset) -> str:
    if pinned.commit is None:
        return f"{pinned.file} extends no repository: there is nothing to pin."
    done = "now says" if pinned.written else "says already"
    return f"{pinned.file} {done} that its base is the commit {pinned.commit}."
