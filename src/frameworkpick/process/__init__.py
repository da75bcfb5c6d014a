"""Runs other programs: the only importer of :mod:`subprocess`.

Every program gets its own process group and no terminal, so that a timeout or Ctrl-C ends it
together with everything it started. Nothing goes through a shell.
"""

from __future__ import annotations

import shutil

from .capturing import Captured, capture, relay
from .ending import held_signals, no_survivors, tidy_end
from .running import CANCELLED, NOT_FOUND, OUTPUT_LIMIT, TIMED_OUT, Completed, Server, run, start

__all__ = [
    "CANCELLED",
    "NOT_FOUND",
    "OUTPUT_LIMIT",
    "TIMED_OUT",
    "Captured",
    "Completed",
    "Server",
    "capture",
    "find_uv",
    "held_signals",
    "no_survivors",
    "relay",
    "run",
    "start",
    "tidy_end",
]


def find_uv() -> str | None:
    """Return the path of uv: the one on PATH, else the one of the ``uv`` package, else ``None``."""
    if found := shutil.which("uv"):
        return found
    try:
        import uv  # noqa: PLC0415 (only looked up when needed)

        return uv.find_uv_bin()
    except (ImportError, FileNotFoundError):
        return None
