"""``frameworkpick schema``: the JSON Schemas of the files it reads and of the JSON it prints."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick import catalog, presets, render
from frameworkpick.core.results.schemas import result_schema
from frameworkpick.core.schemas import answers_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from frameworkpick.core.decision.knowledge import Knowledge
    from frameworkpick.core.forms import Form
    from frameworkpick.core.selection import Question


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
    knowledge, questions = _known(request, note)
    if request.of == "result":
        return result_schema(request.verb, knowledge)
    if request.of == "preset":
        return presets.schema(knowledge, questions)
    return answers_schema(knowledge, questions)


def _known(
    request: SchemaRequest, note: Callable[[str], None]
) -> tuple[Knowledge, Sequence[Question]]:
    if not (request.template_url or request.template_version or request.preset):
        questions = render.load_questions(catalog.templates_root(), catalog.load_options())
        return catalog.load_knowledge(), questions
    from frameworkpick import template  # noqa: PLC0415 (git takes its time)
    from frameworkpick.commands import team_preset  # noqa: PLC0415

    preset = team_preset.chosen(request.preset, Path(), note) if request.preset else None
    choice = template.wanted(request.template_url, request.template_version, preset)
    with template.opened(choice, note) as used:
        return used.knowledge(note), used.questions(template.NEEDED)
