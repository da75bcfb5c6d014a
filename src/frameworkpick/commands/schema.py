"""``frameworkpick schema``: the JSON Schemas of the files it reads and of the JSON it prints."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick import presets, template
from frameworkpick.commands import team_preset
from frameworkpick.core.results.schemas import result_schema
from frameworkpick.core.schemas import answers_schema

if TYPE_CHECKING:
    from collections.abc import Callable

    from frameworkpick.core.forms import Form


@dataclass(frozen=True, slots=True)
class SchemaRequest:
    """What a person asked for."""

    of: str  #: ``answers`` or ``preset`` for a file, ``result`` for what a verb prints.
    verb: str = "recommend"  #: Of a result: the verb that prints it.
    template_url: str | None = None  #: Address of the template whose frameworks and options count.
    template_version: str | None = None  #: Its version; the newest release when not given.
    preset: str | None = None  #: A preset that may name the template instead.


def run(request: SchemaRequest, *, note: Callable[[str], None] = lambda _: None) -> Form:
    """Return a JSON Schema, made from the questions and the questionnaire there are.

    Raises:
        FrameworkpickError: The template or the preset cannot be read.
    """
    preset = team_preset.chosen(request.preset, Path(), note) if request.preset else None
    choice = template.wanted(request.template_url, request.template_version, preset)
    with template.opened(choice, note) as used:
        knowledge, questions = used.knowledge(note), used.questions(template.NEEDED)
    if request.of == "result":
        return result_schema(request.verb, knowledge)
    if request.of == "preset":
        return presets.schema(knowledge, questions)
    return answers_schema(knowledge, questions)
