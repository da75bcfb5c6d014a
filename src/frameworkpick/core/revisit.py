"""An old decision seen with today's knowledge: what was recorded, and what is different now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from frameworkpick.core.answers import UNKNOWN, Answer, Origin, Situation
from frameworkpick.core.weights import parse_weights
from frameworkpick.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from frameworkpick.core.answers import Answers
    from frameworkpick.core.knowledge import Knowledge
    from frameworkpick.core.recommendation import Recommendation

_FIRST_STATUS = re.compile(r"\A(---\n(?:(?!---\n).*\n)*?)status:.*\n")


@dataclass(frozen=True, slots=True)
class Record:
    """A project's ``.frameworkpick.toml``."""

    framework: str  #: Id of the framework the project was generated for.
    because: str | None  #: The reason for going against the advice.
    date: str  #: The day of the decision.
    knowledge_version: str  #: Version of the knowledge it was computed from.
    verdict: str  #: What was advised.
    strength: str  #: How firmly.
    margin: float  #: The lead then, in points.
    answers: Mapping[str, tuple[str, str]]  #: By criterion: the value and the origin, as written.
    use_case: str | None  #: Id of the use case that suggested answers.
    weights: Mapping[str, object]  #: A factor by criterion.


@dataclass(frozen=True, slots=True)
class Changed:
    """What is different from the record."""

    record: Record  #: What was recorded.
    knowledge_version: str  #: Version of the knowledge now.
    gone: tuple[str, ...]  #: Recorded answers that do not exist any more, as ``id=value``.
    answers: tuple[tuple[str, str | None, str | None], ...]  #: Criterion, its answer then and now.
    verdict: bool  #: Whether the verdict is another one.
    strength: bool  #: Whether its strength is another one.
    margin: float  #: By how many points the margin moved.


def parse_record(data: Mapping[str, Any]) -> Record:
    """Read a record from plain values.

    Raises:
        InputError: Something that every record holds is missing; all of it is named.
    """
    problems: list[str] = []

    def text(table: Mapping[str, Any], name: str, where: str = "") -> str:
        value = table.get(name)
        if not isinstance(value, str):
            problems.append(f"The record has no text {where}{name}.")
            return ""
        return value

    def table(name: str) -> Mapping[str, Any]:
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
        date=text(data, "date"),
        knowledge_version=text(data, "knowledge_version"),
        verdict=text(advice, "verdict", "recommendation."),
        strength=text(advice, "strength", "recommendation."),
        margin=margin,
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


def changed(
    knowledge: Knowledge,
    record: Record,
    recommendation: Recommendation,
    answers: Answers,
    gone: tuple[str, ...],
) -> Changed:
    """Say what is different from the record.

    Args:
        knowledge: Today's knowledge.
        record: What was recorded.
        recommendation: What is recommended now.
        answers: The answers it was computed from.
        gone: What was recorded and does not exist any more.
    """

    def now(name: str) -> str | None:
        answer = answers.get(name)
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
        answers=tuple((name, then.get(name), now(name)) for name in names),
        verdict=recommendation.verdict != record.verdict,
        strength=recommendation.strength != record.strength,
        margin=round(recommendation.margin - record.margin, 6),
    )


def calls_for_record(
    changes: Changed, verdict: str, new: str, standing: str | None, *, first: bool
) -> bool:
    """Say whether a new decision record is due.

    It is when the advice changed, and to another framework than the one that stands. A framework
    that was taken against an advice that still stands is no reason to write it down again.

    Args:
        changes: What is different from the project's record.
        verdict: Id of the framework that is advised now.
        new: The text of the new decision record.
        standing: The text of the newest one that is not superseded, if there is one.
        first: Whether that is the only one, so that it goes with the project's record.
    """
    if standing is None:
        return verdict != changes.record.framework
    return _title(new) != _title(standing) and (changes.verdict or not first)


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
    return _FIRST_STATUS.sub(rf"\g<1>status: superseded by ADR-{number:04}\n", text, count=1)


def _title(text: str) -> str:
    """Return the first heading of a decision record."""
    return next((line for line in text.splitlines() if line.startswith("# ")), "")
