"""Finds, reads and writes presets and answers files."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .source import (
    FILE_NAME,
    VARIABLE,
    ChosenPreset,
    built_in_names,
    find,
    found_files,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frameworkpick.core.decision.knowledge import Knowledge
    from frameworkpick.core.selection import Question

    from .answers import AnswersFile, read_answers_file, write_answers_file
    from .chain import Fetch, load, load_layers

__all__ = [
    "FILE_NAME",
    "VARIABLE",
    "AnswersFile",
    "ChosenPreset",
    "Fetch",
    "built_in_names",
    "find",
    "found_files",
    "load",
    "load_layers",
    "read_answers_file",
    "schema",
    "write_answers_file",
]


def schema(knowledge: Knowledge, questions: Sequence[Question]) -> dict[str, Any]:
    """Return the JSON Schema of a preset file.

    Args:
        knowledge: The decision questions, use cases and frameworks.
        questions: The template's questionnaire.
    """
    from .json_schema import preset_schema  # noqa: PLC0415 (only for this one verb)

    return preset_schema(knowledge, questions)


def __getattr__(name: str) -> Any:
    """Import the rest when it is used: most runs have neither a preset nor a file."""
    for part in ("answers", "chain"):
        module = import_module(f"{__name__}.{part}")
        if name in __all__ and hasattr(module, name):
            return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
