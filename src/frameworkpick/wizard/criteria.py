"""Asks what decides: the use case first, then what can still change the verdict most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from frameworkpick.core import bars, sentences
from frameworkpick.core.decision import decide
from frameworkpick.core.decision.answers import (
    Answer,
    Origin,
    firm_answers,
    merge,
    use_case_answers,
)
from frameworkpick.core.decision.engine import next_question
from frameworkpick.errors import GoBack
from frameworkpick.wizard.prompts import Row, choose, glyphs, say

if TYPE_CHECKING:
    from frameworkpick.core.decision import Decision
    from frameworkpick.core.decision.answers import Situation
    from frameworkpick.core.decision.knowledge import Criterion, Knowledge

#: Values of rows that are no option; no option's id begins with "?".
_UNSURE, _WHY, _OTHER = "?unsure", "?why", "?other"
#: So many of the questions that were not asked are named.
_NAMED = 3
#: Stands for the use case where the id of a criterion stands otherwise.
_USE_CASE = "?use_case"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question that was asked, and what was known before."""

    question: str  #: Id of the criterion.
    before: Situation  #: What going back returns to.


def ask_situation(
    knowledge: Knowledge, so_far: Situation, trail: list[Asked], *, limit: int | None = None
) -> Situation:
    """Ask what can still change the verdict, most decisive question first.

    Args:
        knowledge: Questions, use cases and verdicts.
        so_far: What is known already; an explicit "not sure" is not asked again.
        trail: The questions asked, for going back; when it holds some, the last is asked again.
        limit: Most criteria to ask; ``None`` asks until the rest cannot change the verdict.

    Returns:
        Everything said; ``so_far`` itself when nothing was asked.

    Raises:
        Cancelled: Ctrl-C.
    """
    said = trail.pop().before if trail else so_far
    while True:
        question = _next(knowledge, said, trail)
        at_limit = limit is not None and _count(trail) >= limit
        if question is None or (at_limit and question != _USE_CASE):
            break
        if not trail:
            say("A few questions. Enter takes the marked line; Ctrl-C stops, and writes nothing.")
            say()
        try:
            after = _ask(knowledge, said, question, trail, limit)
        except GoBack:
            said = trail.pop().before
            continue
        trail.append(Asked(question if isinstance(question, str) else question.id, said))
        said = after
        show_standing(decide(knowledge, said))
        say()
    if trail:
        say(_why_it_stops(knowledge, said, question))
        say()
    elif question is None:
        say("The answers so far settle the verdict; there is nothing to ask.")
        say()
    return said


def ask_use_case(knowledge: Knowledge, said: Situation, *, back: bool) -> Situation:
    """Ask what is built; what that suggests takes the place of what was suggested before.

    Raises:
        Cancelled: Ctrl-C.
        GoBack: The person wants the question before.
    """
    named = [use_case for use_case in knowledge.use_cases if use_case.provisional]
    rows = [Row(use_case.id, use_case.label, use_case.hint) for use_case in named]
    rows.append(Row(_OTHER, "Something else", "nothing is assumed"))
    default = said.use_case if said.use_case in {row.value for row in rows} else _OTHER
    chosen = choose("What do you build?", rows, default=default or _OTHER, back=back)
    firm = firm_answers(said.answers)
    found = knowledge.use_case(chosen)
    if found is None:
        return replace(said, answers=firm, use_case=None)
    say(f"Suggested answers are marked, and asked. {found.misleads}", indent=2)
    suggested = use_case_answers(knowledge, found.id)
    return replace(said, answers=merge(suggested, firm), use_case=found.id)


def ask_criterion(
    question: Criterion, said: Situation, *, count: str = "", back: bool = False
) -> Situation:
    """Ask one question; Enter takes what it stands at, else "not sure".

    Raises:
        Cancelled: Ctrl-C.
        GoBack: The person wants the question before.
    """
    now = said.answers.get(question.id)
    suggested = now.value if now and now.provisional else None
    rows = [
        Row(
            option.id,
            f"{option.label} (suggested)" if option.id == suggested else option.label,
            option.hint,
        )
        for option in question.options
    ]
    rows.append(Row(_UNSURE, "Not sure", "leaves it open; nothing is assumed"))
    rows.append(Row(_WHY, "Why do you ask?", "or press ?", key="?"))
    default = (now.value if now else None) or _UNSURE
    while True:
        chosen = choose(f"{count}{question.question}", rows, default=default, back=back)
        if chosen != _WHY:
            break
        say(question.why, indent=2)
    answer = Answer(None if chosen == _UNSURE else chosen, Origin.ASKED)
    return replace(said, answers={**said.answers, question.id: answer})


def show_standing(decision: Decision) -> None:
    """Say where the answers lead so far, with the lead as a small bar."""
    say(sentences.so_far(decision))
    bar = bars.running(decision, glyphs())
    if bar and decision.advice.strength != "constraint":  # which no lead changes
        say(bar, indent=2)


def _next(knowledge: Knowledge, said: Situation, trail: list[Asked]) -> Criterion | str | None:
    asked = [each.question for each in trail]
    question = next_question(
        knowledge,
        said.answers,
        asked,
        use_case=knowledge.use_case(said.use_case) if said.use_case else None,
        weights=said.weights or None,
    )
    if question is None or not knowledge.use_cases or said.use_case or _USE_CASE in asked:
        return question
    return _USE_CASE


def _ask(
    knowledge: Knowledge,
    said: Situation,
    question: Criterion | str,
    trail: list[Asked],
    limit: int | None,
) -> Situation:
    if isinstance(question, str):
        return ask_use_case(knowledge, said, back=bool(trail))
    number = _count(trail) + 1
    count = f"{number} of at most {limit}. " if limit else f"{number}. "
    return ask_criterion(question, said, count=count, back=bool(trail))


def _count(trail: list[Asked]) -> int:
    return sum(each.question != _USE_CASE for each in trail)


def _why_it_stops(knowledge: Knowledge, said: Situation, question: Criterion | str | None) -> str:
    answers = said.answers
    unasked = [c.id for c in knowledge.criteria if c.id not in answers or answers[c.id].provisional]
    if question is not None:
        advice = decide(knowledge, said).advice
        turning = [flip.criterion for flip in advice.flips if flip.verdict != advice.verdict]
        # Those first that could do it alone.
        unasked.sort(key=lambda name: turning.index(name) if name in turning else len(turning))
        found = (knowledge.criterion(name) for name in unasked[:_NAMED])
        listed = " ".join(criterion.question for criterion in found if criterion)
        more = f" And {len(unasked) - _NAMED} more." if len(unasked) > _NAMED else ""
        return (
            "Enough for a start. Not asked, though some of it could change the verdict: "
            f"{listed}{more}"
        )
    if not unasked:
        return "That was the last question."
    others = "other question" if len(unasked) == 1 else f"other {len(unasked)} questions"
    stop = f"The {others} cannot change the verdict any more."
    if decide(knowledge, said).advice.completeness.decided:
        return stop
    return f"{stop} What you are not sure about still can."
