"""What ``verify`` ends with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class Status(StrEnum):
    """How a probe ended."""

    PASSED = "passed"  #: The project does what the probe asks.
    FAILED = "failed"  #: It does not; the evidence says what happened instead.
    #: The owner took this route out of the project, or there is nothing to compare with.
    ABSENT = "absent"
    SKIPPED = "skipped"  #: Not tried, because something it needs did not pass.


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """One line of the pass table."""

    JSON: ClassVar = ("name", "place", "group", "status", "seconds=rounded", "evidence")

    name: str  #: Name of the probe in plain words, unique in its place.
    group: str  #: The part of the table it belongs to, one of ``probes.GROUPS``.
    status: Status  #: How it ended.
    seconds: float  #: Wall-clock duration.
    #: What was seen: short when it passed; the response and the log's tail when it failed.
    evidence: str
    place: str = "copy"  #: Where it looked, one of ``probes.PLACES``.

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

    @property
    def rounded(self) -> float:
        """The duration to a thousandth of a second."""
        return round(self.seconds, 3)


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """Everything one run of ``verify`` found."""

    JSON: ClassVar = (
        "schema", "ok", "project", "framework", "database", "seconds=rounded", "counts", "probes",
    )  # fmt: skip

    project: str  #: The project's name, as given when it was generated.
    framework: str  #: The framework's id.
    database: str  #: "sqlite" or "postgresql": what the server ran on.
    probes: tuple[ProbeResult, ...]  #: Every probe in the order of the table.
    seconds: float  #: Wall-clock duration of the whole run.

    @property
    def ok(self) -> bool:
        """Whether no probe failed."""
        return all(probe.ok for probe in self.probes)

    @property
    def exit_code(self) -> int:
        """0, or 3 when a probe failed."""
        return 0 if self.ok else 3

    @property
    def counts(self) -> dict[str, int]:
        """How many probes ended in each way."""
        return {each.value: sum(p.status is each for p in self.probes) for each in Status}

    @property
    def rounded(self) -> float:
        """The duration to a thousandth of a second."""
        return round(self.seconds, 3)
