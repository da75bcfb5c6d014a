"""Writes names and values as TOML."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def document(data: Mapping[str, object]) -> str:
    """Write a whole file: names and values first, then the tables."""
    lines = pairs((name, item) for name, item in data.items() if not isinstance(item, dict))
    for name, table in data.items():
        if isinstance(table, dict):
            lines += ["", f"[{name}]", *pairs(table.items())]
    return "\n".join(lines).strip() + "\n"


def pairs(items: Iterable[tuple[str, object]]) -> list[str]:
    """Write a line for each name and value; what has no value is left out."""
    return [f"{key(name)} = {value(item)}" for name, item in items if item is not None]


def key(name: str) -> str:
    """Write a name, in quotes where it needs them."""
    return name if _BARE.fullmatch(name) else value(name)


def value(item: object) -> str:
    """Write a value; what TOML does not know is written as text."""
    match item:
        case bool():
            return "true" if item else "false"
        case int() | float():
            return repr(item)
        case dict():
            return f"{{ {', '.join(pairs(item.items()))} }}" if item else "{}"
        case list() | tuple():
            return f"[{', '.join(map(value, item))}]"
        case _:
            # A JSON string is a TOML string, but for DEL, which TOML wants escaped.
            return json.dumps(str(item), ensure_ascii=False).replace("\x7f", "\\u007f")
