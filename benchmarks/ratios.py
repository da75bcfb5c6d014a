"""Alternating runs against a baseline, and the table they make."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ratio:
    """One line of the results: something measured side by side with its baseline."""

    #: What was measured, and against what.
    title: str
    #: The measured values, one a round.
    values: tuple[float, ...]
    #: The baseline's values, measured in the same rounds.
    baseline: tuple[float, ...]
    #: Unit of both: "s", "ms" or "requests/s".
    unit: str
    #: The aim, in words.
    aim: str

    def row(self) -> str:
        """Return the line as a row of a Markdown table."""
        ratios = sorted(a / b for a, b in zip(self.values, self.baseline, strict=True))
        middle = statistics.median(ratios)
        own, base = statistics.median(self.values), statistics.median(self.baseline)
        digits = 3 if self.unit == "s" else 0
        return (
            f"| {self.title} | {base:.{digits}f} {self.unit} | {own:.{digits}f} {self.unit} "
            f"| {ratios[0]:.2f} / **{middle:.2f}** / {ratios[-1]:.2f} | {self.aim} |"
        )


def alternate(
    measured: Callable[[], float], baseline: Callable[[], float], rounds: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Measure two things in turn, after one round that does not count.

    The order within a round changes, so that neither always profits from the other's warm caches.
    """
    measured()
    baseline()
    values: list[float] = []
    base: list[float] = []
    for number in range(rounds):
        if number % 2:
            base.append(baseline())
            values.append(measured())
        else:
            values.append(measured())
            base.append(baseline())
    return tuple(values), tuple(base)


def seconds(argv: Sequence[str], cwd: Path | None = None) -> float:
    """Run a command to its end and return its wall-clock time."""
    began = time.perf_counter()
    subprocess.run(argv, cwd=cwd, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    return time.perf_counter() - began


def print_table(ratios: Sequence[Ratio], rounds: int) -> None:
    """Print the results as Markdown, with what they were measured on."""
    load = os.getloadavg()[0]
    print(
        f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, {sys.platform}, "
        f"{os.cpu_count()} cores, load {load:.1f}, {rounds} rounds\n"
    )
    print("| measured against baseline | baseline | measured | ratio min / median / max | aim |")
    print("| --- | --- | --- | --- | --- |")
    for ratio in ratios:
        print(ratio.row())
