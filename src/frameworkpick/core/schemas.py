"""The JSON Schema of an answers file, and the parts that the schema of a preset is made of too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.core import project_names
from frameworkpick.core.decision.answers import UNKNOWN
from frameworkpick.core.decision.weights import MOST_WEIGHT
from frameworkpick.core.forms import DIALECT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frameworkpick.core.decision.knowledge import Criterion, Knowledge
    from frameworkpick.core.forms import Form
    from frameworkpick.core.selection import Question

#: Questions that are no option of a file: the framework has its own key, the name its argument.
_NO_OPTIONS = {"framework", "project_name"}
#: Characters that fit no single line.
_CONTROL = "\\u0000-\\u001f\\u007f"
_ANY = f"[^{_CONTROL}]"
#: What free text may be; which names are taken already is more than a schema can say.
_TEXTS: Mapping[str, Mapping[str, object]] = {
    "package_name": {
        "pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*$",
        "maxLength": project_names.PACKAGE_NAME_MAX,
    },
    "description": {
        "pattern": f"^{_ANY}*[^\\s{_CONTROL}]{_ANY}*$",
        "maxLength": project_names.DESCRIPTION_MAX,
    },
}


def answers_schema(knowledge: Knowledge, questions: Sequence[Question]) -> Form:
    """Return the schema of the file that ``--answers`` reads.

    Args:
        knowledge: The decision questions, use cases and frameworks.
        questions: The template's questionnaire.
    """
    answers = answers_table(knowledge)
    return {
        "$schema": DIALECT,
        "title": "Answers file of frameworkpick",
        "description": "What `--answers FILE` reads and `--save-answers FILE` writes.",
        "type": "object",
        "properties": {
            "$schema": {"type": "string", "description": "Where this schema is, for an editor."},
            "framework": framework_value(knowledge),
            "because": {
                "type": "string",
                "description": "The reason for that framework; it is recorded.",
            },
            "use_case": use_case_value(knowledge),
            "answers": answers,
            "options": options_table(questions),
            "weights": weights_table(knowledge),
            **answers["properties"],
        },
        "additionalProperties": False,
    }


def answers_table(knowledge: Knowledge) -> Form:
    """Return the schema of a table with decision answers by criterion."""
    return {
        "type": "object",
        "title": "Decision answers",
        "description": "What the recommendation is computed from.",
        "properties": {each.id: criterion_value(each) for each in knowledge.criteria},
        "additionalProperties": False,
    }


def criterion_value(criterion: Criterion) -> Form:
    """Return the schema of one decision answer."""
    said = [(option.id, f"{option.label}: {option.hint}") for option in criterion.options]
    unsure = "Not sure, said explicitly"
    return {
        "title": criterion.question,
        "description": _listed(criterion.why, [*said, (UNKNOWN, unsure)]),
        "enum": [*(value for value, _ in said), UNKNOWN, None],
        "enumDescriptions": [*(text for _, text in said), unsure, unsure],
    }


def options_table(questions: Sequence[Question]) -> Form:
    """Return the schema of a table with project options by name."""
    return {
        "type": "object",
        "title": "Project options",
        "description": "What the generated project has.",
        "properties": {
            question.id: option_value(question)
            for question in questions
            if question.id not in _NO_OPTIONS
        },
        "additionalProperties": False,
    }


def option_value(question: Question) -> Form:
    """Return the schema of one project option."""
    match question.kind:
        case "flag":
            form: Form = {"type": "boolean"}
        case "choice":
            form = {
                "enum": [choice.value for choice in question.choices],
                "enumDescriptions": [choice.label for choice in question.choices],
            }
        case "text":
            form = {} if question.typed else {"type": "string", **_TEXTS.get(question.id, {})}
    known = not (question.computed or question.required or question.typed)
    default = {"default": question.default} if known and question.default != "" else {}
    return {"title": question.help, **form, **default}


def weights_table(knowledge: Knowledge) -> Form:
    """Return the schema of a table with weights by criterion."""
    return {
        "type": "object",
        "title": "Weights",
        "description": "How much more, or less, a question counts than the 1 it has.",
        "properties": {
            each.id: {
                "title": each.question,
                "type": "number",
                "minimum": 0,
                "maximum": MOST_WEIGHT,
                "default": 1,
            }
            for each in knowledge.criteria
        },
        "additionalProperties": False,
    }


def framework_value(knowledge: Knowledge) -> Form:
    """Return the schema of a framework's id."""
    return {
        "title": "Framework",
        "description": "Generate this one, whatever the advice.",
        "enum": [each.id for each in knowledge.frameworks],
        "enumDescriptions": [each.name for each in knowledge.frameworks],
    }


def use_case_value(knowledge: Knowledge) -> Form:
    """Return the schema of a use case's id."""
    said = [(each.id, f"{each.label}: {each.hint}") for each in knowledge.use_cases]
    return {
        "title": "Use case",
        "description": _listed("It suggests the answers that nobody gave.", said),
        "enum": [value for value, _ in said],
        "enumDescriptions": [text for _, text in said],
    }


def _listed(text: str, values: Sequence[tuple[str, str]]) -> str:
    """Add a line for each value: not every editor shows the descriptions of an enum."""
    return "\n".join([text, "", *(f"- {value}: {meaning}" for value, meaning in values)])
