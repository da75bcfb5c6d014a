"""The verbs on presets: init, show, check and list."""

from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from frameworkpick.cli.contradictions import Command
from frameworkpick.cli.flags import Json
from frameworkpick.cli.streams import print_result

presets = typer.Typer(
    name="preset",
    help="Write, show, check and list a team's standards.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

PresetArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[PRESET]",
        help="A built-in name, a file or git+URL@TAG#FILE; else the one that is used here.",
    ),
]


@presets.command(cls=Command)
def init(
    file: Annotated[
        Path, typer.Argument(metavar="[FILE]", help="The file to write.", show_default=False)
    ] = Path("frameworkpick-preset.toml"),
    *,
    from_dir: Annotated[
        Path | None,
        typer.Option("--from", metavar="DIR", help="Take over what a project was made with."),
    ] = None,
) -> None:
    """Write a preset that explains itself; nothing is overwritten."""
    from frameworkpick.commands import preset as verb  # noqa: PLC0415

    verb.init(file, from_dir)
    typer.echo(f"{file} is written. Edit it, then run:")
    typer.echo(f"  frameworkpick preset check {quote(str(file))}")


@presets.command(cls=Command)
def show(
    preset: PresetArgument = None,
    *,
    resolved: Annotated[
        bool, typer.Option("--resolved", help="Join the files: what counts, and who says so.")
    ] = False,
    json: Json = False,
) -> None:
    """Show what a preset says, and every preset that it builds on."""
    from frameworkpick import report  # noqa: PLC0415
    from frameworkpick.commands import preset as verb  # noqa: PLC0415

    with report.progress() as progress:
        result = verb.show(preset, Path(), resolved=resolved, note=_note, progress=progress)
    if json:
        print_result(result)
    else:
        report.preset.show(report.Page(), result)


@presets.command(cls=Command)
def check(
    preset: PresetArgument = None,
    *,
    pin: Annotated[
        bool, typer.Option("--pin", help="Write the commit that its base has now into the file.")
    ] = False,
) -> None:
    """Name everything that is wrong in a preset, and what a moved tag would change."""
    from frameworkpick import report  # noqa: PLC0415
    from frameworkpick.commands import preset as verb  # noqa: PLC0415

    with report.progress() as progress:
        result = verb.check(preset, Path(), pin=pin, note=_note, progress=progress)
    report.preset.checked(report.Page(), result)


@presets.command(name="list", cls=Command)
def list_(*, json: Json = False) -> None:
    """List the presets there are: built in, of this folder, your own."""
    from frameworkpick import report  # noqa: PLC0415
    from frameworkpick.commands import preset as verb  # noqa: PLC0415

    known = verb.listed(Path())
    if json:
        print_result(known)
    else:
        report.preset.listed(report.Page(), known.presets)


def _note(sentence: str) -> None:
    typer.echo(sentence, err=True)
