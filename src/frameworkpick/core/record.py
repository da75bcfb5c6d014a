"""What is kept of a recommendation: JSON, the project's record, and the decision record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frameworkpick.core.adr import decision_record
from frameworkpick.core.answers import UNKNOWN
from frameworkpick.core.preset_facts import facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from frameworkpick.core.answers import Answers
    from frameworkpick.core.preset import Preset
    from frameworkpick.core.recommendation import Reason, Recommendation
    from frameworkpick.core.sturdiness import Sturdiness
    from frameworkpick.core.tally import Weights

__all__ = ["SCHEMA", "decision_record", "project_record", "recommendation_json"]

#: Version of the JSON form; raised when a key goes or changes its meaning, not when one is added.
SCHEMA = 1


def recommendation_json(
    recommendation: Recommendation,
    answers: Answers,
    *,
    sturdiness: Sturdiness | None = None,
    use_case: str | None = None,
    weights: Weights | None = None,
) -> dict[str, Any]:
    """Return the recommendation as plain values, in a fixed order, ready for ``json.dumps``.

    Args:
        recommendation: What is recommended.
        answers: The decision answers.
        sturdiness: How often the verdict stays when the weights are redrawn.
        use_case: Id of the use case that suggested answers.
        weights: What a person let count more or less: a factor by criterion id.
    """
    done = recommendation.completeness
    against, way_back = recommendation.against, recommendation.way_back
    return {
        "schema": SCHEMA,
        "verdict": recommendation.verdict,
        "strength": recommendation.strength,
        "margin": recommendation.margin,
        "ranking": [
            {"framework": place.framework, "points": place.points, "vetoed": place.vetoed}
            for place in recommendation.ranking
        ],
        "instead": [
            {
                "name": way.name,
                "because": way.because,
                "url": way.url,
                "checked": way.checked.isoformat(),
            }
            for way in recommendation.instead
        ],
        "reasons": [_reason(reason) for reason in recommendation.reasons],
        "against": _reason(against) if against else None,
        "flips": [
            {
                "criterion": flip.criterion,
                "from": flip.from_,
                "to": flip.to,
                "verdict": flip.verdict,
                "strength": flip.strength,
            }
            for flip in recommendation.flips
        ],
        "completeness": {
            "answered": done.answered,
            "of": done.of,
            "worst": done.worst,
            "best": done.best,
            "decided": done.decided,
        },
        "answers": _answers_json(answers),
        "advice": [_reason(reason) for reason in recommendation.advice],
        "way_back": _reason(way_back) if way_back else None,
        "tie_break": recommendation.tie_break,
        "pairs": [
            {
                "changes": [
                    {"criterion": criterion, "from": now, "to": then}
                    for criterion, now, then in pair.changes
                ],
                "verdict": pair.verdict,
                "strength": pair.strength,
            }
            for pair in recommendation.pairs
        ],
        "sturdiness": {
            "same": sturdiness.same,
            "draws": sturdiness.draws,
            "by_verdict": dict(sturdiness.by_verdict),
        }
        if sturdiness
        else None,
        "use_case": use_case,
        "weights": dict(weights or {}),
    }


def project_record(  # noqa: PLR0913 (each is one line of the record)
    recommendation: Recommendation,
    answers: Answers,
    *,
    chosen: str,
    because: str | None,
    options: Mapping[str, object],
    date: str,
    tool_version: str,
    knowledge_version: str,
    command: str,
    use_case: str | None = None,
    weights: Weights | None = None,
    preset: Preset | None = None,
) -> str:
    """Write the project's ``.frameworkpick.toml``: the decision, and how to repeat it.

    Args:
        recommendation: What was advised.
        answers: The decision answers.
        chosen: Id of the framework that was generated.
        because: The person's reason for choosing otherwise, if they did and gave one.
        options: The project's options: texts, truth values and numbers.
        date: The day of the decision, ``YYYY-MM-DD``.
        tool_version: Version of frameworkpick.
        knowledge_version: Version of the knowledge.
        command: The command that writes the same project again.
        use_case: Id of the use case that suggested answers.
        weights: What a person let count more or less: a factor by criterion id.
        preset: What a team decided.
    """
    record: dict[str, object] = {
        "schema": SCHEMA,
        "framework": chosen,
        "date": date,
        "tool_version": tool_version,
        "knowledge_version": knowledge_version,
        "command": command,
    }
    if because:
        record["because"] = because
    if use_case:
        record["use_case"] = use_case
    advice: dict[str, object] = {
        "verdict": recommendation.verdict,
        "strength": recommendation.strength,
        "margin": recommendation.margin,
    }
    said = [
        f"{name} = {{ value = {_toml(a['value'] or UNKNOWN)}, origin = {_toml(a['origin'])} }}"
        for name, a in _answers_json(answers).items()
    ]
    return "\n".join(
        [
            "# Written by frameworkpick with the project, so that the decision can be read and",
            "# repeated. `unknown` means not sure. An update rewrites `command` and [options], and",
            "# adds to the end.",
            "",
            *_pairs(record.items()),
            "",
            "[recommendation]",
            *_pairs(advice.items()),
            "",
            "[answers]",
            *said,
            "",
            "[options]",
            *_pairs(options.items()),
            *(["", "[weights]", *_pairs(weights.items())] if weights else []),
            *(["", "[preset]", *_pairs(facts(preset).items())] if preset else []),
            "",
        ]
    )


def _answers_json(answers: Answers) -> dict[str, dict[str, str | None]]:
    return {
        name: {"value": answers[name].value, "origin": answers[name].origin.name.lower()}
        for name in sorted(answers)
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "framework": reason.framework,
        "criterion": reason.criterion or None,
        "option": reason.option or None,
        "points": reason.points,
        "because": reason.because,
        "source": reason.source.url,
        "title": reason.source.title,
        "checked": reason.source.checked.isoformat(),
        "veto": reason.veto,
    }


def _pairs(items: Iterable[tuple[str, object]]) -> list[str]:
    return [f"{name} = {_toml(value)}" for name, value in items if value is not None]


def _toml(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case dict():
            return f"{{ {', '.join(_pairs(value.items()))} }}" if value else "{}"
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case _:
            return '"' + "".join(map(_escaped, str(value))) + '"'


def _escaped(character: str) -> str:
    """Escape what a TOML basic string may not hold as it is."""
    if character in '"\\':
        return "\\" + character
    if character < " " or character == "\x7f":
        return f"\\u{ord(character):04X}"
    return character
