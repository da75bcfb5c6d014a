"""Ends programs with all they started, and lets this one end tidily."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess  # nosec B404 # no shell
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Seconds a program that is ended early has to tidy up before it is killed.
GRACE = 5.0
#: Programs that were started and not yet waited for.
LIVE: set[subprocess.Popen[bytes]] = set()


class _Held:
    """Whether a signal has to wait, and the one that does."""

    active = False
    number: int | None = None
    too_late = False  #: What could be cancelled is done.
    noted: Ending | None = None  #: Who wants to know of a signal, instead of being ended by it.


class Ending:
    """Requests to end, from when on they are only noted: what is done then is said.

    Attributes:
        asked: Set by the first request; programs that are given it end then.
        code: The exit code that belongs to it; 0 until then.
    """

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.code = 0

    def note(self) -> None:
        """Only note requests from now on, to the end of :func:`tidy_end`, however many come."""
        _Held.noted = self

    def add(self, number: int) -> None:
        """Note one."""
        self.code = self.code or 128 + number
        self.asked.set()

    @contextlib.contextmanager
    def raised(self) -> Iterator[None]:
        """Let requests raise within the block, as they do without :meth:`note`; note those too."""
        _Held.noted = None
        try:
            yield
        except KeyboardInterrupt:
            self.add(signal.SIGINT)
        except SystemExit as ending:
            self.add(ending.code - 128 if isinstance(ending.code, int) else 0)
        finally:
            _Held.noted = self


@contextlib.contextmanager
def tidy_end(*, last: bool = False) -> Iterator[Ending]:
    """Let a request to end (SIGTERM, a closed terminal) run the way out that Ctrl-C runs.

    Without it the process would end at once, and leave behind what it has started. What the caller
    of this process ignores (``nohup``) stays ignored.

    Args:
        last: Nothing follows but the end of the process: after :func:`too_late_to_cancel` no signal
            is heeded any more.
    """
    ending = Ending()
    if threading.current_thread() is not threading.main_thread():
        yield ending
        return
    numbers = [signal.SIGINT, signal.SIGTERM]
    if sys.platform != "win32":
        numbers.append(signal.SIGHUP)
    usual = {signal.SIG_DFL, signal.default_int_handler}
    before = {n: handler for n in numbers if (handler := signal.getsignal(n)) in usual}
    if before:
        _Held.too_late = False
    for number in before:
        signal.signal(number, _on_signal)
    try:
        yield ending
    finally:
        if before and not (last and _Held.too_late):
            _Held.too_late = False
            for number, handler in before.items():
                # One more Ctrl-C must not cut off what is said of those that were noted.
                deaf = ending.code and number == signal.SIGINT
                signal.signal(number, signal.SIG_IGN if deaf else handler)
        if _Held.noted is ending:
            _Held.noted = None


def too_late_to_cancel() -> None:
    """Heed no signal until :func:`heed_signals`: all is done, and only has to be told."""
    _Held.too_late = True


def heed_signals() -> None:
    """Heed signals again: it is told, and something else begins."""
    _Held.too_late, _Held.number = False, None


@contextlib.contextmanager
def no_survivors() -> Iterator[None]:
    """Kill, on the way out, whatever was started within and still runs."""
    before = frozenset(LIVE)
    try:
        yield
    finally:
        for process in LIVE - before:
            kill_group(process)
            process.wait()
            LIVE.discard(process)


@contextlib.contextmanager
def held_signals() -> Iterator[None]:
    """Keep the signals of :func:`tidy_end` waiting until the end of the (outermost) block."""
    if _Held.active or threading.current_thread() is not threading.main_thread():
        yield  # Signals never interrupt another thread.
        return
    _Held.active = True
    try:
        yield
    finally:
        _Held.active = False
        number, _Held.number = _Held.number, None
        if number is not None and not _Held.too_late:
            _leave(number)


def _on_signal(number: int, _frame: object) -> None:
    if _Held.noted:
        _Held.noted.add(number)
    elif _Held.active or _Held.too_late:
        _Held.number = number
    else:
        _leave(number)


def _leave(number: int) -> None:
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    sys.exit(128 + number)


def end(process: subprocess.Popen[bytes], *, interrupt: bool = False) -> None:
    """End a program and all it started: ask, wait for a grace period, kill.

    Args:
        process: The program.
        interrupt: Ask with SIGINT instead of SIGTERM: a Ctrl-C is passed on as one, so that a test
            suite, for one, tidies up after itself.
    """
    _signal_group(process, signal.SIGINT if interrupt else signal.SIGTERM)
    try:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
    finally:
        kill_group(process)
        process.wait()


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a program and all it started at once."""
    if sys.platform == "win32":
        process.kill()
    else:
        _signal_group(process, signal.SIGKILL)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if sys.platform == "win32":
        process.terminate()
        return
    # The group outlives its leader while a member runs, so it is signalled even after that.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
