"""Asks a person everything ``new`` wants to know, and shows the advice in between."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from frameworkpick import report, wizard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from frameworkpick.core.answers import Answer, Situation
    from frameworkpick.core.knowledge import Knowledge
    from frameworkpick.core.plan import Step
    from frameworkpick.core.recommendation import Recommendation
    from frameworkpick.core.selection import Question, Selection


class TerminalAsker:
    """The questions of ``new`` and ``recommend``; each raises ``Cancelled`` on Ctrl-C.

    Args:
        limit: Most decision questions to ask; ``None`` asks all that matter.
    """

    def __init__(self, *, limit: int | None) -> None:
        self._limit = limit
        self._changed: dict[str, str | bool] = {}
        self._knowledge: Knowledge | None = None
        self._answers: Mapping[str, Answer] = {}

    def situation(self, knowledge: Knowledge, so_far: Situation) -> Situation:
        """Ask what is open and still matters; return everything said."""
        with wizard.terminal():
            asked = wizard.ask_criteria(knowledge, so_far.answers, limit=self._limit)
        self._knowledge, self._answers = knowledge, {**so_far.answers, **asked}
        return replace(so_far, answers=self._answers)

    def framework(
        self, knowledge: Knowledge, recommendation: Recommendation
    ) -> tuple[str, str | None]:
        """Show the advice; return the framework to generate and the reason for another."""
        page = report.Page(sys.stderr)
        report.advice.brief(page, knowledge, recommendation)
        page.line()

        def every_reason() -> None:
            report.advice.recommendation(page, knowledge, recommendation, self._answers)
            page.line()

        with wizard.terminal():
            return wizard.confirm_framework(knowledge, recommendation, every_reason)

    def name(self) -> str:
        """Ask for the project's name."""
        with wizard.terminal():
            return wizard.ask_name()

    def options(
        self,
        questions: Sequence[Question],
        defaults: Mapping[str, str | bool],
        notes: Sequence[str],
    ) -> dict[str, str | bool]:
        """Show the options on one screen, as last left; return them."""
        with wizard.terminal():
            self._changed = wizard.ask_options(questions, {**defaults, **self._changed}, notes)
        return dict(self._changed)

    def go(self, chosen: Selection, target: Path, steps: Sequence[Step]) -> bool:
        """Show the summary; return True to write, False to change the options first."""
        name = chosen.options["framework"]
        framework = self._knowledge.framework(str(name)) if self._knowledge else None
        summary = report.project.choice(chosen, framework.name if framework else str(name))
        summary += [f"  into {target}", *(f"  then: {step.title}" for step in steps)]
        with wizard.terminal():
            return wizard.confirm_plan(summary)
