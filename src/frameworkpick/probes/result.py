"""What a probe found: plain values, ready for a table or JSON."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from frameworkpick.process import Completed

#: Where a probe looked, in the order of the pass table: the copy installed on this machine, a
#: container of the project's image, the services of its compose file.
PLACES = ("copy", "image", "compose")
#: The parts of the pass table within a place, in order.
GROUPS = (
    "image", "compose",
    "setup", "service", "accounts", "items", "errors", "headers", "server", "checks",
)  # fmt: skip


class Status(StrEnum):
    """How a probe ended."""

    #: The project does what the probe asks.
    PASSED = "passed"
    #: It does not; the evidence says what happened instead.
    FAILED = "failed"
    #: The owner took this route out of the project, or there is nothing to compare with.
    ABSENT = "absent"
    #: Not tried, because something it needs did not pass.
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """One line of the pass table."""

    #: Name of the probe in plain words, unique in its place.
    name: str
    #: The part of the table it belongs to, one of :data:`GROUPS`.
    group: str
    #: How it ended.
    status: Status
    #: Wall-clock duration in seconds.
    seconds: float
    #: What was seen: short when it passed; the response and the log's tail when it failed.
    evidence: str
    #: Where it looked, one of :data:`PLACES`.
    place: str = "copy"

    @property
    def passed(self) -> bool:
        """Whether what the probe asks was seen."""
        return self.status is Status.PASSED

    @property
    def ok(self) -> bool:
        """Whether the probe is no reason to fail the run.

        A skipped probe is none by itself: what it needed has failed, or is absent on purpose.
        """
        return self.status is not Status.FAILED


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


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """Everything one run of ``verify`` found."""

    #: The project's name, as given when it was generated.
    project: str
    #: The framework's id.
    framework: str
    #: "sqlite" or "postgresql": what the server ran on.
    database: str
    #: Every probe in the order of the table.
    probes: tuple[ProbeResult, ...]
    #: Wall-clock duration of the whole run in seconds.
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether no probe failed."""
        return all(probe.ok for probe in self.probes)

    @property
    def exit_code(self) -> int:
        """0, or 3 when a probe failed."""
        return 0 if self.ok else 3

    def as_json(self) -> dict[str, object]:
        """Return the result as JSON-ready data with a fixed order of keys."""
        return {
            "schema": 1,
            "ok": self.ok,
            "project": self.project,
            "framework": self.framework,
            "database": self.database,
            "seconds": round(self.seconds, 3),
            "counts": {
                status.value: sum(probe.status is status for probe in self.probes)
                for status in Status
            },
            "probes": [
                {
                    "name": probe.name,
                    "place": probe.place,
                    "group": probe.group,
                    "status": probe.status.value,
                    "seconds": round(probe.seconds, 3),
                    "evidence": probe.evidence,
                }
                for probe in self.probes
            ],
        }
