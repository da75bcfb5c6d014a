"""Runs other programs: the only importer of :mod:`subprocess`.

Every program gets its own process group and no terminal, so that a timeout or Ctrl-C ends it
together with everything it started. Nothing goes through a shell.
"""

from __future__ import annotations

from .program import (
    CANCELLED,
    NOT_FOUND,
    OUTPUT_LIMIT,
    TIMED_OUT,
    Captured,
    Completed,
    Server,
    capture,
    relay,
    run,
    start,
)
from .signals import (
    Ending,
    heed_signals,
    held_signals,
    no_survivors,
    tidy_end,
    too_late_to_cancel,
)
from .uv import OLDEST as OLDEST_UV
from .uv import find_uv, foreign_to_uv

__all__ = [
    "CANCELLED",
    "NOT_FOUND",
    "OLDEST_UV",
    "OUTPUT_LIMIT",
    "TIMED_OUT",
    "Captured",
    "Completed",
    "Ending",
    "Server",
    "capture",
    "find_uv",
    "foreign_to_uv",
    "heed_signals",
    "held_signals",
    "no_survivors",
    "relay",
    "run",
    "start",
    "tidy_end",
    "too_late_to_cancel",
]
