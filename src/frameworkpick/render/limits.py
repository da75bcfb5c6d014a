"""Bounds what a template may take: seconds of computing, and memory, where the system counts them.

A template is somebody else's program, though one without files and network: it can still go on
for ever. Counted is this process's own time, so a busy machine ends no render early.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from frameworkpick.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Sets the seconds, for a template that needs more.
VARIABLE = "FRAMEWORKPICK_RENDER_SECONDS"
#: Seconds of computing that one render may take; the built-in templates take half of one.
_SECONDS = 30.0
#: Bytes that one render may take beside what is in use already.
_BYTES = 1024**3


class TooLong(BaseException):
    """The time is up; no ``Exception``, for Copier passes over some of those."""


@contextmanager
def limited() -> Iterator[None]:
    """Let what runs inside take so long and so much; Windows counts neither.

    Raises:
        RenderError: It took longer, or more.
    """
    seconds = _seconds()
    try:
        with _timed(seconds), _bounded():
            yield
    except TooLong as error:
        raise RenderError(
            f"The template was ended: it still rendered after {seconds:g} seconds of computing.",
            f"Have its owner look for a loop in it; {VARIABLE} allows more seconds.",
        ) from error
    except MemoryError as error:
        raise RenderError(
            f"The template was ended: it wanted more than {_BYTES // 1024**2} MiB of memory.",
            "Have its owner look for a loop in it.",
        ) from error


def _seconds() -> float:
    try:
        given = float(os.environ.get(VARIABLE, ""))
    except ValueError:
        return _SECONDS
    return given if 0 < given < float("inf") else _SECONDS


@contextmanager
def _timed(seconds: float) -> Iterator[None]:
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return
    import signal  # noqa: PLC0415 (what follows is POSIX only)

    def up(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGPROF, up)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def _bounded() -> Iterator[None]:
    # Elsewhere the limit is not kept, or what is in use not known; and it is the whole process's,
    # so that threads would take their own for each other's.
    if sys.platform != "linux" or threading.current_thread() is not threading.main_thread():
        yield
        return
    import resource  # noqa: PLC0415 (POSIX only)

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    with open("/proc/self/statm", encoding="ascii") as sizes:  # noqa: PTH123 (no file of ours)
        used = int(sizes.read().split()[0]) * resource.getpagesize()
    limits = [each for each in (soft, hard, used + _BYTES) if each != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(limits), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
