"""The verbs for a project that is already there: update, check, add and remove."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from frameworkpick.cli.flags import Answers, Json, Preset, Quiet, Yes
from frameworkpick.cli.streams import noted, print_result
from frameworkpick.errors import Cancelled, InputError

if TYPE_CHECKING:
    from frameworkpick.cli.asker import NewQuestions
    from frameworkpick.core.results.merged import MergeResult

Directory = Annotated[
    Path | None, typer.Argument(metavar="[DIR]", help="The project; the folder you are in.")
]
OwnTemplate = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="The project's template repository, when it is your own."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would change, conflicts too; write nothing.")
]


class CheckFormat(StrEnum):
    """How ``check`` writes what it found."""

    TEXT = "text"
    GITHUB = "github"


def update(  # noqa: PLR0913 (one parameter for each flag)
    directory: Directory = None,
    *,
    to: Annotated[
        str | None, typer.Option(metavar="VERSION", help="This version, not the newest release.")
    ] = None,
    answer: Answers = None,
    preset: Preset = None,
    template_url: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Follow this template repository, now and from now on, not the built-in one.",
        ),
    ] = None,
    dry_run: DryRun = False,
    abort: Annotated[
        bool, typer.Option("--abort", help="Undo the last update, unless it is committed.")
    ] = False,
    yes: Yes = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Merge a newer template into a project; nothing of yours is lost.

    The result is staged, with conflicts as git shows them.
    """
    from frameworkpick import process, report  # noqa: PLC0415
    from frameworkpick.commands import update as verb  # noqa: PLC0415

    if abort:
        given: dict[str, object] = {"--to": to, "-a": answer, "--preset": preset}
        given |= {"--template-url": template_url, "--dry-run": dry_run}
        _abort(directory or Path(), given, json=json, quiet=quiet)
        return
    request = verb.UpdateRequest(
        directory or Path(), to, answer or (), template_url, dry_run, preset
    )
    asker = None if yes or json or not _at_terminal() else _new_questions()
    with process.tidy_end(last=True):
        with report.progress(quiet=quiet) as progress:
            result = verb.run(request, asker=asker, progress=progress, note=noted(quiet=quiet))
        _finish(result, json=json, quiet=quiet)


def check(
    directory: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[DIR...]", help="The projects; the folder you are in."),
    ] = None,
    *,
    ignore: Annotated[
        list[str] | None,
        typer.Option(metavar="GLOB", help="Leave out files that match; repeatable."),
    ] = None,
    preset: Preset = None,
    template_url: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ADDRESS",
            help="Follow this template repository; repeatable: a project of any of them stays so.",
        ),
    ] = None,
    format: Annotated[  # noqa: A002 (the flag's name)
        CheckFormat,
        typer.Option(help="Text for people, or annotations for GitHub.", metavar="text|github"),
    ] = CheckFormat.TEXT,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say how far projects are from their template, file by file.

    Reads the template's own files in each project, and runs nothing of it.
    """
    from frameworkpick import report  # noqa: PLC0415
    from frameworkpick.commands import check as verb  # noqa: PLC0415

    if json and format is CheckFormat.GITHUB:
        raise InputError(["--json and --format github are two forms of one result; give one."])
    request = verb.CheckRequest(directory or [Path()], ignore or (), template_url or (), preset)
    with report.progress(quiet=quiet) as progress:
        result = verb.run(request, progress=progress, note=noted(quiet=quiet))
    if json:
        print_result(result)
    elif format is CheckFormat.GITHUB:
        for line in report.drift.github(result):
            typer.echo(line)
    elif not (result.fault or (quiet and result.ok)):
        report.drift.show(report.Page(), result)
    if result.fault:
        raise result.fault
    if not result.ok:
        raise typer.Exit(result.exit_code)


Feature = Annotated[
    str, typer.Argument(metavar="FEATURE", help="An option, or option=value: docker, ci=gitlab.")
]


def add(
    feature: Feature,
    directory: Directory = None,
    *,
    preset: Preset = None,
    template_url: OwnTemplate = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Turn an option of a project on, or to another value, and merge the difference."""
    _answer_anew(
        feature,
        directory,
        (preset, template_url),
        remove=False,
        dry_run=dry_run,
        yes=yes,
        json=json,
        quiet=quiet,
    )


def remove(
    feature: Feature,
    directory: Directory = None,
    *,
    preset: Preset = None,
    template_url: OwnTemplate = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Turn an option of a project off, and merge the difference."""
    _answer_anew(
        feature,
        directory,
        (preset, template_url),
        remove=True,
        dry_run=dry_run,
        yes=yes,
        json=json,
        quiet=quiet,
    )


def _answer_anew(
    feature: str,
    directory: Path | None,
    named: tuple[str | None, str | None],
    *,
    remove: bool,
    dry_run: bool,
    yes: bool,
    json: bool,
    quiet: bool,
) -> None:
    from frameworkpick import process, report  # noqa: PLC0415
    from frameworkpick.commands import add as verb  # noqa: PLC0415

    folder = directory or Path()
    preset, template_url = named
    request = verb.FeatureRequest(feature, folder, remove, template_url, dry_run, preset)
    with process.tidy_end(last=True):
        with report.progress(quiet=quiet) as progress:
            result = verb.run(request, progress=progress, note=noted(quiet=quiet))
        _finish(result, json=json, quiet=quiet)
        ask = result.written and not (result.unlocked or yes or json) and _at_terminal()
        if ask:
            process.heed_signals()
    if ask and _wants_proof():
        verify(folder, quiet=quiet)


def _wants_proof() -> bool:
    try:
        return typer.confirm("Prove the project now with `frameworkpick verify`?", err=True)
    except typer.Abort:
        raise Cancelled("Cancelled; what was merged stays.") from None


def _finish(result: "MergeResult", *, json: bool, quiet: bool) -> None:
    from frameworkpick import report  # noqa: PLC0415

    if json:
        print_result(result)
    elif not (quiet and not result.exit_code):
        report.merge.show(report.Page(), result)
    if result.exit_code:
        raise typer.Exit(result.exit_code)


def _abort(directory: Path, given: dict[str, object], *, json: bool, quiet: bool) -> None:
    from frameworkpick import process, report  # noqa: PLC0415
    from frameworkpick.commands import update as verb  # noqa: PLC0415

    if flags := [flag for flag, value in given.items() if value]:
        raise InputError([f"--abort does not go with {', '.join(flags)}."], "Leave either away.")
    with process.tidy_end(last=True):
        undone = verb.abort(directory)
        if json:
            print_result(undone)
        elif undone.left or undone.committed or undone.taken_back or not quiet:
            report.merge.show_undone(report.Page(), undone)


def _at_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _new_questions() -> "NewQuestions":
    from frameworkpick.cli.asker import NewQuestions  # noqa: PLC0415 (opens the wizard)

    return NewQuestions()


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
    docker: Annotated[
        bool, typer.Option("--docker", help="Serve it by a container of its image, locked down.")
    ] = False,
    compose: Annotated[
        bool, typer.Option("--compose", help="Serve it by its compose file, set apart.")
    ] = False,
    preset: Preset = None,
    template_url: OwnTemplate = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Prove that a project works, on a copy of it.

    Installs it, boots its real server, probes every route, and runs the project's own checks.
    """
    from frameworkpick import report  # noqa: PLC0415
    from frameworkpick.commands import verify as verb  # noqa: PLC0415

    request = verb.VerifyRequest(
        directory or Path(),
        database_url,
        docker,
        compose,
        template_url=template_url,
        preset=preset,
    )
    with report.progress(quiet=quiet) as progress:
        result = verb.run(request, progress=progress)
    if json:
        print_result(result)
    elif not (quiet and result.ok):
        report.proof.table(report.Page(), result)
    if result.exit_code:
        raise typer.Exit(result.exit_code)
