"""The JSON Schemas of what ``--json`` prints, verb by verb.

Every key that stands here is printed for good; more may be added, so none of the objects is closed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from frameworkpick.core.answers import Origin
from frameworkpick.core.drift import Status as DriftStatus
from frameworkpick.core.recommendation import CONFLICT, NEITHER, Strength
from frameworkpick.core.schemas import DIALECT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from frameworkpick.core.knowledge import Knowledge

_Form = dict[str, Any]

_TEXT: _Form = {"type": "string"}
_MAYBE_TEXT: _Form = {"type": ["string", "null"]}
_NUMBER: _Form = {"type": "number"}
_COUNT: _Form = {"type": "integer", "minimum": 0}
_TRUTH: _Form = {"type": "boolean"}
_DAY: _Form = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_VALUE: _Form = {"type": ["string", "boolean", "number", "array", "object", "null"]}
_STRENGTH: _Form = {"enum": list(get_args(Strength))}
_PROBE: _Form = {"enum": ["passed", "failed", "absent", "skipped"]}
_SCHEMA: _Form = {"const": 1, "description": "Raised when a key goes or changes its meaning."}


def result_schema(verb: str, knowledge: Knowledge) -> _Form:
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


def _object(some: Mapping[str, _Form] | None = None, **others: _Form) -> _Form:
    """Describe an object that has at least these keys."""
    properties = {**(some or {}), **others}
    return {"type": "object", "required": list(properties), "properties": properties}


def _list(items: _Form, about: str = "") -> _Form:
    form: _Form = {"type": "array", "items": items}
    return {"description": about, **form} if about else form


def _table(values: _Form) -> _Form:
    return {"type": "object", "additionalProperties": values}


def _or_null(form: _Form) -> _Form:
    return {"anyOf": [form, {"type": "null"}]}


def _said(text: str, form: _Form) -> _Form:
    return {"description": text, **form}


def _recommendation(knowledge: Knowledge) -> _Form:
    verdict = {"enum": [*(each.id for each in knowledge.frameworks), NEITHER, CONFLICT]}
    outcome = {"verdict": verdict, "strength": _STRENGTH}
    change = {"criterion": _TEXT, "from": _MAYBE_TEXT, "to": _TEXT}
    return _object(
        schema=_SCHEMA,
        verdict=_said("A framework's id, or that none fits.", verdict),
        strength=_STRENGTH,
        margin=_said("Lead of the first over the second, in points.", _NUMBER),
        ranking=_list(_object(framework=_TEXT, points=_NUMBER, vetoed=_TRUTH), "Best first."),
        instead=_list(
            _object(name=_TEXT, because=_TEXT, url=_TEXT, checked=_DAY),
            "What to use when the verdict is neither.",
        ),
        reasons=_list(_reason(), "Everything that counted."),
        against=_said("The strongest point against the verdict.", _or_null(_reason())),
        flips=_list(_object({**change, **outcome}), "Single answers that would change the result."),
        completeness=_object(
            answered=_COUNT, of=_COUNT, worst=_NUMBER, best=_NUMBER, decided=_TRUTH
        ),
        answers=_answers(knowledge),
        advice=_list(_reason()),
        way_back=_or_null(_reason()),
        tie_break=_said("What settled an advice that was too close.", _MAYBE_TEXT),
        pairs=_list(_object(changes=_list(_object(change)), **outcome)),
        sturdiness=_or_null(_object(same=_COUNT, draws=_COUNT, by_verdict=_table(_COUNT))),
        use_case=_MAYBE_TEXT,
        weights=_table(_NUMBER),
    )


def _recommend(knowledge: Knowledge) -> _Form:
    then = {"verdict": _TEXT, "strength": _STRENGTH, "margin": _NUMBER}
    form = _recommendation(knowledge)
    form["properties"]["preset"] = _preset()
    form["required"].append("preset")
    changed = _object(
        record=_object(then, framework=_TEXT, date=_DAY, knowledge_version=_TEXT),
        knowledge_version=_TEXT,
        verdict=_TRUTH,
        strength=_TRUTH,
        margin=_NUMBER,
        answers=_list(_object({"criterion": _TEXT, "from": _MAYBE_TEXT, "to": _MAYBE_TEXT})),
        gone=_list(_TEXT),
        written=_MAYBE_TEXT,
    )
    about = "With --from: what is different from the record."
    form["properties"]["changed"] = _said(about, changed)
    return form


def _preset() -> _Form:
    lock = _object(value=_VALUE, because=_MAYBE_TEXT, by=_TEXT)
    policy = _object(
        frameworks={"type": ["array", "null"], "items": _TEXT},
        required=_list(_TEXT),
        because=_MAYBE_TEXT,
        by=_TEXT,
    )
    form = _object(
        name=_TEXT,
        commit=_MAYBE_TEXT,
        files=_list(_object(name=_TEXT, commit=_MAYBE_TEXT), "The farthest first."),
        locked=_table(lock),
        policies=_list(policy),
    )
    return _said("The preset that was obeyed.", _or_null(form))


def _reason() -> _Form:
    return _object(
        framework=_TEXT,
        criterion=_MAYBE_TEXT,
        option=_MAYBE_TEXT,
        points=_NUMBER,
        because=_TEXT,
        source=_TEXT,
        title=_TEXT,
        checked=_DAY,
        veto=_TRUTH,
    )


def _answers(knowledge: Knowledge) -> _Form:
    origin = {"enum": [origin.name.lower() for origin in Origin]}
    return {
        "type": "object",
        "description": "Every answer with its origin; a value of null is not sure.",
        "properties": {
            criterion.id: _object(
                value={"enum": [*(option.id for option in criterion.options), None]}, origin=origin
            )
            for criterion in knowledge.criteria
        },
        "additionalProperties": False,
    }


def _new(knowledge: Knowledge) -> _Form:
    return _object(
        schema=_SCHEMA,
        written=_said("False for a dry run.", _TRUTH),
        target=_said("The project's folder.", _TEXT),
        framework={"enum": [each.id for each in knowledge.frameworks]},
        followed=_said("Whether it is the one that was recommended.", _TRUTH),
        because=_MAYBE_TEXT,
        options=_table({"type": ["string", "boolean"]}),
        notes=_list(_TEXT),
        files=_list(_object(path=_TEXT, size=_COUNT)),
        steps=_list(
            _object(
                id=_TEXT,
                status={"enum": ["done", "not_done", "failed"]},
                detail=_TEXT,
                command=_TEXT,
                seconds=_NUMBER,
            )
        ),
        planned=_list(_TEXT),
        command=_said("Writes the same project again.", _TEXT),
        recommendation=_recommendation(knowledge),
        preset=_preset(),
        verify=_or_null(_verify(knowledge)),
        seconds=_NUMBER,
    )


def _verify(_: Knowledge) -> _Form:
    probe = _object(
        name=_TEXT, place=_TEXT, group=_TEXT, status=_PROBE, seconds=_NUMBER, evidence=_TEXT
    )
    return _object(
        schema=_SCHEMA,
        ok=_TRUTH,
        project=_TEXT,
        framework=_TEXT,
        database=_TEXT,
        seconds=_NUMBER,
        counts=_table(_COUNT),
        probes=_list(probe),
    )


def _check(_: Knowledge) -> _Form:
    return _object(
        schema=_SCHEMA,
        ok=_said("Whether no project needs attention.", _TRUTH),
        projects=_list(
            _object(
                project=_TEXT,
                version=_TEXT,
                newest=_TEXT,
                template=_said("Address of the template it was made from.", _TEXT),
                follow=_said("Address of another one that it should follow.", _MAYBE_TEXT),
                behind=_TRUTH,
                drifted=_TRUTH,
                problem=_said("Why it could not be compared.", _MAYBE_TEXT),
                preset=_said("Name of the preset it has to keep to.", _MAYBE_TEXT),
                departures=_list(
                    _object(id=_TEXT, problem=_TEXT), "What it does not keep to of that."
                ),
                counts=_table(_COUNT),
                ignored=_list(_TEXT),
                files=_list(
                    _object(path=_TEXT, status={"enum": [str(each) for each in DriftStatus]})
                ),
            )
        ),
    )


def _update(_: Knowledge) -> _Form:
    before = _said("Version of the template before.", _TEXT)
    return _object(
        {"schema": _SCHEMA, "project": _TEXT, "from": before},
        to=_said("Version of the template after.", _TEXT),
        template=_said("Address of the template to follow, if that is another.", _MAYBE_TEXT),
        written=_TRUTH,
        files=_list(
            _object(
                path=_TEXT, what={"enum": ["added", "changed", "removed", "conflict"]}, why=_TEXT
            )
        ),
        conflicts=_list(_TEXT, "Paths that a person has to settle."),
        kept_deleted=_list(_TEXT),
        kept_edited=_list(_TEXT),
        untracked=_list(_TEXT),
        answers=_list(_object({"id": _TEXT, "from": _VALUE, "to": _VALUE})),
        dropped=_list(_TEXT),
        steps=_list(_object(version=_TEXT, kind=_TEXT, text=_TEXT)),
        interrupted=_TRUTH,
        stale=_TEXT,
        undo=_MAYBE_TEXT,
    )


#: What writes the schema of each verb's result; ``add`` and ``remove`` print that of ``update``.
RESULTS: dict[str, Callable[[Knowledge], _Form]] = {
    "recommend": _recommend,
    "new": _new,
    "verify": _verify,
    "check": _check,
    "update": _update,
}
