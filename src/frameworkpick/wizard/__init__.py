"""Asks a person at a terminal: the only door to questionary.

Everything appears on standard error, so that standard output stays free for results. Ctrl-C at any
prompt raises :class:`~frameworkpick.errors.Cancelled`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.core import naming, wording
from frameworkpick.core.answers import Answer, Origin
from frameworkpick.core.scoring import next_question, recommend
from frameworkpick.errors import Cancelled
from frameworkpick.wizard.prompts import Row, choose, say, terminal, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from frameworkpick.core.knowledge import Criterion, Knowledge
    from frameworkpick.core.scoring import Recommendation
    from frameworkpick.core.selection import Question

__all__ = [
    "ask_criteria",
    "ask_name",
    "ask_options",
    "confirm_framework",
    "confirm_plan",
    "terminal",
]

#: Values of the entries every question of the wizard has; no option's id begins with "?".
_UNSURE, _WHY, _STOP, _GO, _OPTIONS = "?unsure", "?why", "?stop", "?go", "?options"


def ask_criteria(
    knowledge: Knowledge, answers: Mapping[str, Answer], *, limit: int | None = None
) -> dict[str, Answer]:
    """Ask what can still change the verdict, most decisive question first.

    Args:
        knowledge: Questions and verdicts.
        answers: What is known already; an explicit "not sure" is not asked again.
        limit: Most questions to ask; ``None`` asks until the rest cannot change the verdict.

    Returns:
        The new answers by criterion, "not sure" as an answer without a value.

    Raises:
        Cancelled: Ctrl-C.
    """
    asked: dict[str, Answer] = {}
    while True:
        known = {**answers, **asked}
        question = next_question(knowledge, known, skipped=tuple(asked))
        if question is None or len(asked) == limit:
            break
        if not asked:
            say('A few questions. Enter is "not sure"; Ctrl-C stops, and nothing is written.')
            say()
        value = _ask_criterion(question, len(asked) + 1, limit)
        asked[question.id] = Answer(value, Origin.ASKED)
        say(wording.standing(knowledge, recommend(knowledge, {**known, **asked})))
        say()
    if asked:
        say(_why_it_stops(knowledge, {**answers, **asked}, question))
        say()
    elif question is None:
        say("The answers so far settle the verdict; there is nothing to ask.")
        say()
    return asked


def confirm_framework(
    knowledge: Knowledge, recommendation: Recommendation, every_reason: Callable[[], None]
) -> tuple[str, str | None]:
    """Let a person follow the recommendation or choose otherwise.

    Args:
        knowledge: The frameworks' names.
        recommendation: The advice, shown already in its short form.
        every_reason: Shows it in full.

    Returns:
        The framework's id, and the reason for not following the advice (``None`` when there is
        none).

    Raises:
        Cancelled: Ctrl-C, or the person stops here.
    """
    advised = recommendation.verdict
    rows = [
        Row(standing.framework, wording.framework_name(knowledge, standing.framework), hint)
        for standing, hint in zip(
            recommendation.ranking, _framework_hints(recommendation), strict=True
        )
    ]
    more = Row(_WHY, "Show every reason", "with its source; or press ?", key="?")
    stop = Row(_STOP, "Stop here", "nothing is written")
    default = advised if any(row.value == advised for row in rows) else _STOP
    while True:
        chosen = choose(
            "Which framework shall the project use?", [*rows, more, stop], default=default
        )
        if chosen != _WHY:
            break
        every_reason()
    if chosen == _STOP:
        raise Cancelled
    if chosen == advised:
        return chosen, None
    because = text("Why not the advice? One line for the decision record, or Enter to skip.")
    return chosen, because or None


def ask_options(
    questions: Sequence[Question],
    defaults: Mapping[str, str | bool],
    notes: Sequence[str] = (),
) -> dict[str, str | bool]:
    """Show every option with fixed values on one screen, and let a person change some.

    Args:
        questions: The template's questionnaire.
        defaults: The value each option stands at.
        notes: Why some of them stand where they do.

    Returns:
        The options that were on the screen, by id.

    Raises:
        Cancelled: Ctrl-C.
    """
    form = [q for q in questions if q.kind != "text" and q.id != "framework" and q.id in defaults]
    values = {question.id: defaults[question.id] for question in form}
    if not form:
        return values
    for note in notes:
        say(note, indent=2)
    room = max(len(question.help) for question in form)

    def row(question: Question) -> Row:
        return Row(question.id, f"{question.help:<{room}}", f"< {_shown(question, values)} >")

    def turn(option: str, by: int) -> Row:
        question = next(question for question in form if question.id == option)
        allowed = _allowed(question)
        values[option] = allowed[(allowed.index(values[option]) + by) % len(allowed)]
        return row(question)

    choose(
        "Options",
        [row(question) for question in form],
        default=form[0].id,
        instruction="(up and down to move, left and right to change, Enter to accept all)",
        turn=turn,
    )
    return values


def ask_name(default: str = "my-service") -> str:
    """Ask for the project's name until it is one a project can have.

    Raises:
        Cancelled: Ctrl-C.
    """
    return text("What is the project called?", default=default, problem=naming.name_problem)


def confirm_plan(summary: Sequence[str]) -> bool:
    """Show what will be written and ask whether to go on.

    Args:
        summary: Lines to show above the question.

    Returns:
        ``True`` to write the project, ``False`` to change the options first.

    Raises:
        Cancelled: Ctrl-C, or the person stops here.
    """
    for line in summary:
        say(line)
    rows = [
        Row(_GO, "Write the project"),
        Row(_OPTIONS, "Change the options"),
        Row(_STOP, "Stop here", "nothing is written"),
    ]
    chosen = choose("Ready?", rows, default=_GO)
    if chosen == _STOP:
        raise Cancelled
    return chosen == _GO


def _ask_criterion(question: Criterion, number: int, limit: int | None) -> str | None:
    rows = [Row(option.id, option.label, option.hint) for option in question.options]
    rows.append(Row(_UNSURE, "Not sure", "leaves it open; nothing is assumed"))
    rows.append(Row(_WHY, "Why do you ask?", "or press ?", key="?"))
    count = f"{number} of at most {limit}" if limit else str(number)
    while True:
        chosen = choose(f"{count}. {question.question}", rows, default=_UNSURE)
        if chosen != _WHY:
            return None if chosen == _UNSURE else chosen
        say(question.why, indent=2)


def _why_it_stops(
    knowledge: Knowledge, answers: Mapping[str, Answer], question: Criterion | None
) -> str:
    unasked = [c.id for c in knowledge.criteria if c.id not in answers]
    if question is not None:
        listed = ", ".join(unasked)
        return (
            f"Enough for a start. Not asked, though some of it could change the verdict: {listed}."
        )
    if not unasked:
        return "That was the last question."
    others = "other question" if len(unasked) == 1 else f"other {len(unasked)} questions"
    stop = f"The {others} cannot change the verdict any more."
    if recommend(knowledge, answers).completeness.decided:
        return stop
    return f"{stop} What you are not sure about still can."


def _framework_hints(recommendation: Recommendation) -> list[str]:
    first = recommendation.ranking[0].points
    hints = []
    for standing in recommendation.ranking:
        if standing.framework == recommendation.verdict:
            hints.append("recommended")
        elif standing.vetoed:
            hints.append("ruled out by one of your answers")
        elif recommendation.verdict in {"neither", "conflict"}:
            hints.append("against the advice")
        elif first == standing.points:
            hints.append("level")
        else:
            hints.append(f"{wording.points(first - standing.points)} behind")
    return hints


def _allowed(question: Question) -> list[str | bool]:
    return (
        [True, False] if question.kind == "flag" else [choice.value for choice in question.choices]
    )


def _shown(question: Question, values: Mapping[str, str | bool]) -> str:
    value = values[question.id]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return next((c.label for c in question.choices if c.value == value), value)
