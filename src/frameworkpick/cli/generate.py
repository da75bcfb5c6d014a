"""The verb that writes a project."""

from pathlib import Path
from typing import Annotated

import typer

from frameworkpick.cli.flags import (
    Answers,
    AnswersFile,
    Json,
    Preset,
    Quiet,
    SaveAnswers,
    TemplateUrl,
    TemplateVersion,
    UseCase,
    Weight,
    Yes,
    flag,
)
from frameworkpick.cli.streams import (
    asker_at_terminal,
    beside,
    noted,
    print_result,
    refuse_two_on_stdout,
)


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
    preset: Preset = None,
    use_case: UseCase = None,
    weight: Weight = None,
    framework: Annotated[str | None, flag("ID", "Use this framework, whatever the advice.")] = None,
    because: Annotated[str | None, flag("TEXT", "The reason for overriding the advice.")] = None,
    auth: Annotated[str | None, flag("tokens|none", "How users sign in.")] = None,
    database: Annotated[str | None, flag("sqlite|postgresql", "Where data is kept.")] = None,
    docker: Annotated[bool | None, typer.Option(help="Dockerfile and compose.yaml.")] = None,
    ci: Annotated[str | None, flag("github|gitlab|none", "Continuous integration.")] = None,
    python: Annotated[
        str | None, flag("3.11|3.12|3.13|3.14", "The lowest Python supported.")
    ] = None,
    option: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID=VALUE", help="Set any option, a template's own ones too; repeatable."
        ),
    ] = None,
    description: Annotated[str | None, flag("TEXT", "One line on the project.")] = None,
    package_name: Annotated[str | None, flag("NAME", "The import name.")] = None,
    template_url: TemplateUrl = None,
    template_version: TemplateVersion = None,
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
        use_case=use_case,
        weights=weight or (),
        more_options=option or (),
        template_url=template_url,
        template_version=template_version,
        preset=preset,
    )
    refuse_two_on_stdout(save_answers, "--json" if json else None)
    asker = asker_at_terminal(wanted=not (yes or json))
    with report.progress(quiet=quiet) as progress:
        result = verb.run(request, asker=asker, progress=progress, note=noted(quiet=quiet))
    if json:
        print_result(result)
    elif not quiet or result.exit_code:
        with beside(save_answers):
            out.show_new(result)
    if result.exit_code:
        raise typer.Exit(result.exit_code)
