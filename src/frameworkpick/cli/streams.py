"""What the verbs share: a person to ask, if there is one, and JSON on standard output."""

import sys
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from frameworkpick.cli.asker import TerminalAsker


def asker_at_terminal(*, wanted: bool, limit: int | None = 5) -> "TerminalAsker | None":
    """Return the questions to a person, or nothing when there is none to ask."""
    if not (wanted and sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    from frameworkpick.cli.asker import TerminalAsker  # noqa: PLC0415

    return TerminalAsker(limit=limit)


def noted(*, quiet: bool) -> "Callable[[str], None]":
    """Return what tells something in passing: on standard error, unless a person wants quiet."""
    return (lambda _: None) if quiet else (lambda text: typer.echo(text, err=True))


def print_json(data: object) -> None:
    """Print plain values as JSON, and nothing else."""
    from json import dumps  # noqa: PLC0415

    typer.echo(dumps(data, indent=2))
