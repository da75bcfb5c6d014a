"""The command line: flags in, verb called, result printed, error to exit code.

Whatever a verb needs is imported inside it: ``--version`` and ``--help`` load nothing but Typer.
"""

import errno
import sys
from typing import Annotated

import typer

from frameworkpick import __version__
from frameworkpick.cli.contradictions import Command
from frameworkpick.cli.decide import compare, recommend
from frameworkpick.cli.generate import new
from frameworkpick.cli.maintain import add, check, remove, update, verify
from frameworkpick.cli.preset import presets
from frameworkpick.cli.schema import schema
from frameworkpick.cli.streams import drop, make_patient
from frameworkpick.errors import Cancelled, FrameworkpickError, InputError

#: Errors of a disk, or of what else is written to, that takes no more.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

app = typer.Typer(
    name="frameworkpick",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:  # noqa: FBT001 (Typer calls it)
    if wanted:
        typer.echo(f"frameworkpick {__version__}")
        raise typer.Exit


@app.callback()
def program(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", "-V", callback=_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Pick FastAPI or Flask with reasons, and get a proven project in a minute."""


for _verb in (new, recommend, compare, verify, update, check, add, remove):
    app.command(cls=Command)(_verb)
app.add_typer(presets)
app.command(cls=Command)(schema)


def main() -> None:
    """Run the program and end the process with its exit code."""
    make_patient()
    try:
        app(prog_name="frameworkpick")
    except FrameworkpickError as error:
        _show_failure(error)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno not in _FULL:
            raise
        where = f" to {error.filename}" if error.filename else ""
        failure = f"Nothing more could be written{where}: {error.strerror}."
        _show_failure(FrameworkpickError(failure, "Make room, and run the command again."))
        drop(sys.stdout)
        sys.exit(1)
    except SystemExit as ending:
        if ending.code == Cancelled.exit_code:  # Typer turns Ctrl-C into this, and says nothing
            typer.echo("Cancelled.", err=True)
        raise


def _show_failure(error: FrameworkpickError) -> None:
    problems = error.problems if isinstance(error, InputError) else (error.message,)
    lines = [f"Error: {problem}" for problem in problems]
    if isinstance(error, Cancelled):
        lines = [error.message]
    if error.hint:
        lines.append(f"Hint: {error.hint}")
    for line in lines:
        typer.echo(line, err=True)
