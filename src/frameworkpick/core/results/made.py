"""What ``new`` ends with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frameworkpick.core.decision import Decision
    from frameworkpick.core.plan import Plan, StepOutcome
    from frameworkpick.core.results.proof import VerifyResult


@dataclass(frozen=True, slots=True)
class NewResult:
    """What was written, or would be."""

    JSON: ClassVar = (
        "schema", "written", "*plan", "steps=outcomes", "planned=plan.planned", "command",
        "recommendation=decision", "preset=decision.preset", "verify=proof", "seconds",
    )  # fmt: skip

    plan: Plan  #: Target, selection, files and steps.
    decision: Decision  #: The advice, and what it rests on.
    command: Annotated[str, "Writes the same project again."]
    written: Annotated[bool, "False for a dry run."]
    outcomes: tuple[StepOutcome, ...] = ()  #: How the steps ended.
    proof: VerifyResult | None = None  #: The result of ``--verify``.
    cancelled: int = 0  #: The exit code of a request to end that kept a step from being done.
    seconds: float = 0.0  #: Wall-clock duration of rendering.
    serve: Sequence[str] = ()  #: The words that serve it; ``{package}`` and the like are open.
    template_url: str | None = None  #: Address of the template, when somebody chose it.

    @property
    def framework_name(self) -> str:
        """Name of the generated framework, for people."""
        return self.decision.name_of(self.plan.selection.framework)

    @property
    def exit_code(self) -> int:
        """4 when a step that was asked for failed, 130 when one was cancelled, else 0."""
        failed = any(outcome.status == "failed" for outcome in self.outcomes)
        return self.cancelled or (4 if failed else 0)
