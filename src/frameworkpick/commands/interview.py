"""The questions of ``new`` in their order, each of which can be gone back from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from frameworkpick.commands import intake
from frameworkpick.commands.staging import check_target
from frameworkpick.core import scoring, selection
from frameworkpick.core.recommendation import NEITHER
from frameworkpick.errors import FrameworkpickError, GoBack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from frameworkpick.commands.intake import Given, NewRequest
    from frameworkpick.core.answers import Situation
    from frameworkpick.core.knowledge import Knowledge
    from frameworkpick.core.plan import Step
    from frameworkpick.core.recommendation import Recommendation

#: Where the review leads: to writing, to the options, or to the advice that has changed.
Then = Literal["write", "options", "advice"]


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything decided, before anything is written."""

    knowledge: Knowledge  #: Questions and verdicts.
    said: Situation  #: What was answered.
    advice: Recommendation  #: What it leads to.
    chosen: selection.Selection  #: Framework and options.
    target: Path  #: The project's folder.
    steps: Sequence[Step]  #: What follows after writing.


class Asker(Protocol):
    """The questions a person at a terminal is asked.

    Each may raise ``Cancelled``, and ``GoBack`` when ``back`` says that there is a question before.
    """

    def situation(self, knowledge: Knowledge, so_far: Situation) -> Situation:
        """Ask what is open and still matters; return everything said, or ``so_far`` itself.

        Called again when a person goes back to it: then the last question is asked again.
        """

    def framework(
        self, knowledge: Knowledge, recommendation: Recommendation, *, back: bool
    ) -> tuple[str, str | None]:
        """Show the advice; return the framework to generate and the reason for another."""

    def name(self, *, back: bool) -> str:
        """Ask for the project's name."""

    def options(
        self,
        questions: Sequence[selection.Question],
        defaults: Mapping[str, str | bool],
        notes: Sequence[str],
        *,
        back: bool,
    ) -> dict[str, str | bool]:
        """Show the options on one screen; return those that were changed."""

    def review(self, draft: Draft) -> tuple[Situation, Then]:
        """Show everything; return what was said, changed perhaps, and what follows."""


@dataclass(slots=True)
class Interview:
    """Everything that is asked, or taken as it was given."""

    request: NewRequest  #: What was asked for.
    given: Given  #: The same, checked.
    knowledge: Knowledge  #: Questions and verdicts.
    questions: Sequence[selection.Question]  #: The template's questionnaire.
    steps: Sequence[Step]  #: What follows after writing.
    asker: Asker | None  #: The questions to a person; without one nothing is asked.
    _said: Situation = field(init=False)
    _framework: tuple[str, str | None] = field(init=False)
    _name: str = field(init=False)
    _changed: Mapping[str, object] = field(init=False, default_factory=dict)

    def hold(self) -> Draft:
        """Ask until everything is decided.

        Raises:
            InputError: An option is not valid; every problem is named.
            TargetError: The folder exists and is not empty.
            FrameworkpickError: There is no framework to generate and none was named.
            Cancelled: A person stopped.
        """
        stages: tuple[Callable[[bool], bool], ...] = (
            self._ask_situation,
            self._ask_framework,
            self._ask_name,
            self._ask_options,
            self._review,
        )
        asked: list[int] = []
        place = 0
        while place < len(stages):
            try:
                prompted = stages[place](bool(asked))
            except GoBack:
                place = asked.pop()
                continue
            if prompted:
                asked.append(place)
            place += 1
        return self._draft()

    def _ask_situation(self, back: bool) -> bool:  # noqa: FBT001, ARG002 (the first has none)
        self._said = self.given.said
        if self.asker:
            self._said = self.asker.situation(self.knowledge, self.given.said)
        return self._said is not self.given.said

    def _ask_framework(self, back: bool) -> bool:  # noqa: FBT001 (a stage)
        """Decide what to generate: what was named, else what a person says, else the advice."""
        advice = self._advice()
        if self.given.framework is not None:
            self._framework = self.given.framework, self.given.because
            return False
        if self.asker is not None:
            self._framework = self.asker.framework(self.knowledge, advice, back=back)
            return True
        if self.knowledge.framework(advice.verdict) is None:
            raise _no_framework(self.knowledge, advice)
        self._framework = advice.verdict, self.given.because
        return False

    def _ask_name(self, back: bool) -> bool:  # noqa: FBT001 (a stage)
        ask = self.asker is not None and self.request.name is None
        if self.asker is not None and ask:
            self._name = self.asker.name(back=back)
        else:
            self._name = self.request.name or ""
        check_target(self.request.parent / self._name)
        return ask

    def _ask_options(self, back: bool) -> bool:  # noqa: FBT001 (a stage)
        if self.asker is None:
            return False
        defaults, notes = selection.option_defaults(self.questions, self._said.answers)
        still_open = [each for each in self.questions if each.id not in self.given.options]
        self._changed = self.asker.options(still_open, defaults, notes, back=back)
        return True

    def _review(self, back: bool) -> bool:  # noqa: FBT001, ARG002 (the options come before)
        while self.asker is not None and not self.request.dry_run:
            self._said, then = self.asker.review(self._draft())
            try:
                if then == "write":
                    break
                if then == "options":
                    self._ask_options(back=True)
                else:
                    self._ask_framework(back=True)
            except GoBack:
                continue
        return False

    def _advice(self) -> Recommendation:
        weights = self._said.weights or None
        return scoring.recommend(self.knowledge, self._said.answers, weights=weights)

    def _draft(self) -> Draft:
        advice = self._advice()
        framework, because = self._framework
        defaults, notes = selection.option_defaults(self.questions, self._said.answers)
        options = intake.complete(
            self.questions,
            {**self.given.options, **self._changed},
            defaults,
            self._name,
            framework,
        )
        followed = framework == advice.verdict
        named = self.asker is not None or self.given.framework is not None
        chosen = selection.Selection(
            framework, followed, because, options, notes, named, advice.tie_break
        )
        target = self.request.parent / self._name
        return Draft(self.knowledge, self._said, advice, chosen, target, self.steps)


def _no_framework(knowledge: Knowledge, advice: Recommendation) -> FrameworkpickError:
    if advice.verdict == NEITHER:
        others = " or ".join(each.name for each in advice.instead)
        message = f"The answers point to neither framework, but to {others}."
    else:
        message = "The answers contradict each other, so there is no recommendation."
    choices = " or ".join(f"--framework {each.id}" for each in knowledge.frameworks)
    return FrameworkpickError(
        message, f"Nothing was written; to generate anyway, name it: {choices}."
    )
