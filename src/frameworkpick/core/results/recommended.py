"""What ``recommend`` and ``compare`` end with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

if TYPE_CHECKING:
    from frameworkpick.core.decision import Decision
    from frameworkpick.core.revisit import Changed


@dataclass(frozen=True, slots=True)
class RecommendResult:
    """The recommendation, and what became of an old project's."""

    JSON: ClassVar = ("*decision", "preset=decision.preset", "changed!")

    decision: Decision  #: The verdict with its reasons, and everything it rests on.
    changed: Annotated[Changed | None, "With --from: what is different from the record."] = None
    stands: bool = False  #: Whether a new record was asked for and none was due.
