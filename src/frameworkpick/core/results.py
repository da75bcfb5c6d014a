"""The JSON Schemas of what ``--json`` prints, verb by verb.

Every key that stands here is printed for good; more may be added, so none of the objects is closed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from frameworkpick.core.answers import Origin
from frameworkpick.core.drift import Status as DriftStatus
from frameworkpick.core.drift import Unfit
from frameworkpick.core.recommendation import CONFLICT, NEITHER, Strength
from frameworkpick.core.result_forms import (
    COUNT,
    DAY,
    MAYBE_TEXT,
    NUMBER,
    SCHEMA,
    TEXT,
    TRUTH,
    VALUE,
    Form,
    a_list,
    a_table,
    an_object,
    or_null,
    preset,
    reason,
    said,
)
from frameworkpick.core.schemas import DIALECT

if TYPE_CHECKING:
    from collections.abc import Callable

    from frameworkpick.core.knowledge import Knowledge

_STRENGTH: Form = {"enum": list(get_args(Strength))}
_PROBE: Form = {"enum": ["passed", "failed", "absent", "skipped"]}


def result_schema(verb: str, knowledge: Knowledge) -> Form:
    """Return the schema of what a verb prints with ``--json``.

    Args:
        verb: One of ``RESULTS``.
        knowledge: The questions and frameworks.
    """
    return {
        "$schema": DIALECT,
        "title": f"frameworkpick {verb} --json",
        **RESULTS[verb](knowledge),
    }


def _recommendation(knowledge: Knowledge) -> Form:
    verdict = {"enum": [*(each.id for each in knowledge.frameworks), NEITHER, CONFLICT]}
    outcome = {"verdict": verdict, "strength": _STRENGTH}
    change = {"criterion": TEXT, "from": MAYBE_TEXT, "to": TEXT}
    return an_object(
        schema=SCHEMA,
        verdict=said("A framework's id, or that none fits.", verdict),
        strength=_STRENGTH,
        margin=said("Lead of the first over the second, in points.", NUMBER),
        ranking=a_list(an_object(framework=TEXT, points=NUMBER, vetoed=TRUTH), "Best first."),
        instead=a_list(
            an_object(name=TEXT, because=TEXT, url=TEXT, checked=DAY),
            "What to use when the verdict is neither.",
        ),
        reasons=a_list(reason(), "Everything that counted."),
        against=said("The strongest point against the verdict.", or_null(reason())),
        flips=a_list(
            an_object({**change, **outcome}), "Single answers that would change the result."
        ),
        completeness=an_object(answered=COUNT, of=COUNT, worst=NUMBER, best=NUMBER, decided=TRUTH),
        answers=_answers(knowledge),
        advice=a_list(reason()),
        way_back=or_null(reason()),
        tie_break=said("What settled an advice that was too close.", MAYBE_TEXT),
        pairs=a_list(an_object(changes=a_list(an_object(change)), **outcome)),
        sturdiness=or_null(
            an_object(
                same=COUNT,
                draws=COUNT,
                by_verdict=a_table(COUNT),
                too_close=said("Redraws that only the tie-break settles.", COUNT),
                leading=a_table(COUNT),
            )
        ),
        use_case=MAYBE_TEXT,
        weights=a_table(NUMBER),
        suggested=said(
            "What only the use case says, and what its name leaves open.",
            or_null(
                an_object(
                    answers=a_list(TEXT, "Criteria with an answer that nobody confirmed."),
                    misleads=said("Why the name alone misleads.", TEXT),
                    asks=a_list(TEXT, "Criteria still to answer, the most telling first."),
                )
            ),
        ),
    )


def _recommend(knowledge: Knowledge) -> Form:
    then = {"verdict": TEXT, "strength": _STRENGTH, "margin": NUMBER}
    form = _recommendation(knowledge)
    form["properties"]["preset"] = preset()
    form["required"].append("preset")
    changed = an_object(
        record=an_object(then, framework=TEXT, date=DAY, knowledge_version=TEXT),
        knowledge_version=TEXT,
        verdict=TRUTH,
        strength=TRUTH,
        margin=said("How far the lead of the one that led then moved, if known.", or_null(NUMBER)),
        answers=a_list(an_object({"criterion": TEXT, "from": MAYBE_TEXT, "to": MAYBE_TEXT})),
        gone=a_list(TEXT),
        written=MAYBE_TEXT,
    )
    about = "With --from: what is different from the record."
    form["properties"]["changed"] = said(about, changed)
    return form


def _answers(knowledge: Knowledge) -> Form:
    origin = {"enum": [origin.name.lower() for origin in Origin]}
    return {
        "type": "object",
        "description": "Every answer with its origin; a value of null is not sure.",
        "properties": {
            criterion.id: an_object(
                value={"enum": [*(option.id for option in criterion.options), None]}, origin=origin
            )
            for criterion in knowledge.criteria
        },
        "additionalProperties": False,
    }


def _new(knowledge: Knowledge) -> Form:
    return an_object(
        schema=SCHEMA,
        written=said("False for a dry run.", TRUTH),
        target=said("The project's folder.", TEXT),
        framework={"enum": [each.id for each in knowledge.frameworks]},
        followed=said("Whether it is the one that was recommended.", TRUTH),
        because=MAYBE_TEXT,
        options=a_table({"type": ["string", "boolean"]}),
        notes=a_list(TEXT),
        files=a_list(an_object(path=TEXT, size=COUNT)),
        steps=a_list(
            an_object(
                id=TEXT,
                status={"enum": ["done", "not_done", "failed"]},
                detail=TEXT,
                command=TEXT,
                seconds=NUMBER,
            )
        ),
        planned=a_list(TEXT),
        command=said("Writes the same project again.", TEXT),
        recommendation=_recommendation(knowledge),
        preset=preset(),
        verify=or_null(_verify(knowledge)),
        seconds=NUMBER,
    )


def _verify(_: Knowledge) -> Form:
    probe = an_object(
        name=TEXT, place=TEXT, group=TEXT, status=_PROBE, seconds=NUMBER, evidence=TEXT
    )
    return an_object(
        schema=SCHEMA,
        ok=TRUTH,
        project=TEXT,
        framework=TEXT,
        database=TEXT,
        seconds=NUMBER,
        counts=a_table(COUNT),
        probes=a_list(probe),
    )


def _check(_: Knowledge) -> Form:
    return an_object(
        schema=SCHEMA,
        ok=said("Whether no project needs attention.", TRUTH),
        projects=a_list(
            an_object(
                project=TEXT,
                version=TEXT,
                newest=TEXT,
                template=said("Address of the template it was made from.", TEXT),
                follow=said("Address of another one that it should follow.", MAYBE_TEXT),
                behind=TRUTH,
                drifted=TRUTH,
                problem=said("Why it could not be compared.", MAYBE_TEXT),
                kind=said("The kind of that reason.", {"enum": [*map(str, Unfit), None]}),
                stale=said("Why there may be newer versions than that.", MAYBE_TEXT),
                preset=said("Name of the preset it has to keep to.", MAYBE_TEXT),
                departures=a_list(an_object(id=TEXT, problem=TEXT), "What it does not keep to."),
                counts=a_table(COUNT),
                ignored=a_list(TEXT),
                files=a_list(
                    an_object(path=TEXT, status={"enum": [str(each) for each in DriftStatus]})
                ),
            )
        ),
    )


def _update(_: Knowledge) -> Form:
    before = said("Version of the template before.", TEXT)
    return an_object(
        {"schema": SCHEMA, "project": TEXT, "from": before},
        to=said("Version of the template after.", TEXT),
        template=said("Address of the template to follow, if that is another.", MAYBE_TEXT),
        written=TRUTH,
        files=a_list(
            an_object(
                path=TEXT, what={"enum": ["added", "changed", "removed", "conflict"]}, why=TEXT
            )
        ),
        conflicts=a_list(TEXT, "Paths that a person has to settle."),
        kept_deleted=a_list(TEXT),
        kept_edited=a_list(TEXT),
        untracked=a_list(TEXT),
        answers=a_list(an_object({"id": TEXT, "from": VALUE, "to": VALUE})),
        lock=said(
            "Why uv.lock is older than pyproject.toml, and what renews it.",
            or_null(an_object(problem=TEXT, command=TEXT)),
        ),
        dropped=a_list(TEXT),
        steps=a_list(an_object(version=TEXT, kind=TEXT, text=TEXT)),
        interrupted=TRUTH,
        stale=TEXT,
        undo=MAYBE_TEXT,
    )


#: What writes the schema of each verb's result; ``add`` and ``remove`` print that of ``update``.
RESULTS: dict[str, Callable[[Knowledge], Form]] = {
    "recommend": _recommend,
    "new": _new,
    "verify": _verify,
    "check": _check,
    "update": _update,
}
