"""Starts programs and waits for them, or keeps what they write: as text, or as bytes."""

from __future__ import annotations

import contextlib
import os
import subprocess  # nosec B404 # no shell
import threading
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from .signals import LIVE, end, held_signals, kill_group

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

#: Bytes kept of a program's output; what lies between the beginning and the end is dropped.
OUTPUT_LIMIT = 256 * 1024
#: Exit code reported for a program that cannot be started, as a shell does.
NOT_FOUND = 127
#: Exit code reported for a program that was ended at its deadline, as ``timeout(1)`` does.
TIMED_OUT = 124
#: Exit code reported for a program that was ended because its caller was cancelled.
CANCELLED = 130
#: Seconds that a pipe is still read after the program has ended: a grandchild may hold it open.
_LINGER = 2.0


@dataclass(frozen=True, slots=True)
class Completed:
    """What a finished program left behind."""

    argv: tuple[str, ...]  #: The program and its arguments.
    #: Its exit code; negative for a signal, 124 at the deadline, 127 when it could not be started,
    #: 130 when cancelled.
    returncode: int
    #: Standard output and standard error as they came, at most :data:`OUTPUT_LIMIT` bytes.
    output: str
    seconds: float  #: Wall-clock duration in seconds.

    @property
    def ok(self) -> bool:
        """Whether the program ended with exit code 0."""
        return self.returncode == 0

    @property
    def cancelled(self) -> bool:
        """Whether it was ended because its caller was cancelled."""
        return self.returncode == CANCELLED

    @property
    def ended_early(self) -> bool:
        """Whether a signal ended it, and so anywhere in its work."""
        return self.returncode in {CANCELLED, TIMED_OUT} or self.returncode < 0


class _Tail:
    """Collects a stream in a thread and keeps its beginning and its end."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._head = bytearray()
        self._tail = bytearray()
        self._dropped = 0
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        half = OUTPUT_LIMIT // 2
        with self._stream as stream:
            while chunk := os.read(stream.fileno(), 65536):
                room = half - len(self._head)
                self._head += chunk[:room]
                self._tail += chunk[room:]
                if (extra := len(self._tail) - half) > 0:
                    del self._tail[:extra]
                    self._dropped += extra

    def text(self) -> str:
        # A grandchild may hold the pipe open; what has come by then is enough.
        self._thread.join(timeout=2.0)
        gap = f"\n... {self._dropped} bytes left out ...\n".encode() if self._dropped else b""
        return (bytes(self._head) + gap + bytes(self._tail)).decode("utf-8", "replace")


def run(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    timeout: float,
    cancel: threading.Event | None = None,
    inherited: int | None = None,
) -> Completed:
    """Run a program to its end and collect its output.

    Args:
        argv: The program and its arguments; no shell is involved.
        cwd: The folder to run in.
        env: The whole environment of the program; ``None`` inherits ours.
        timeout: Seconds after which the program and all it started are ended.
        cancel: Ends it too when set, from another thread; Ctrl-C reaches the main thread only.
        inherited: A handle of ours that it keeps open, also when we are killed.

    Returns:
        The result, whatever the exit code. Ctrl-C ends the program and is raised again.
    """
    began = time.monotonic()
    try:
        process = popen(argv, cwd=cwd, env=env, output=subprocess.PIPE, inherited=inherited)
    except OSError as error:
        return Completed(tuple(argv), NOT_FOUND, str(error), time.monotonic() - began)
    assert process.stdout is not None  # noqa: S101 (asked for a pipe above) # nosec B101
    tail = _Tail(process.stdout)
    try:
        returncode, note = _wait(process, began + timeout, cancel)
    except BaseException:
        end(process, interrupt=True)
        raise
    finally:
        LIVE.discard(process)
    return Completed(tuple(argv), returncode, tail.text() + note, time.monotonic() - began)


def _wait(
    process: subprocess.Popen[bytes], deadline: float, cancel: threading.Event | None
) -> tuple[int, str]:
    """Wait for the end; return the exit code to report and a note for the output."""
    while True:
        if cancel is not None and cancel.is_set():
            end(process, interrupt=True)
            return CANCELLED, "\n(cancelled)\n"
        left = deadline - time.monotonic()
        if left <= 0:
            end(process)
            return TIMED_OUT, "\n(ended at its deadline)\n"
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(left if cancel is None else min(left, 0.2)), ""


class Server:
    """A program running in the background, its output going to a file."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        #: Process id of the program, which also leads its process group.
        self.pid = process.pid

    def poll(self) -> int | None:
        """Return the exit code once the program has ended, else ``None``."""
        return self._process.poll()

    def stop(self, grace: float) -> int:
        """Ask the program to end, as a process supervisor does.

        Args:
            grace: Seconds to wait after SIGTERM before the whole process group is killed.

        Returns:
            The exit code; ``-9`` when the program had to be killed.
        """
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(grace)
        except subprocess.TimeoutExpired:
            pass
        finally:
            kill_group(self._process)
        code = self._process.wait()
        LIVE.discard(self._process)
        return code


def start(
    argv: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None, log: Path
) -> Server:
    """Start a program in the background.

    Args:
        argv: The program and its arguments; no shell is involved.
        cwd: The folder to run in.
        env: The whole environment of the program; ``None`` inherits ours.
        log: File that receives standard output and standard error.

    Returns:
        The running program; the caller must ``stop`` it.

    Raises:
        OSError: The program cannot be started.
    """
    with log.open("wb") as output:
        return Server(popen(argv, cwd=cwd, env=env, output=output))


def popen(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str] | None,
    output: int | IO[bytes],
    stdin: int = subprocess.DEVNULL,
    errors: int = subprocess.STDOUT,
    inherited: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program at the head of a process group of its own, without a terminal."""
    # No signal may come between the start and the list that the way out goes through.
    with held_signals():
        process = subprocess.Popen(  # noqa: S603 (the callers' own commands, no shell) # nosec B603
            list(argv),
            cwd=cwd,
            env=dict(env) if env is not None else None,
            stdin=stdin,
            stdout=output,
            stderr=errors,
            start_new_session=True,
            pass_fds=() if inherited is None else (inherited,),
        )
        LIVE.add(process)
    return process


@dataclass(frozen=True, slots=True)
class Captured:
    """What a finished program wrote."""

    #: Its exit code; negative for a signal, 124 at the deadline, 127 when it could not be started.
    returncode: int
    stdout: bytes  #: Everything it wrote to standard output.
    stderr: str  #: Everything it wrote to standard error, or why it could not be started.


class _Reader:
    """Reads a stream to its end in a thread."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._parts: list[bytes] = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with self._stream as stream:
            while chunk := os.read(stream.fileno(), 1 << 16):
                self._parts.append(chunk)

    def whole(self) -> bytes:
        self._thread.join(timeout=_LINGER)
        return b"".join(self._parts)


def capture(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    timeout: float,
    stdin: bytes = b"",
) -> Captured:
    """Run a program to its end and keep what it wrote, standard output and error apart.

    Args:
        argv: The program and its arguments; no shell is involved.
        cwd: The folder to run in.
        env: The whole environment of the program; ``None`` inherits ours.
        timeout: Seconds after which the program and all it started are ended.
        stdin: What it reads from standard input.

    Returns:
        The result, whatever the exit code. Ctrl-C ends the program and is raised again.
    """
    try:
        process = popen(
            argv, cwd=cwd, env=env, output=subprocess.PIPE,
            stdin=subprocess.PIPE, errors=subprocess.PIPE,
        )  # fmt: skip
    except OSError as error:
        return Captured(NOT_FOUND, b"", str(error))
    assert process.stdin is not None  # noqa: S101 (asked for pipes above) # nosec B101
    assert process.stdout is not None  # noqa: S101 # nosec B101
    assert process.stderr is not None  # noqa: S101 # nosec B101
    out, err = _Reader(process.stdout), _Reader(process.stderr)
    threading.Thread(target=_feed, args=(process.stdin, stdin), daemon=True).start()
    note = ""
    try:
        returncode = process.wait(timeout)
    except subprocess.TimeoutExpired:
        end(process)
        returncode, note = TIMED_OUT, f"ended after {timeout:g} seconds\n"
    except BaseException:
        end(process, interrupt=True)
        raise
    finally:
        LIVE.discard(process)
    return Captured(returncode, out.whole(), err.whole().decode("utf-8", "replace") + note)


def _feed(stream: IO[bytes], data: bytes) -> None:
    # A program may end without having read everything.
    with contextlib.suppress(OSError), stream:
        stream.write(data)


def relay(argv: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> int:
    """Let a program talk with our caller through our own standard streams.

    It stays in our process group, so what ends us ends it.

    Args:
        argv: The program and its arguments; no shell is involved.
        cwd: The folder to run in.
        env: The whole environment of the program.

    Returns:
        Its exit code; 127 when it could not be started.
    """
    try:
        return subprocess.call(list(argv), cwd=cwd, env=dict(env))  # noqa: S603 (no shell) # nosec B603
    except OSError:
        return NOT_FOUND
