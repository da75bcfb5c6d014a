"""Reads and writes files of names and values: TOML, YAML and JSON."""

from __future__ import annotations

import json
import os
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from frameworkpick.core import toml
from frameworkpick.core.plain_text import decoded, one_line
from frameworkpick.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

#: Endings of files that are not TOML.
OTHERS = (".json", ".yml", ".yaml")
#: Bytes of a record or a preset; what `frameworkpick` writes has a tenth of it.
LARGEST = 64 * 1024
#: Tables in tables.
_DEEPEST = 5
#: The same, of what takes long to read at all.
_DEEPEST_YAML = 50
#: Dots in a line of TOML: reading a name of n parts takes n times n.
_DOTS = 500
#: What an answers file is.
ANSWERS_HINT = "An answers file is TOML, YAML or JSON."


def load(path: Path, hint: str = ANSWERS_HINT) -> dict[str, Any]:
    """Read a file of names and values.

    Args:
        path: The file; its ending decides the form.
        hint: What to do when it cannot be read.

    Raises:
        InputError: It cannot be read or has another form.
    """
    return parse(str(path), read(path, hint), hint)


def read(path: Path, hint: str = ANSWERS_HINT) -> bytes:
    """Return what a file holds.

    Raises:
        InputError: It cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError([f"{path} cannot be read: {error.strerror}."], hint) from error


def parse(
    name: str, content: bytes, hint: str, *, as_written: bool = False, ending: str | None = None
) -> dict[str, Any]:
    """Read names and values.

    Args:
        name: The file's name.
        content: What the file holds.
        hint: What to do when it cannot be read.
        ending: Decides the form; that of the name when not given.
        as_written: Keep the text of each number, and in YAML of everything that has no quotes.

    Raises:
        InputError: It has another form; it is called by its name.
    """
    try:
        text = decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    except ValueError as error:
        raise InputError([f"{name} cannot be read: {error}."], hint) from error
    if ending is None:
        ending = PurePath(name).suffix.lower()
    try:
        data = _parsed(ending, text, as_written=as_written)
    except (ValueError, RecursionError) as error:
        raise InputError([f"{name} is not valid: {one_line(str(error))}"], hint) from error
    if not isinstance(data, dict):
        raise InputError([f"{name} must hold names and values."], hint)
    return data


def ending_of(content: bytes) -> str:
    """Tell the form of what has no name, as an ending; TOML is what looks like none."""
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return ".json"
    for ending in (".toml", ".yml"):
        try:
            parse("", content, "", ending=ending)
        except InputError:
            continue
        return ending
    return ".toml"


def parse_written(
    name: str, content: bytes, hint: str, tables: Sequence[str], ending: str | None = None
) -> dict[str, Any]:
    """Read names and values, numbers in some tables as they are written: 3.10 is not 3.1 there.

    Raises:
        InputError: It has another form.
    """
    data = parse(name, content, hint, ending=ending)
    written = parse(name, content, hint, as_written=True, ending=ending)
    for table in tables:
        values, texts = data.get(table), written.get(table)
        if isinstance(values, dict) and isinstance(texts, dict):
            data[table] = {name: _spelled(each, texts.get(name)) for name, each in values.items()}
    return data


def _spelled(value: object, text: object) -> object:
    if isinstance(value, dict) and isinstance(text, dict) and "value" in value:  # a lock
        return value | {"value": _spelled(value["value"], text.get("value"))}
    if isinstance(value, str | bool | list | dict) or value is None:
        return value
    return text if isinstance(text, str) else str(value)


def deep(data: dict[str, Any]) -> bool:
    """Whether values are nested deeply: whoever walks through them may run out of stack."""
    left: list[tuple[int, object]] = [(0, data)]
    while left:
        depth, found = left.pop()
        if not isinstance(found, dict | list):
            continue
        if depth > _DEEPEST:
            return True
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
            return toml.document(data)


def write_whole(file: Path, content: bytes) -> None:
    """Write a file whole or not at all; one that is there keeps its mode."""
    scratch = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        scratch.write_bytes(content)
        if file.exists():
            scratch.chmod(file.stat().st_mode & 0o7777)
        scratch.replace(file)
    finally:
        scratch.unlink(missing_ok=True)


def _parsed(ending: str, text: str, *, as_written: bool) -> object:
    match ending:
        case ".json":
            kept = str if as_written else None
            return json.loads(text, parse_float=kept, parse_int=kept)
        case ".yml" | ".yaml":
            return _parsed_yaml(text, as_written=as_written)
        case _:
            import tomllib  # noqa: PLC0415 (only for TOML files)

            for number, line in enumerate(text.split("\n"), 1):
                if line.count(".") > _DOTS:
                    raise ValueError(f"line {number} has more than {_DOTS} dots")
            return tomllib.loads(text, parse_float=str if as_written else float)


def _parsed_yaml(text: str, *, as_written: bool) -> object:
    import yaml  # noqa: PLC0415 (only for YAML files)

    try:
        if fault := _fault_of_yaml(text):
            raise ValueError(fault)
        loader = yaml.BaseLoader if as_written else yaml.SafeLoader
        return yaml.load(text, loader)  # noqa: S506 (both make plain values only) # nosec B506
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def _fault_of_yaml(text: str) -> str:
    """Say what would take long to read: a few aliases can stand for more than there is memory."""
    import yaml  # noqa: PLC0415 (only for YAML files)

    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            return f"it uses the alias *{event.anchor}, which is not read here"
        if depth > _DEEPEST_YAML:
            return "it is nested too deeply"
    return ""
