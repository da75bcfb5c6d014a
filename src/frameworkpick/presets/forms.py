"""Reads and writes TOML, YAML and JSON."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from frameworkpick.core.plain_text import one_line
from frameworkpick.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

#: Endings of files that are not TOML.
OTHERS = (".json", ".yml", ".yaml")
#: Tables in tables.
_DEEPEST = 5
_ANSWERS_HINT = "An answers file is TOML, YAML or JSON."


def load(path: Path, hint: str = _ANSWERS_HINT) -> dict[str, Any]:
    """Read a file of names and values.

    Args:
        path: The file; its ending decides the form.
        hint: What to do when it cannot be read.

    Raises:
        InputError: It cannot be read or has another form.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError([f"{path} cannot be read: {error.strerror}."], hint) from error
    return parse(str(path), content, hint)


def parse(name: str, content: bytes, hint: str) -> dict[str, Any]:
    """Read names and values.

    Args:
        name: The file's name; its ending decides the form.
        content: What the file holds.
        hint: What to do when it cannot be read.

    Raises:
        InputError: It has another form; it is called by its name.
    """
    try:
        text = content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise InputError([f"{name} cannot be read: it is not UTF-8 text."], hint) from error
    try:
        data = _parsed(PurePath(name).suffix.lower(), text)
    except (ValueError, RecursionError) as error:
        raise InputError([f"{name} is not valid: {one_line(str(error))}"], hint) from error
    if not isinstance(data, dict):
        raise InputError([f"{name} must hold names and values."], hint)
    return data


def tangled(data: dict[str, Any]) -> bool:
    """Whether values are nested deeply or stand in two places at once, as only YAML lets them.

    Whoever walks through such values, or prints them, may never come to an end.
    """
    seen: set[int] = set()
    left: list[tuple[int, object]] = [(0, data)]
    while left:
        depth, found = left.pop()
        if not isinstance(found, dict | list):
            continue
        if depth > _DEEPEST or id(found) in seen:
            return True
        seen.add(id(found))
        inner = found.values() if isinstance(found, dict) else found
        left += [(depth + 1, each) for each in inner]
    return False


def dump(path: Path, data: dict[str, Any]) -> str:
    """Write names and values in the form that a file's ending asks for."""
    match path.suffix.lower():
        case ".json":
            return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
        case ".yml" | ".yaml":
            import yaml  # noqa: PLC0415 (only for YAML files)

            return str(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))
        case _:
            return _dump_toml(data)


def toml_value(item: object) -> str:
    """Write a text, a number or a truth value as TOML does."""
    # A JSON string is a TOML string, but for DEL, which TOML wants escaped.
    text = json.dumps(item, ensure_ascii=False)
    return text.replace("\x7f", "\\u007f")


def _parsed(ending: str, text: str) -> object:
    match ending:
        case ".json":
            return json.loads(text)
        case ".yml" | ".yaml":
            import yaml  # noqa: PLC0415 (only for YAML files)

            try:
                return yaml.safe_load(text)
            except yaml.YAMLError as error:
                raise ValueError(str(error)) from error
        case _:
            import tomllib  # noqa: PLC0415 (only for TOML files)

            return tomllib.loads(text)


def _dump_toml(data: dict[str, Any]) -> str:
    lines = [
        f"{key} = {toml_value(item)}" for key, item in data.items() if not isinstance(item, dict)
    ]
    for key, table in data.items():
        if isinstance(table, dict):
            pairs = (f"{name} = {toml_value(item)}" for name, item in table.items())
            lines += ["", f"[{key}]", *pairs]
    return "\n".join(lines).strip() + "\n"
