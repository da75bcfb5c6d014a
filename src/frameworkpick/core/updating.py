"""What a project's record keeps of its updates."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from frameworkpick.core.project_file import appended

if TYPE_CHECKING:
    from collections.abc import Mapping


def with_update(
    text: str,
    *,
    date: str,
    old: str,
    new: str,
    answers: Mapping[str, object],
    tool_version: str,
    template: str | None = None,
) -> str:
    """Append an update to a project's ``.frameworkpick.toml``; nothing in it is changed.

    Args:
        text: The record; its line ends are kept.
        date: The day, ``YYYY-MM-DD``.
        old: Version of the template before.
        new: Version of the template after.
        answers: The options that have another value than before, or are new.
        tool_version: Version of frameworkpick.
        template: Address of the template that the project follows from now on, if it is another.
    """
    lines = [
        "[[updates]]",
        f"date = {_quoted(date)}",
        f"from = {_quoted(old)}",
        f"to = {_quoted(new)}",
        f"tool_version = {_quoted(tool_version)}",
    ]
    if template:
        lines.append(f"template = {_quoted(template)}")
    if answers:
        pairs = ", ".join(f"{_quoted(name)} = {_value(value)}" for name, value in answers.items())
        lines.append(f"answers = {{ {pairs} }}")
    return appended(text, lines)


def _quoted(text: object) -> str:
    # A JSON string is a TOML string, but for DEL, which TOML wants escaped.
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case list() | tuple():
            return "[" + ", ".join(map(_value, value)) + "]"
        case _:
            return _quoted(value)
