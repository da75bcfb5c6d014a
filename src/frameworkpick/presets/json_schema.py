"""The JSON Schema of a preset file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.core import schemas
from frameworkpick.core.forms import DIALECT
from frameworkpick.core.preset_faults import OF_ONE_PROJECT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frameworkpick.core.decision.knowledge import Knowledge
    from frameworkpick.core.forms import Form
    from frameworkpick.core.selection import Question

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT, "uniqueItems": True}
_BECAUSE = {**_TEXT, "description": "The reason, which is shown to whoever meets the rule."}


def preset_schema(knowledge: Knowledge, questions: Sequence[Question]) -> Form:
    """Return the schema of a preset file.

    Args:
        knowledge: The decision questions, use cases and frameworks.
        questions: The template's questionnaire.
    """
    own = [each for each in questions if each.id not in OF_ONE_PROJECT]
    options = schemas.options_table(own)
    answers = schemas.answers_table(knowledge)
    framework = schemas.framework_value(knowledge)
    lockable = {**answers["properties"], **options["properties"], "framework": framework}
    switches = [each.id for each in own if each.kind != "text" and each.id in options["properties"]]
    return {
        "$schema": DIALECT,
        "title": "Preset of frameworkpick",
        "description": "What a team decides for its projects; `--preset` names it.",
        **_table(
            {
                "$schema": {**_TEXT, "description": "Where this schema is, for an editor."},
                "description": {**_TEXT, "description": "What the preset is for."},
                "extends": {
                    **_TEXT,
                    "minLength": 1,
                    "description": "The preset this one builds on: a path from this file, a "
                    "built-in name, or git+https://HOST/REPOSITORY.git@TAG#FILE.",
                },
                "extends_commit": {
                    **_TEXT,
                    "pattern": "^[0-9a-f]{40}$",
                    "description": "The commit that the tag has to name; "
                    "`frameworkpick preset check FILE --pin` writes it.",
                },
                "use_case": schemas.use_case_value(knowledge),
                "framework": framework,
                "because": {**_TEXT, "description": "The reason for that framework."},
                "answers": answers,
                "options": options,
                "locked": _locks(lockable),
                "weights": schemas.weights_table(knowledge),
                "policy": _policy(framework["enum"], switches),
                "template": _template(),
                "check": _check(),
            }
        ),
        "dependentRequired": {"extends_commit": ["extends"]},
    }


def _table(properties: Mapping[str, object], **more: object) -> Form:
    return {
        "type": "object",
        **more,
        "properties": dict(properties),
        "additionalProperties": False,
    }


def _locks(values: Mapping[str, Form]) -> Form:
    """Return the schema of the locked values, each alone or with a reason."""
    either = {
        name: {
            "title": form["title"],
            "anyOf": [form, _table({"value": form, "because": _BECAUSE}, required=["value"])],
        }
        for name, form in values.items()
    }
    return _table(either, title="Locked values", description="Nobody may give another value.")


def _policy(frameworks: Sequence[str], switches: Sequence[str]) -> Form:
    return _table(
        {
            "frameworks": {
                "type": "array",
                "items": {"enum": list(frameworks)},
                "minItems": 1,
                "uniqueItems": True,
                "description": "The only frameworks allowed.",
            },
            "required": {
                "type": "array",
                "items": {"enum": list(switches)},
                "uniqueItems": True,
                "description": 'Options that have to be on, or anything but "none".',
            },
            "because": _BECAUSE,
        },
        title="Policy",
        description="What every project keeps to.",
    )


def _template() -> Form:
    return _table(
        {
            "url": {**_TEXT, "minLength": 1, "description": "The repository of the templates."},
            "version": {**_TEXT, "description": "The version; the newest if it is left out."},
        },
        title="Templates",
        description="Counts when a flag or FRAMEWORKPICK_PRESET names the preset.",
        required=["url"],
    )


def _check() -> Form:
    ignored = {**_TEXTS, "description": "Files that `frameworkpick check` leaves out."}
    return _table({"ignore": ignored}, title="Check")
