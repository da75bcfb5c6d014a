"""Asks a person at a terminal: the only door to questionary.

Everything appears on standard error, so that standard output stays free for results. Ctrl-C at any
prompt raises :class:`~frameworkpick.errors.Cancelled`.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from frameworkpick.core import project_names, sentences
from frameworkpick.errors import Cancelled, GoBack
from frameworkpick.wizard.criteria import Asked, ask_situation
from frameworkpick.wizard.prompts import Row, choose, say, terminal, text
from frameworkpick.wizard.review import review

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from frameworkpick.core.decision import Decision
    from frameworkpick.core.decision.recommendation import Recommendation
    from frameworkpick.core.selection import Question

__all__ = [
    "Asked",
    "ask_name",
    "ask_options",
    "ask_situation",
    "ask_text",
    "confirm_framework",
    "review",
    "terminal",
]

#: Values of the entries every question of the wizard has; no option's id begins with "?".
_WHY, _STOP = "?why", "?stop"


def confirm_framework(
    decision: Decision,
    every_reason: Callable[[], None],
    *,
    allowed: Sequence[str] | None = None,
    limit: str = "",
    back: bool = False,
) -> tuple[str, str | None]:
    """Let a person follow the recommendation or choose otherwise.

    Args:
        decision: The advice, shown already in its short form.
        every_reason: Shows it in full.
        allowed: Ids of the frameworks that can be had; ``None`` is all there are.
        limit: Who allows only those, and why; empty when nobody does.
        back: Whether there is a question to go back to.

    Returns:
        The framework's id, and the reason for not following the advice (``None`` when there is
        none).

    Raises:
        Cancelled: Ctrl-C, or the person stops here.
        GoBack: The person wants the question before.
    """
    advised, advice = decision.verdict, decision.advice
    rows = [
        Row(standing.framework, decision.name_of(standing.framework), hint)
        for standing, hint in zip(advice.ranking, _framework_hints(advice), strict=True)
        if allowed is None or standing.framework in allowed
    ]
    if limit:
        say(f"{limit}.", indent=2)
    more = Row(_WHY, "Show every reason", "with its source; or press ?", key="?")
    stop = Row(_STOP, "Stop here", "nothing is written")
    ruled_out = decision.advises and allowed is not None and advised not in allowed
    default = _STOP if not decision.advises else rows[0].value if ruled_out else advised
    close = advice.strength == "too_close"
    why = "Why this one?" if close else "Why not the advice?"
    while True:
        chosen = choose(
            "Which framework shall the project use?",
            [*rows, more, stop],
            default=default,
            back=back,
        )
        if chosen == _STOP:
            raise Cancelled
        if chosen == advised or ruled_out:
            return chosen, limit if ruled_out else None
        if chosen == _WHY:
            every_reason()
            continue
        with suppress(GoBack):
            line = text(f"{why} One line for the decision record, or Enter to skip.", back=True)
            return chosen, line or None


def ask_options(
    questions: Sequence[Question],
    defaults: Mapping[str, str | bool],
    notes: Sequence[str] = (),
    *,
    back: bool = False,
) -> dict[str, str | bool]:
    """Show every option with fixed values on one screen, and let a person change some.

    Args:
        questions: The template's questionnaire.
        defaults: The value each option stands at.
        notes: Why some of them stand where they do.
        back: Whether there is a question to go back to.

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
        back=back,
    )
    return values


def ask_name(default: str = "my-service", *, back: bool = False) -> str:
    """Ask for the project's name until it is one a project can have.

    Raises:
        Cancelled: Ctrl-C.
    """
    return text(
        "What is the project called?",
        default=default,
        problem=project_names.name_problem,
        back=back,
    )


def ask_text(question: Question, problem: Callable[[str], str | None]) -> str:
    """Ask one question of a template that takes a line of text.

    Args:
        question: The question; its default is what Enter alone answers.
        problem: Says in a sentence why a line is not accepted; ``None`` when it is.

    Raises:
        Cancelled: Ctrl-C.
    """
    return text(question.help, default=str(question.default), problem=problem)


def _framework_hints(recommendation: Recommendation) -> list[str]:
    first = recommendation.ranking[0].points
    hints = []
    for standing in recommendation.ranking:
        if standing.framework == recommendation.verdict:
            hints.append(
                "recommended" if recommendation.strength != "too_close" else "by the tie-break"
            )
        elif standing.vetoed:
            hints.append("ruled out by one of your answers")
        elif recommendation.verdict in {"neither", "conflict"}:
            hints.append("against the advice")
        elif first == standing.points:
            hints.append("level")
        else:
            hints.append(f"{sentences.points(first - standing.points)} behind")
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
