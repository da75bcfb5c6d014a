"""A result's JSON and the schema of that JSON, both read off its dataclass.

A class prints its fields in their order, unless its ``JSON`` names what it prints. Each word of
that is a key, the name of a field or a property; ``key=path`` reads another one
(``url=source.url``), ``key?`` prints null for what is empty, ``key!`` leaves out what is None, and
``*path`` prints the keys of what is there among its own. ``schema`` is the version of the form.

A description stands in the type, ``Annotated[str, "The project's folder."]``. So does a form that
the type alone does not say, as a dict; ``{"$ref": name}`` takes one that the caller gives.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from enum import Enum, IntEnum
from functools import reduce
from typing import TYPE_CHECKING, Annotated, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A JSON Schema.
Form = dict[str, Any]

#: Version of the JSON form; raised when a key goes or changes its meaning, not when one is added.
SCHEMA = 1
#: The dialect of every schema that is written here.
DIALECT = "https://json-schema.org/draft/2020-12/schema"

#: A day as it is written in JSON.
DAY: Form = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}

_PLAIN: dict[object, Form] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": 0},
    float: {"type": "number"},
    date: DAY,
    object: {"type": ["string", "boolean", "number", "array", "object", "null"]},
}


def plain(value: object) -> Any:
    """Return a value as plain ones in a fixed order, ready for ``json.dumps``."""
    if isinstance(value, Enum):
        return value.name.lower() if isinstance(value, IntEnum) else value.value
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, Sequence) and not hasattr(value, "_fields"):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else _object(value)


def _object(value: object) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, path, mark in _words(type(value)):
        if key == "schema":
            found[key] = SCHEMA
            continue
        part = reduce(getattr, path, value)
        if mark == "*":
            found |= plain(part)
        elif mark != "!" or part is not None:
            found[key] = (plain(part) or None) if mark == "?" else plain(part)
    return found


def _words(of: Any) -> Iterator[tuple[str, list[str], str]]:
    """Yield what a class prints: the key, the path to the value, and the mark."""
    named = getattr(of, "JSON", None) or getattr(of, "_fields", None)
    for word in named or [each.name for each in fields(of)]:
        mark = word[-1] if word[-1] in "?!" else word[0] if word[0] == "*" else ""
        key, _, path = word.strip("?!*").partition("=")
        yield key.rstrip("_"), (path or key).split("."), mark


def schema(of: Any, known: Mapping[str, object], forms: Mapping[str, Form]) -> Form:
    """Describe what a class prints: an object that has at least these keys.

    Args:
        of: The class.
        known: What names in annotations stand for, where the module of a class does not know them.
        forms: What ``$ref`` stands for, by name.
    """
    properties: dict[str, Form] = {}
    left_out: set[str] = set()
    for key, path, mark in _words(of):
        if key == "schema":
            text = "Raised when a key goes or changes its meaning."
            properties[key] = {"const": SCHEMA, "description": text}
            continue
        hint = reduce(lambda owner, name: _hint(owner, name, known), path, of)
        form = _form(hint, known, forms)
        if mark == "*":
            properties |= form["properties"]
            continue
        properties[key] = _or_null(form) if mark == "?" else form
        if mark == "!":
            left_out.add(key)
            about = {name: form[name] for name in ("description",) if name in form}
            properties[key] = {**about, **form["anyOf"][0]}
    required = [key for key in properties if key not in left_out]
    return {"type": "object", "required": required, "properties": properties}


def _hint(owner: Any, name: str, known: Mapping[str, object]) -> Any:
    """Return the type of a field or a property, looked through what only describes it."""
    from typing import get_args, get_origin, get_type_hints  # noqa: PLC0415 (only for a schema)

    if get_origin(owner) is Annotated:
        owner = get_args(owner)[0]
    owner = _without_none(owner)
    found = getattr(owner, name, None)
    names = {**known, **vars(sys.modules[owner.__module__])}
    if isinstance(found, property):
        return get_type_hints(found.fget, localns=names, include_extras=True)["return"]
    return get_type_hints(owner, localns=names, include_extras=True)[name]


def _form(hint: Any, known: Mapping[str, object], forms: Mapping[str, Form]) -> Form:
    """Return what a type says of its values."""
    from types import UnionType  # noqa: PLC0415 (only for a schema)
    from typing import Union, get_args, get_origin  # noqa: PLC0415

    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _described(hint, known, forms)
    if origin in {Union, UnionType}:
        some = [_form(each, known, forms) for each in inner if each is not type(None)]
        form = some[0] if len(some) == 1 else {"type": [each["type"] for each in some]}
        return _or_null(form) if type(None) in inner else form
    if origin is Literal:
        form = {"enum": list(inner)}
    elif isinstance(hint, type) and issubclass(hint, Enum):
        form = {"enum": [plain(each) for each in hint]}
    elif origin is not None and issubclass(origin, Mapping):
        form = {"type": "object", "additionalProperties": _form(inner[1], known, forms)}
    elif origin is not None:
        form = {"type": "array", "items": _form(inner[0], known, forms)}
    else:
        form = _PLAIN[hint] if hint in _PLAIN else schema(hint, known, forms)
    return form


def _described(hint: Any, known: Mapping[str, object], forms: Mapping[str, Form]) -> Form:
    form: Form = {}
    text: dict[str, str] = {}
    for about in hint.__metadata__:
        if isinstance(about, str):
            text = {"description": about}
        else:
            form = forms[about["$ref"]] if "$ref" in about else about
    return {**text, **(form or _form(hint.__origin__, known, forms))}


def _or_null(form: Form) -> Form:
    """Describe what may be null."""
    about = {name: form[name] for name in ("description",) if name in form}
    bare = {name: value for name, value in form.items() if name not in about}
    if bare.get("type") in {"string", "array"}:
        return {**about, **bare, "type": [bare["type"], "null"]}
    if bare.keys() == {"enum"}:
        return {**about, "enum": [*bare["enum"], None]}
    return {**about, "anyOf": [bare, {"type": "null"}]}


def _without_none(hint: Any) -> Any:
    from typing import get_args  # noqa: PLC0415 (only for a schema)

    if type(None) not in get_args(hint):
        return hint
    (other,) = (each for each in get_args(hint) if each is not type(None))
    return other
