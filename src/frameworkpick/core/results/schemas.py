"""The JSON Schemas of what ``--json`` prints, verb by verb.

Every key that stands here is printed for good; more may be added, so none of the objects is closed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from frameworkpick import errors
from frameworkpick.core import decision, drift, plan, preset, revisit, selection
from frameworkpick.core.decision import answers, recommendation
from frameworkpick.core.decision import knowledge as known
from frameworkpick.core.decision.sturdiness import Sturdiness
from frameworkpick.core.decision.suggested import Suggested
from frameworkpick.core.forms import DIALECT, schema
from frameworkpick.core.results import checked, made, merged, proof, recommended

if TYPE_CHECKING:
    from frameworkpick.core.decision.knowledge import Knowledge
    from frameworkpick.core.forms import Form

#: What each verb ends with; ``add`` and ``remove`` end with what ``update`` does.
RESULTS: dict[str, type] = {
    "recommend": recommended.RecommendResult,
    "new": made.NewResult,
    "verify": proof.VerifyResult,
    "check": checked.CheckResult,
    "update": merged.MergeResult,
}
#: What the annotations of results name, and their own modules import for the type check alone.
_NAMES: dict[str, object] = {
    **{
        name: value
        for module in (
            known, answers, recommendation, preset, revisit, selection, plan, drift, decision,
            proof, errors,
        )
        for name, value in vars(module).items()
        if name[0] != "_" and isinstance(value, type)
    },
    "Answers": answers.Answers,
    "Mapping": Mapping,
    "Sequence": Sequence,
    "Sturdiness": Sturdiness,
    "Suggested": Suggested,
    "date": date,
}  # fmt: skip


def result_schema(verb: str, knowledge: Knowledge) -> Form:
    """Return the schema of what a verb prints with ``--json``.

    Args:
        verb: One of ``RESULTS``.
        knowledge: The questions and frameworks.
    """
    ids = [framework.id for framework in knowledge.frameworks]
    forms: dict[str, Form] = {
        "framework": {"enum": ids},
        "verdict": {"enum": [*ids, recommendation.NEITHER, recommendation.CONFLICT]},
        "answers": _answers(knowledge),
    }
    return {
        "$schema": DIALECT,
        "title": f"frameworkpick {verb} --json",
        **schema(RESULTS[verb], _NAMES, forms),
    }


def _answers(knowledge: Knowledge) -> Form:
    about = schema(answers.Answer, _NAMES, {})
    origin = about["properties"]["origin"]
    return {
        "type": "object",
        "description": "Every answer with its origin; a value of null is not sure.",
        "properties": {
            criterion.id: {
                **about,
                "properties": {
                    "value": {"enum": [*(option.id for option in criterion.options), None]},
                    "origin": origin,
                },
            }
            for criterion in knowledge.criteria
        },
        "additionalProperties": False,
    }
