"""How presets read: shown file by file or joined, checked, listed; for people and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING, Any

from frameworkpick.core.plain_text import shown_address
from frameworkpick.core.preset import Sourced, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from frameworkpick.core.preset import Layer, Policy, Preset, TemplateChoice
    from frameworkpick.report.page import Page

_SHORT = 12
_KINDS = {
    "variable": "named by FRAMEWORKPICK_PRESET",
    "folder": "of this folder or one above",
    "user": "your own",
}
#: Stands for the results of the verbs; typed by their attributes.
_Result = Any


@dataclass(frozen=True, slots=True)
class _Row:
    """One value of a preset."""

    section: str  #: The table it stands in; empty at the top of the file.
    name: str  #: Its key.
    value: object  #: What it says.
    file: str  #: Label of the file.
    because: str | None = None  #: The reason the file gives.


def show(page: Page, result: _Result) -> None:
    """Write what each file says, the nearest first; joined, what counts and who says so."""
    if result.resolved is not None:
        page.line(_first(f"{result.resolved.label}: what counts"), tone="strong")
        for layer in reversed(result.layers):
            page.line(f"from {_file(layer)}", indent=2)
        _values(page, list(_rows(result.resolved)), named=len(result.layers) > 1)
        return
    for place, layer in enumerate(reversed(result.layers)):
        if place:
            page.line()
        name = f"extends {_file(layer)}" if place else _file(layer)
        page.line(_first(name), tone="strong")
        if layer.description:
            page.line(layer.description, indent=2)
        _values(page, list(_rows(layer)), named=False)


def show_json(result: _Result) -> dict[str, object]:
    """Return a preset as JSON-ready data with a fixed order of keys."""
    shown_here = [result.resolved] if result.resolved else reversed(result.layers)
    return {
        "schema": 1,
        "preset": result.layers[-1].label,
        "resolved": result.resolved is not None,
        "files": [
            {
                "file": layer.label,
                "description": layer.description,
                "commit": layer.commit,
                "pinned": layer.pinned,
            }
            for layer in reversed(result.layers)
        ],
        "values": [
            {
                "section": row.section or None,
                "name": row.name,
                "value": list(row.value) if isinstance(row.value, tuple) else row.value,
                "file": row.file,
                "because": row.because,
            }
            for each in shown_here
            for row in _rows(each)
        ],
    }


def checked(page: Page, result: _Result) -> None:
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


def listed(page: Page, known: Sequence[_Result]) -> None:
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


def _purpose(known: _Result) -> str:
    if not known.read:
        return "It was not read; `frameworkpick preset show` reads it."
    return known.description or "It says nothing of what it is for."


def listed_json(known: Sequence[_Result]) -> dict[str, object]:
    """Return the presets there are as JSON-ready data."""
    return {
        "schema": 1,
        "presets": [
            {
                "name": each.name,
                "kind": each.kind,
                "description": each.description or None,
                "used": each.used,
                "read": each.read,
            }
            for each in known
        ],
    }


def _values(page: Page, rows: Sequence[_Row], *, named: bool) -> None:
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


def _rows(found: Layer | Preset) -> Iterator[_Row]:
    """Yield every value of one file, or of all files joined."""

    def row(section: str, name: str, value: object, because: str | None = None) -> _Row:
        said = value if isinstance(value, Sourced) else Sourced(value, found.label)
        return _Row(section, name, said.value, said.layer, because)

    if found.use_case:
        yield row("", "use_case", found.use_case)
    if found.framework:
        yield row("", "framework", found.framework, found.because)
    for section, values in (("answers", found.answers), ("options", found.options)):
        for name, value in values.items():
            yield row(section, name, value)
    for name, lock in found.locked.items():
        yield _Row("locked", name, lock.value, lock.layer, lock.because)
    for name, value in found.weights.items():
        yield row("weights", name, value)
    yield from _of_policies(found.policies)
    yield from _of_template(found.template)
    for layer in reversed(getattr(found, "layers", (found,))):
        if layer.ignore:
            yield _Row("check", "ignore", layer.ignore, layer.label)


def _of_policies(policies: Sequence[Policy]) -> Iterator[_Row]:
    for policy in policies:
        if policy.frameworks is not None:
            yield _Row("policy", "frameworks", policy.frameworks, policy.layer, policy.because)
        if policy.required:
            yield _Row("policy", "required", policy.required, policy.layer, policy.because)


def _of_template(template: TemplateChoice | None) -> Iterator[_Row]:
    if template:
        yield _Row("template", "url", shown_address(template.url), template.layer)
        if template.version:
            yield _Row("template", "version", template.version, template.layer)


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


def _pinned(pinned: Any) -> str:
    if pinned.commit is None:
        return f"{pinned.file} extends no repository: there is nothing to pin."
    done = "now says" if pinned.written else "says already"
    return f"{pinned.file} {done} that its base is the commit {pinned.commit}."
