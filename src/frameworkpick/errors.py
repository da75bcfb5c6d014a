"""The failures a person can meet: what happened, what to do next, and the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class FrameworkpickError(Exception):
    """An expected failure. Never shown with a traceback.

    Attributes:
        message: One sentence on what happened.
        hint: One sentence on what to do next; may be empty.
        exit_code: The process's exit code.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "", *, exit_code: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if exit_code is not None:
            self.exit_code = exit_code


class InputError(FrameworkpickError):
    """Flags, answers or files that are not valid; carries every problem, not the first.

    Attributes:
        problems: One sentence for each problem found.
    """

    exit_code = 2

    def __init__(self, problems: Sequence[str], hint: str = "") -> None:
        super().__init__("\n".join(problems), hint)
        self.problems = tuple(problems)


class PresetError(InputError):
    """Nothing is wrong with what was given but that a preset forbids it."""

    def __init__(self, problems: Sequence[str], outcome: str = "") -> None:
        also = f"; {outcome}" if outcome else ""
        super().__init__(problems, f"Leave it out, or ask the owner of the preset{also}.")


class CatalogError(FrameworkpickError):
    """The knowledge files are not consistent; the message lists every fault."""


class RenderError(FrameworkpickError):
    """The template could not be rendered; nothing was written."""


class AnswerError(RenderError):
    """The template does not take an answer, or lacks one that has no default.

    Attributes:
        question: Id of the question.
        missing: Whether nobody answered it.
    """

    exit_code = 2

    def __init__(self, message: str, hint: str, *, question: str, missing: bool) -> None:
        super().__init__(message, hint)
        self.question = question
        self.missing = missing


class TargetError(FrameworkpickError):
    """The place to write to cannot be used; nothing was written."""


class StepFailed(FrameworkpickError):  # noqa: N818 (a state of the run, named as the exit-code table names it)
    """The project is written, but a step after it failed."""

    exit_code = 4


class AttentionError(FrameworkpickError):
    """The work is done and a person has to look: a failing probe, drift, conflicts."""

    exit_code = 3


class Cancelled(FrameworkpickError):  # noqa: N818 (a state of the run, not a fault)
    """The person stopped it; nothing half-made is left."""

    exit_code = 130

    def __init__(self, message: str = "Cancelled; nothing was written.") -> None:
        super().__init__(message)


class GoBack(Exception):  # noqa: N818 (no error: a person wants the question before)
    """A person at a prompt goes back to the question before."""
