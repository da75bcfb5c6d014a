"""What the verbs share: a person to ask, if there is one, and JSON on standard output."""

import os
import sys
from contextlib import contextmanager, redirect_stdout
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, TextIO, cast

import typer

from frameworkpick.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from frameworkpick.cli.asker import TerminalAsker


class _Patient:
    """A stream whose reader may have had enough (``| head -1``): the work goes on without it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except BrokenPipeError:
            drop(self._stream)
            return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except BrokenPipeError:
            drop(self._stream)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def make_patient() -> None:
    """Let the work go on whatever becomes of the streams: closed, unread, or of few characters."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by the caller, as in `<&-`
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115
    if isinstance(sys.stdout, TextIOWrapper):
        # A terminal that cannot show a character shows its code; that is no reason to fail.
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.stdout, sys.stderr = (
        cast("TextIO", _Patient(sys.stdout)),
        cast("TextIO", _Patient(sys.stderr)),
    )


def drop(stream: TextIO) -> None:
    """Forget what a stream cannot take: the interpreter would try once more, and complain."""
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def asker_at_terminal(*, wanted: bool, limit: int | None = 5) -> "TerminalAsker | None":
    """Return the questions to a person, or nothing when there is none to ask."""
    if not (wanted and sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    from frameworkpick.cli.asker import TerminalAsker  # noqa: PLC0415

    return TerminalAsker(limit=limit)


def refuse_two_on_stdout(save_answers: "Path | None", other: str | None) -> None:
    """Refuse answers on standard output beside something else that was asked for there.

    Raises:
        InputError: ``--save-answers -`` and another flag both want it.
    """
    if str(save_answers) == "-" and other:
        raise InputError(
            [f"--save-answers - and {other} both write to standard output."],
            "Save the answers to a file.",
        )


@contextmanager
def beside(save_answers: "Path | None") -> "Iterator[None]":
    """Leave standard output to the answers, when they are saved there: reports go to the other."""
    if str(save_answers) != "-":
        yield
        return
    with redirect_stdout(sys.stderr):
        yield


def noted(*, quiet: bool) -> "Callable[[str], None]":
    """Return what tells something in passing: on standard error, unless a person wants quiet."""
    return (lambda _: None) if quiet else (lambda text: typer.echo(text, err=True))


def print_json(data: object) -> None:
    """Print plain values as JSON, and nothing else."""
    from json import dumps  # noqa: PLC0415

    typer.echo(dumps(data, indent=2))


def print_result(result: object) -> None:
    """Print what a verb ended with as JSON."""
    from frameworkpick.core.forms import plain  # noqa: PLC0415

    print_json(plain(result))
