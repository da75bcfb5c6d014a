"""How the pass table of a proven project reads."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from frameworkpick.core.results.proof import ProbeResult, VerifyResult
    from frameworkpick.report.page import Page, Tone

_TONES: dict[str, Tone] = {"passed": "good", "failed": "bad"}
_INDENT = 10
#: Groups whose evidence is worth a look also when all is well: sizes, users, ports.
_TOLD = {"image", "compose"}


def table(page: Page, proof: VerifyResult) -> None:
    """Write one line for each probe, the evidence of those that failed, and the sum."""
    page.line(f"{proof.project} ({proof.framework}, {proof.database})", tone="strong")
    width = max((len(probe.name) for probe in proof.probes), default=0)
    for heading, probes in groupby(proof.probes, key=_heading):
        page.heading(heading)
        for probe in probes:
            _line(page, probe, width)
    page.line()
    page.line(_sum(proof), tone="bad" if _count(proof, "failed") else "good")


def _heading(probe: ProbeResult) -> str:
    return probe.group if probe.place in {"copy", probe.group} else f"{probe.place}: {probe.group}"


def _line(page: Page, probe: ProbeResult, width: int) -> None:
    word = probe.status.upper() if probe.status == "failed" else probe.status
    tone = _TONES.get(probe.status, "plain")
    took = f"{probe.seconds:7.2f} s" if probe.status in _TONES else ""
    if probe.status == "passed" and probe.group in _TOLD:
        took = f"{took}  {probe.evidence}"
    page.line(f"{probe.name:<{width}}{took}".rstrip(), indent=_INDENT, mark=f"  {word}", tone=tone)
    if probe.status == "failed":
        page.verbatim(probe.evidence, indent=_INDENT + 2)
    elif probe.status != "passed" and probe.evidence:
        page.line(probe.evidence, indent=_INDENT + 2)


def _count(proof: VerifyResult, status: str) -> int:
    return sum(probe.status == status for probe in proof.probes)


def _sum(proof: VerifyResult) -> str:
    counts = [
        f"{number} {status}"
        for status in ("passed", "failed", "absent", "skipped")
        if (number := _count(proof, status))
    ]
    return f"{', '.join(counts) or 'nothing tried'} in {proof.seconds:.1f} s"
