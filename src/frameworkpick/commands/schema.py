"""``frameworkpick schema``: the JSON Schemas of the files it reads and of the JSON it prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from frameworkpick import catalog, presets, render
from frameworkpick.core.results import result_schema
from frameworkpick.core.schemas import answers_schema


@dataclass(frozen=True, slots=True)
class SchemaRequest:
    """What a person asked for."""

    of: str  #: ``answers`` or ``preset`` for a file, ``result`` for what a verb prints.
    verb: str = "recommend"  #: Of a result: the verb that prints it.


def run(request: SchemaRequest) -> dict[str, Any]:
    """Return a JSON Schema, made from the questions and the questionnaire there are."""
    knowledge = catalog.load_knowledge()
    if request.of == "result":
        return result_schema(request.verb, knowledge)
    questions = render.load_questions(catalog.templates_root())
    if request.of == "preset":
        return presets.schema(knowledge, questions)
    return answers_schema(knowledge, questions)
