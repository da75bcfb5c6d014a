"""Runs the steps after a project is written, and says of each what became of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from frameworkpick import __version__, steps
from frameworkpick.core.plan import StepOutcome
from frameworkpick.errors import FrameworkpickError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from frameworkpick.core.plan import Step
    from frameworkpick.probes import VerifyResult
    from frameworkpick.process import Ending


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of the steps."""

    outcomes: tuple[StepOutcome, ...] = ()  #: How each ended.
    proof: VerifyResult | None = None  #: The result of ``--verify``.
    cancelled: int = 0  #: The exit code of the request to end that kept a step from being done.


def finish(
    planned: Sequence[Step],
    project: Path,
    options: Mapping[str, object],
    *,
    template_url: str | None,
    ending: Ending,
    progress: Callable[[str], None],
) -> Finished:
    """Run the steps; one that fails does not stop the others, a request to end does.

    Args:
        planned: The steps, in their order.
        project: The project's folder; it is whole, whatever comes of the steps.
        options: The options of the questionnaire.
        template_url: Address of the template, when somebody chose it.
        ending: Notes requests to end.
        progress: Called with a sentence when a step begins.
    """
    outcomes: list[StepOutcome] = []
    proof: VerifyResult | None = None
    for step in planned:
        if not ending.asked.is_set():
            progress(step.title)
        match step.id:
            case "install":
                python = str(options["python_version"])
                outcomes.append(steps.install(step, project, python, ending.asked))
            case "git":
                message = f"Start {options['project_name']} from frameworkpick {__version__}"
                outcomes.append(steps.commit(step, project, message, ending.asked))
            case "verify":
                proof, outcome = _prove(step, project, template_url, ending, progress)
                outcomes.append(outcome)
    missed = any(outcome.cancelled for outcome in outcomes)
    return Finished(tuple(outcomes), proof, ending.code if missed else 0)


def _prove(
    step: Step,
    project: Path,
    template_url: str | None,
    ending: Ending,
    progress: Callable[[str], None],
) -> tuple[VerifyResult | None, StepOutcome]:
    from frameworkpick.commands import verify  # noqa: PLC0415 (only with --verify)

    command, began = "frameworkpick verify", time.monotonic()
    proof: VerifyResult | None = None
    detail = ""
    if not ending.asked.is_set():
        try:
            with ending.raised():
                request = verify.VerifyRequest(project, template_url=template_url)
                proof = verify.run(request, progress=progress)
        except FrameworkpickError as error:
            detail = " ".join(filter(None, (error.message, error.hint)))
    seconds = time.monotonic() - began
    if proof and proof.ok:
        return proof, StepOutcome(step, "done", "", "", seconds)
    if proof:
        detail = "At least one probe failed."
    if not detail:
        return None, steps.cancelled(step, command, seconds)
    return proof, steps.undone(step, detail, command, seconds)
