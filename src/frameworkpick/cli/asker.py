"""Asks a person what ``new``, ``recommend`` and ``update`` want to know, at the terminal."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from frameworkpick import report, wizard
from frameworkpick.core.decision import decide

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frameworkpick.commands.interview import Draft, Then
    from frameworkpick.core.decision import Decision
    from frameworkpick.core.decision.answers import Situation
    from frameworkpick.core.decision.knowledge import Knowledge
    from frameworkpick.core.selection import Question


class TerminalAsker:
    """The questions of ``new`` and ``recommend``; each raises ``Cancelled`` on Ctrl-C.

    Args:
        limit: Most decision questions to ask; ``None`` asks all that matter.
    """

    def __init__(self, *, limit: int | None) -> None:
        self._limit = limit
        self._trail: list[wizard.Asked] = []
        self._changed: dict[str, str | bool] = {}
        self._noted: Sequence[str] = ()

    def situation(self, knowledge: Knowledge, so_far: Situation) -> Situation:
        """Ask what is open and still matters; return everything said, or ``so_far`` itself."""
        with wizard.terminal():
            return wizard.ask_situation(knowledge, so_far, self._trail, limit=self._limit)

    def framework(
        self, decision: Decision, *, allowed: Sequence[str], limit: str, back: bool
    ) -> tuple[str, str | None]:
        """Show the advice; return the framework to generate and the reason for another."""
        page = report.Page(sys.stderr)
        report.advice.brief(page, decision)
        page.line()

        def every_reason() -> None:
            redrawn = decide(decision.knowledge, decision.said, redraw=True)
            report.advice.recommendation(page, redrawn)
            page.line()

        with wizard.terminal():
            return wizard.confirm_framework(
                decision, every_reason, allowed=allowed, limit=limit, back=back
            )

    def name(self, *, back: bool) -> str:
        """Ask for the project's name."""
        with wizard.terminal():
            return wizard.ask_name(back=back)

    def options(
        self,
        questions: Sequence[Question],
        defaults: Mapping[str, str | bool],
        notes: Sequence[str],
        *,
        back: bool,
    ) -> dict[str, str | bool]:
        """Show the options on one screen, as last left, then ask for texts without a default."""
        self._noted = notes
        needed = [question for question in questions if question.required]
        first = {q.id: q.kind != "flag" and q.choices[0].value for q in needed if q.kind != "text"}
        with wizard.terminal():
            self._changed = wizard.ask_options(
                questions, {**first, **defaults, **self._changed}, notes, back=back
            )
            for question in needed:
                if question.kind == "text" and question.id not in {"framework", "project_name"}:
                    self._changed[question.id] = wizard.ask_text(question, _nothing)
        return dict(self._changed)

    def review(self, draft: Draft) -> tuple[Situation, Then]:
        """Show everything; return what was said, changed perhaps, and what follows."""
        # What the options were introduced with stands just above.
        new = tuple(note for note in draft.chosen.notes if note not in self._noted)
        chosen = replace(draft.chosen, notes=new)
        summary = report.project.choice(chosen, draft.decision.name_of(chosen.framework))
        summary += [f"  into {draft.target}", *(f"  then: {step.title}" for step in draft.steps)]
        with wizard.terminal():
            return wizard.review(draft.decision.knowledge, draft.decision.said, summary)


def _nothing(line: str) -> str | None:
    return None if line else "The template has no default for this."


class NewQuestions:
    """The questions of ``update``: what a newer template wants to know."""

    def new_questions(self, questions: Sequence[Question]) -> Mapping[str, object]:
        """Ask each; return the answers that are not the default, or that had to be given."""
        from frameworkpick.core.option_answers import problem_of  # noqa: PLC0415 (only here)

        def problem(question: Question, line: str) -> str | None:
            return (_nothing(line) if question.required else None) or problem_of(question, line)

        defaults = {question.id: question.default for question in questions}
        fixed = {q.id: _standing(q) for q in questions if q.kind != "text"}
        with wizard.terminal():
            said: dict[str, object] = dict(
                wizard.ask_options(questions, fixed, ["The newer template asks:"])
            )
            for question in questions:
                if question.kind == "text":
                    said[question.id] = wizard.ask_text(question, partial(problem, question))
        needed = {question.id for question in questions if question.required}
        return {k: value for k, value in said.items() if k in needed or value != defaults[k]}


def _standing(question: Question) -> str | bool:
    """Return the value that a question of fixed ones stands at."""
    allowed = [choice.value for choice in question.choices]
    return (
        question.default if question.kind == "flag" or question.default in allowed else allowed[0]
    )
