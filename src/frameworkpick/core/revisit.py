"""An old decision seen with today's knowledge: what was recorded, and what is different now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, NamedTuple, get_args

from frameworkpick.core.decision.answers import UNKNOWN, Answer, Origin, Situation
from frameworkpick.core.decision.recommendation import CONFLICT, NEITHER, Strength
from frameworkpick.core.decision.weights import parse_weights
from frameworkpick.core.forms import DAY
from frameworkpick.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from frameworkpick.core.decision import Decision
    from frameworkpick.core.decision.knowledge import Knowledge
    from frameworkpick.core.decision.recommendation import Recommendation

_FIRST_STATUS = re.compile(r"\A(---\r?\n(?:(?!---\r?\n).*\n)*?)status:[^\r\n]*")
#: What a later decision says anew.
_DECIDED = ("date", "knowledge_version", "use_case", "recommendation", "answers", "weights")


@dataclass(frozen=True, slots=True)
class Record:
    """A project's ``.frameworkpick.toml``: what was generated, and the newest decision."""

    JSON: ClassVar = ("framework", "date", "knowledge_version", "verdict", "strength", "margin")

    framework: str  #: Id of the framework the project was generated for.
    because: str | None  #: The reason for going against the advice.
    again: bool  #: Whether it was decided again since the project was generated.
    date: Annotated[str, DAY]  #: The day of the decision.
    knowledge_version: str  #: Version of the knowledge it was computed from.
    verdict: str  #: What was advised.
    strength: Annotated[str, {"enum": list(get_args(Strength))}]  #: How firmly.
    margin: float  #: The lead then, in points.
    leader: str | None  #: Id of the framework that had it; None where an old record leaves it open.
    answers: Mapping[str, tuple[str, str]]  #: By criterion: the value and the origin, as written.
    use_case: str | None  #: Id of the use case that suggested answers.
    weights: Mapping[str, object]  #: A factor by criterion.


class Reanswered(NamedTuple):
    """An answer that is another than the recorded one."""

    criterion: str  #: Id of the criterion.
    from_: str | None  #: The answer then; None when there was none.
    to: str | None  #: The answer now.


@dataclass(frozen=True, slots=True)
class Changed:
    """What is different from the record."""

    JSON: ClassVar = (
        "record", "knowledge_version", "verdict", "strength", "margin", "answers", "gone",
        "written",
    )  # fmt: skip

    record: Record  #: What was recorded.
    knowledge_version: str  #: Version of the knowledge now.
    gone: tuple[str, ...]  #: Recorded answers that do not exist any more, as ``id=value``.
    answers: tuple[Reanswered, ...]  #: What is answered otherwise.
    verdict: bool  #: Whether the verdict is another one.
    strength: bool  #: Whether its strength is another one.
    margin: Annotated[float | None, "How far the lead of the one that led then moved, if known."]
    written: str | None = None  #: The superseding decision record, if one was written.


def newest(data: Mapping[str, object]) -> Mapping[str, object]:
    """Return a record as if its last decision were its first."""
    decisions = data.get("decisions")
    last = decisions[-1] if isinstance(decisions, list) and decisions else None
    if not isinstance(last, dict):
        return data
    kept = {name: value for name, value in data.items() if name not in _DECIDED}
    return kept | {name: last[name] for name in _DECIDED if name in last}


def parse_record(data: Mapping[str, object]) -> Record:
    """Read a record from plain values.

    Raises:
        InputError: Something that every record holds is missing; all of it is named.
    """
    problems: list[str] = []
    again, data = "decisions" in data, newest(data)

    def text(table: Mapping[str, object], name: str, where: str = "") -> str:
        value = table.get(name)
        if not isinstance(value, str):
            problems.append(f"The record has no text {where}{name}.")
            return ""
        return value

    def table(name: str) -> Mapping[str, object]:
        value = data.get(name, {})
        if not isinstance(value, dict):
            problems.append(f"The record has something else than a table at {name}.")
            return {}
        return value

    advice = table("recommendation")
    answers: dict[str, tuple[str, str]] = {}
    for name, said in table("answers").items():
        value = said if isinstance(said, dict) else {}
        where = f"answers.{name}."
        answers[name] = (text(value, "value", where), text(value, "origin", where))
    margin = advice.get("margin")
    if isinstance(margin, bool) or not isinstance(margin, int | float):
        problems.append("The record has no number recommendation.margin.")
        margin = 0
    record = Record(
        framework=text(data, "framework"),
        because=text(data, "because") if "because" in data else None,
        again=again,
        date=text(data, "date"),
        knowledge_version=text(data, "knowledge_version"),
        verdict=text(advice, "verdict", "recommendation."),
        strength=text(advice, "strength", "recommendation."),
        margin=margin,
        leader=text(advice, "leader") if "leader" in advice else _leader(advice),
        answers=answers,
        use_case=text(data, "use_case") if "use_case" in data else None,
        weights=table("weights"),
    )
    if problems:
        raise InputError(problems, "Give the folder of a project that `frameworkpick new` wrote.")
    return record


def recorded(knowledge: Knowledge, record: Record) -> tuple[Situation, tuple[str, ...]]:
    """Take over what still exists; a suggestion of the use case stays a suggestion.

    Returns:
        What was said then, and what of it does not exist any more as ``id=value``.
    """
    answers: dict[str, Answer] = {}
    weights: dict[str, float] = {}
    gone: list[str] = []
    for name, (value, origin) in record.answers.items():
        criterion = knowledge.criterion(name)
        if criterion is None or (value != UNKNOWN and criterion.option(value) is None):
            gone.append(f"{name}={value}")
            continue
        suggested = origin == Origin.USE_CASE.name.lower()
        answers[name] = Answer(
            None if value == UNKNOWN else value, Origin.USE_CASE if suggested else Origin.RECORD
        )
    for name, number in record.weights.items():
        try:
            weights |= parse_weights(knowledge, {name: number})
        except InputError:
            gone.append(f"weights.{name}={number}")
    use_case = record.use_case
    if use_case is not None and knowledge.use_case(use_case) is None:
        gone.append(f"use_case={use_case}")
        use_case = None
    return Situation(answers, use_case, weights), tuple(gone)


def changed(decision: Decision, record: Record, gone: tuple[str, ...]) -> Changed:
    """Say what is different from the record.

    Args:
        decision: What is decided now.
        record: What was recorded.
        gone: What was recorded and does not exist any more.
    """
    knowledge, recommendation = decision.knowledge, decision.advice

    def now(name: str) -> str | None:
        answer = decision.said.answers.get(name)
        return None if answer is None else answer.value or UNKNOWN

    then = {name: value for name, (value, _) in record.answers.items()}
    names = [
        c.id
        for c in knowledge.criteria
        if then.get(c.id) != now(c.id) and (now(c.id) or f"{c.id}={then.get(c.id)}" not in gone)
    ]
    return Changed(
        record=record,
        knowledge_version=knowledge.version,
        gone=gone,
        answers=tuple(Reanswered(name, then.get(name), now(name)) for name in names),
        verdict=recommendation.verdict != record.verdict,
        strength=recommendation.strength != record.strength,
        margin=_moved(record, recommendation),
    )


def _leader(advice: Mapping[str, object]) -> str | None:
    """Return who led, where a record does not say; by a tie-break the other one may win."""
    verdict = advice.get("verdict")
    open_ = verdict in (NEITHER, CONFLICT) or advice.get("strength") == "too_close"
    return verdict if isinstance(verdict, str) and not open_ else None


def _moved(record: Record, recommendation: Recommendation) -> float | None:
    """Compare the lead of one and the same framework."""
    points = {place.framework: place.points for place in recommendation.ranking}
    if record.leader not in points:
        return None
    lead = points.pop(record.leader) - max(points.values(), default=0)
    return round(lead - record.margin, 6)


def next_number(names: Iterable[str]) -> int:
    """Return the first free number of a folder of decision records (``0001-title.md``)."""
    return 1 + max(
        (int(name[:4]) for name in names if re.match(r"\d{4}-.*\.md\Z", name)), default=0
    )


def is_superseded(text: str) -> bool:
    """Say whether a decision record is superseded already."""
    status = _FIRST_STATUS.match(text)
    return status is not None and "superseded" in status[0]


def superseded(text: str, number: int) -> str:
    """Mark a decision record as superseded by the one of that number; nothing else changes."""
    return _FIRST_STATUS.sub(rf"\g<1>status: superseded by ADR-{number:04}", text, count=1)
