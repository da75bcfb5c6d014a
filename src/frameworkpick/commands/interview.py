"""The questions of ``new`` in their order, each of which can be gone back from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from frameworkpick.commands import intake
from frameworkpick.core import preset_rules, selection
from frameworkpick.core.decision import decide
from frameworkpick.core.decision.recommendation import NEITHER
from frameworkpick.errors import FrameworkpickError, GoBack, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from frameworkpick.commands.intake import Given, NewRequest
    from frameworkpick.core.decision import Decision
    from frameworkpick.core.decision.answers import Situation
    from frameworkpick.core.decision.knowledge import Knowledge
    from frameworkpick.core.decision.recommendation import Recommendation
    from frameworkpick.core.plan import Step

#: Where the review leads: to writing, to the options, or to the advice that has changed.
Then = Literal["write", "options", "advice"]


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything decided, before anything is written."""

    decision: Decision  #: What was answered, and what it leads to.
    chosen: selection.Selection  #: Framework and options.
    target: Path  #: The project's folder.
    steps: tuple[Step, ...]  #: What follows after writing.


class Asker(Protocol):
    """The questions a person at a terminal is asked.

    Each may raise ``Cancelled``, and ``GoBack`` when ``back`` says that there is a question before.
    """

    def situation(self, knowledge: Knowledge, so_far: Situation) -> Situation:
        """Ask what is open and still matters; return everything said, or ``so_far`` itself.

        Called again when a person goes back to it: then the last question is asked again.
        """

    def framework(
        self, decision: Decision, *, allowed: Sequence[str], limit: str, back: bool
    ) -> tuple[str, str | None]:
        """Show the advice; return the framework to generate and the reason for another.

        Only those in ``allowed`` can be had; when that is not all, ``limit`` says why.
        """

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
    steps: tuple[Step, ...]  #: What follows after writing.
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
        decision, preset = self._decision(), self.given.preset
        if self.given.framework is not None:
            self._framework = self.given.framework, self.given.because
            return False
        allowed = preset_rules.allowed(preset, self.knowledge)
        if self.asker is not None:
            limit = preset_rules.limit(preset, self.knowledge)
            self._framework = self.asker.framework(
                decision, allowed=allowed, limit=limit, back=back
            )
            return True
        if not decision.advises:
            raise _no_framework(decision.advice, allowed)
        self._framework = preset_rules.instead(decision) or (decision.verdict, self.given.because)
        return False

    def _ask_name(self, back: bool) -> bool:  # noqa: FBT001 (a stage)
        ask = self.asker is not None and self.request.name is None
        if self.asker is not None and ask:
            self._name = self.asker.name(back=back)
        else:
            self._name = self.request.name or ""
        intake.check_target(self.request.parent / self._name)
        return ask

    def _ask_options(self, back: bool) -> bool:  # noqa: FBT001 (a stage)
        if self.asker is None:
            return False
        defaults, notes = self._defaults()
        free = preset_rules.choosable(self.given.preset, self.questions)
        still_open = [each for each in free if each.id not in self.given.options]
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

    def _defaults(self) -> tuple[dict[str, str | bool], tuple[str, ...]]:
        """Return what each option stands at, and why: preset, then answers, then questionnaire."""
        soft = {name: v for name, v in self.given.soft.items() if isinstance(v, str | bool)}
        settled = {**soft, **self.given.options}
        values, notes = selection.option_defaults(self.questions, self._said.answers, settled)
        values, required = preset_rules.with_required(
            self.given.preset, self.questions, values | soft, self.given.options
        )
        return values, notes + required

    def _decision(self) -> Decision:
        return decide(self.knowledge, self._said, preset=self.given.preset)

    def _draft(self) -> Draft:
        decision = self._decision()
        framework, because = self._framework
        preset = self.given.preset
        defaults, notes = self._defaults()
        options = intake.complete(
            self.questions,
            {**self.given.options, **self._changed},
            defaults,
            self._name,
            framework,
        )
        if preset and (unmet := preset.unmet(options)):
            raise InputError(unmet, "Ask the owner of the preset; nothing was written.")
        ruled = self.given.framework is None and preset_rules.instead(decision)
        if ruled:
            name = decision.name_of(decision.verdict)
            limit = preset_rules.limit(preset, self.knowledge)
            notes = (f"{limit}; by the answers alone it would be {name}.", *notes)
        chosen = selection.Selection(
            framework=framework,
            followed=framework == decision.verdict,
            because=because,
            options=options,
            notes=notes,
            named=not (ruled or self.given.by_preset)
            and (self.asker is not None or self.given.framework is not None),
            tie_break=decision.advice.tie_break,
            marks=preset_rules.marks(preset, options),
        )
        target = self.request.parent / self._name
        return Draft(decision, chosen, target, self.steps)


def _no_framework(advice: Recommendation, allowed: Sequence[str]) -> FrameworkpickError:
    if advice.verdict == NEITHER:
        others = " or ".join(each.name for each in advice.instead)
        message = f"The answers point to neither framework, but to {others}."
    else:
        message = "The answers contradict each other, so there is no recommendation."
    choices = " or ".join(f"--framework {each}" for each in allowed)
    return FrameworkpickError(
        message, f"Nothing was written; to generate anyway, name it: {choices}."
    )
