"""The command line: flags in, verb called, result printed, error to exit code.

Whatever a verb needs is imported inside it: ``--version`` and ``--help`` load nothing but Typer.
"""

import gc
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from frameworkpick import __version__
from frameworkpick.cli.flags import Answers, AnswersFile, Json, Quiet, SaveAnswers, Yes, flag
from frameworkpick.errors import Cancelled, FrameworkpickError, InputError

if TYPE_CHECKING:
    from frameworkpick.cli.asker import TerminalAsker

#: Allocations between two looks for garbage.
_GARBAGE_THRESHOLD = 100_000

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


@app.command()
def new(  # noqa: PLR0913 (one parameter for each flag)
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="The project's name.")] = None,
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Make the project's folder in here."),
    ] = None,
    answer: Answers = None,
    answers: AnswersFile = None,
    save_answers: SaveAnswers = None,
    framework: Annotated[str | None, flag("ID", "Use this framework, whatever the advice.")] = None,
    because: Annotated[str | None, flag("TEXT", "The reason for overriding the advice.")] = None,
    auth: Annotated[str | None, flag("tokens|none", "How users sign in.")] = None,
    database: Annotated[str | None, flag("sqlite|postgresql", "Where data is kept.")] = None,
    docker: Annotated[bool | None, typer.Option(help="Dockerfile and compose.yaml.")] = None,
    ci: Annotated[str | None, flag("github|none", "Continuous integration.")] = None,
    python: Annotated[str | None, flag("3.11|3.12|3.13", "The lowest Python supported.")] = None,
    description: Annotated[str | None, flag("TEXT", "One line on the project.")] = None,
    package_name: Annotated[str | None, flag("NAME", "The import name.")] = None,
    install: Annotated[bool | None, typer.Option(help="Lock and install with uv.")] = None,
    git: Annotated[bool | None, typer.Option(help="Start git and make the first commit.")] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Prove the project by running it.")
    ] = False,
    date: Annotated[str | None, flag("YYYY-MM-DD", "The date to record, instead of today.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the plan; write nothing.")
    ] = False,
    yes: Yes = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Ask, recommend, and write a project that runs at once."""
    from frameworkpick import report  # noqa: PLC0415
    from frameworkpick.cli import output as out  # noqa: PLC0415
    from frameworkpick.commands import new as verb  # noqa: PLC0415

    options: dict[str, str | bool | None] = {
        "auth": auth,
        "database": database,
        "docker": docker,
        "ci": ci,
        "python_version": python,
        "description": description,
        "package_name": package_name,
    }
    request = verb.NewRequest(
        name=name,
        parent=output or Path(),
        answers=answer or (),
        answers_file=answers,
        options={option: value for option, value in options.items() if value is not None},
        framework=framework,
        because=because,
        install=install,
        git=git,
        verify=verify,
        dry_run=dry_run,
        date=date,
        save_answers=save_answers,
    )
    asker = _asker(wanted=not (yes or json))
    with report.progress(quiet=quiet) as progress:
        result = verb.run(request, asker=asker, progress=progress)
    if json:
        _print_json(out.new_json(result))
    elif not quiet:
        out.show_new(result)
    if result.exit_code:
        raise typer.Exit(result.exit_code)


@app.command()
def recommend(
    *,
    answer: Answers = None,
    answers: AnswersFile = None,
    save_answers: SaveAnswers = None,
    yes: Yes = False,
    json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the verdict only.")] = False,
) -> None:
    """Say which framework fits, and why. Nothing is written."""
    from frameworkpick.commands import recommend as verb  # noqa: PLC0415

    request = verb.RecommendRequest(answer or (), answers, save_answers)
    asker = _asker(wanted=not (yes or json), limit=None)
    result = verb.run(request, ask=asker.situation if asker else None)
    if json:
        from frameworkpick.core.record import recommendation_json  # noqa: PLC0415

        _print_json(recommendation_json(result.recommendation, result.answers))
        return
    if quiet:
        from frameworkpick.core.wording import verdict_sentence  # noqa: PLC0415

        typer.echo(verdict_sentence(result.knowledge, result.recommendation))
        return
    from frameworkpick.report import Page, advice  # noqa: PLC0415

    advice.recommendation(Page(), result.knowledge, result.recommendation, result.answers)


@app.command()
def verify(
    directory: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="The project; the folder you are in.")
    ] = None,
    *,
    database_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="A PostgreSQL server to prove it on, in a database made and dropped there.",
        ),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Prove that a project works, on a copy of it.

    Installs it, boots its real server, probes every route, and runs the project's own checks.
    """
    from frameworkpick import report  # noqa: PLC0415
    from frameworkpick.commands import verify as verb  # noqa: PLC0415

    request = verb.VerifyRequest(directory or Path(), database_url)
    with report.progress(quiet=quiet) as progress:
        result = verb.run(request, progress=progress)
    if json:
        _print_json(result.as_json())
    elif not (quiet and result.ok):
        report.proof.table(report.Page(), result)
    if result.exit_code:
        raise typer.Exit(result.exit_code)


def _asker(*, wanted: bool, limit: int | None = 5) -> "TerminalAsker | None":
    """Return the questions to a person, or nothing when there is none to ask."""
    if not (wanted and sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    from frameworkpick.cli.asker import TerminalAsker  # noqa: PLC0415

    return TerminalAsker(limit=limit)


def _print_json(data: object) -> None:
    from json import dumps  # noqa: PLC0415

    typer.echo(dumps(data, indent=2))


def main() -> None:
    """Run the program and end the process with its exit code."""
    # Start-up allocates much and frees nothing: looking for garbage takes a tenth of its time.
    gc.set_threshold(_GARBAGE_THRESHOLD)
    if isinstance(sys.stdout, TextIOWrapper):
        # A terminal that cannot show a character shows its code; that is no reason to fail.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        app(prog_name="frameworkpick")
    except FrameworkpickError as error:
        _show_failure(error)
        sys.exit(error.exit_code)
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
