"""What the schemas of results are written in, and the parts that several have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

#: A JSON Schema.
Form = dict[str, Any]

TEXT: Form = {"type": "string"}
MAYBE_TEXT: Form = {"type": ["string", "null"]}
NUMBER: Form = {"type": "number"}
COUNT: Form = {"type": "integer", "minimum": 0}
TRUTH: Form = {"type": "boolean"}
DAY: Form = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
VALUE: Form = {"type": ["string", "boolean", "number", "array", "object", "null"]}
SCHEMA: Form = {"const": 1, "description": "Raised when a key goes or changes its meaning."}


def an_object(some: Mapping[str, Form] | None = None, **others: Form) -> Form:
    """Describe an object that has at least these keys; more may be added."""
    properties = {**(some or {}), **others}
    return {"type": "object", "required": list(properties), "properties": properties}


def a_list(items: Form, about: str = "") -> Form:
    """Describe a list of items."""
    form: Form = {"type": "array", "items": items}
    return {"description": about, **form} if about else form


def a_table(values: Form) -> Form:
    """Describe an object with any names and such values."""
    return {"type": "object", "additionalProperties": values}


def or_null(form: Form) -> Form:
    """Describe what may be missing."""
    return {"anyOf": [form, {"type": "null"}]}


def said(text: str, form: Form) -> Form:
    """Add what it means."""
    return {"description": text, **form}


def preset() -> Form:
    """Describe the preset that was obeyed, if there was one."""
    lock = an_object(value=VALUE, because=MAYBE_TEXT, by=TEXT)
    policy = an_object(
        frameworks={"type": ["array", "null"], "items": TEXT},
        required=a_list(TEXT),
        because=MAYBE_TEXT,
        by=TEXT,
    )
    form = an_object(
        name=TEXT,
        commit=MAYBE_TEXT,
        files=a_list(an_object(name=TEXT, commit=MAYBE_TEXT), "The farthest first."),
        locked=a_table(lock),
        policies=a_list(policy),
    )
    return said("The preset that was obeyed.", or_null(form))


def reason() -> Form:
    """Describe what speaks for or against a framework."""
    return an_object(
        framework=TEXT,
        criterion=MAYBE_TEXT,
        option=MAYBE_TEXT,
        points=NUMBER,
        because=TEXT,
        source=TEXT,
        title=TEXT,
        checked=DAY,
        veto=TRUTH,
    )
