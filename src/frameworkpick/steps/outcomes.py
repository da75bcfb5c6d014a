"""How a step that could not be done is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.core.plan import Status, Step, StepOutcome

if TYPE_CHECKING:
    from frameworkpick import process

CANCELLED = "Cancelled."
_LAST_LINES = 12


def undone(step: Step, detail: str, command: str, seconds: float = 0.0) -> StepOutcome:
    """Return the outcome of a step that was not done: a failure if it was asked for by name."""
    status: Status = "failed" if step.required and detail != CANCELLED else "not_done"
    return StepOutcome(step, status, detail, command, seconds)


def why(done: process.Completed, otherwise: str = "") -> str:
    """Return what a program that failed said at its end."""
    if done.cancelled:
        return CANCELLED
    return "\n".join(done.output.strip().splitlines()[-_LAST_LINES:]) or otherwise
