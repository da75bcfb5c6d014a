"""What people see: the only door to rich. JSON is written by the standard library."""

from frameworkpick.report import (
    advice,
    comparison,
    drift,
    merge,
    preset,
    project,
    proof,
    record,
    revisited,
)
from frameworkpick.report.page import Page, progress

__all__ = [
    "Page",
    "advice",
    "comparison",
    "drift",
    "merge",
    "preset",
    "progress",
    "project",
    "proof",
    "record",
    "revisited",
]
