"""Runs a program whose output is data: whole, as bytes, and apart from its messages."""

from __future__ import annotations

import contextlib
import os
import subprocess  # nosec B404 # no shell
import threading
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from .ending import LIVE, end
from .running import NOT_FOUND, TIMED_OUT, popen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

#: Seconds that a pipe is still read after the program has ended: a grandchild may hold it open.
_LINGER = 2.0


@dataclass(frozen=True, slots=True)
class Captured:
    """What a finished program wrote."""

    #: Its exit code; negative for a signal, 124 at the deadline, 127 when it could not be started.
    returncode: int
    #: Everything it wrote to standard output.
    stdout: bytes
    #: Everything it wrote to standard error, or why it could not be started.
    stderr: str


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
