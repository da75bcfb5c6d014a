"""What a probe found: plain values, ready for a table or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.core.results.proof import ProbeResult, Status, VerifyResult

if TYPE_CHECKING:
    from collections.abc import Iterable

    from frameworkpick.process import Completed

__all__ = [
    "GROUPS",
    "PLACES",
    "ProbeResult",
    "Status",
    "VerifyResult",
    "outcome",
    "skipped",
    "tail",
]

#: Where a probe looked, in the order of the pass table: the copy installed on this machine, a
#: container of the project's image, the services of its compose file.
PLACES = ("copy", "image", "compose")
#: The parts of the pass table within a place, in order.
GROUPS = (
    "image", "compose",
    "setup", "service", "accounts", "items", "errors", "headers", "server", "checks",
)  # fmt: skip


def skipped(reason: str, names: Iterable[tuple[str, str]]) -> list[ProbeResult]:
    """Return a line for each probe, given as name and group, that cannot be tried."""
    return [
        ProbeResult(name, group, Status.SKIPPED, 0.0, f"needs: {reason}") for name, group in names
    ]


def outcome(name: str, group: str, done: Completed, command: str) -> ProbeResult:
    """Return the result of a program, with the end of what it said if it failed.

    Args:
        name: The probe.
        group: Its part of the table.
        done: What the program left behind.
        command: How a person would have called it.
    """
    if done.ok:
        return ProbeResult(name, group, Status.PASSED, done.seconds, "")
    evidence = f"`{command}` ended with {done.returncode}.\n\n{tail(done.output, 40)}"
    return ProbeResult(name, group, Status.FAILED, done.seconds, evidence)


def tail(text: str, lines: int = 25) -> str:
    """Return the last lines of a text."""
    return "\n".join(text.rstrip().splitlines()[-lines:])
