"""The verbs that say what is known, and what it means here."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from frameworkpick.cli.flags import (
    Answers,
    AnswersFile,
    Json,
    Preset,
    SaveAnswers,
    TemplateUrl,
    TemplateVersion,
    UseCase,
    Weight,
    Yes,
)
from frameworkpick.cli.streams import (
    asker_at_terminal,
    beside,
    noted,
    print_json,
    print_result,
    refuse_two_on_stdout,
)
from frameworkpick.errors import InputError

if TYPE_CHECKING:
    from frameworkpick.core.results.recommended import RecommendResult


class AdviceFormat(StrEnum):
    """How a recommendation can be printed."""

    table = "table"
    json = "json"
    md = "md"
    svg = "svg"
    html = "html"


class ComparisonFormat(StrEnum):
    """How a comparison can be printed."""

    table = "table"
    json = "json"
    md = "md"


_Form = TypeVar("_Form", bound=StrEnum)


def recommend(  # noqa: PLR0913 (one parameter for each flag)
    *,
    answer: Answers = None,
    answers: AnswersFile = None,
    save_answers: SaveAnswers = None,
    preset: Preset = None,
    use_case: UseCase = None,
    weight: Weight = None,
    template_url: TemplateUrl = None,
    template_version: TemplateVersion = None,
    form: Annotated[
        AdviceFormat | None,
        typer.Option(
            "--format",
            metavar="table|json|md|svg|html",
            help="The decision record is md; svg is a picture, html a page that stands alone.",
        ),
    ] = None,
    yes: Yes = False,
    json: Json = False,
    from_dir: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="DIR",
            help="Look at the decision of a project with today's knowledge.",
        ),
    ] = None,
    write: Annotated[
        bool,
        typer.Option("--write", help="With --from: record a changed decision there."),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the verdict only.")] = False,
) -> None:
    """Say which framework fits, and why."""
    from frameworkpick.commands import recommend as verb  # noqa: PLC0415

    form = _one_form(form, AdviceFormat.json if json else None) or AdviceFormat.table
    request = verb.RecommendRequest(
        answer or (),
        answers,
        save_answers,
        use_case=use_case,
        weights=weight or (),
        template_url=template_url,
        template_version=template_version,
        preset=preset,
        from_dir=from_dir,
        write=write,
    )
    named = "--json" if json else f"--format {form}" if form is not AdviceFormat.table else None
    refuse_two_on_stdout(save_answers, named)
    asker = asker_at_terminal(wanted=not (yes or from_dir or form is AdviceFormat.json), limit=None)
    ask = asker.situation if asker else None
    result = verb.run(request, ask=ask, note=noted(quiet=quiet))
    with beside(save_answers):
        _show(result, form, quiet=quiet)


def _show(result: "RecommendResult", form: AdviceFormat, *, quiet: bool) -> None:
    if form is AdviceFormat.json:
        print_result(result)
        return
    if quiet:
        from frameworkpick.core.sentences import verdict  # noqa: PLC0415

        typer.echo(verdict(result.decision))
        return
    from frameworkpick.cli import output as out  # noqa: PLC0415

    if form is AdviceFormat.table:
        out.show_recommendation(result)
    else:
        typer.echo(out.written_recommendation(result, form.value), nl=False)


def compare(
    *,
    stale: Annotated[
        bool, typer.Option("--stale", help="Only the sources last read more than a year ago.")
    ] = False,
    form: Annotated[
        ComparisonFormat | None,
        typer.Option("--format", metavar="table|json|md", help="How to print it."),
    ] = None,
    json: Json = False,
) -> None:
    """Put the frameworks side by side: every answer, every reason, every source."""
    from frameworkpick.commands import compare as verb  # noqa: PLC0415

    form = _one_form(form, ComparisonFormat.json if json else None) or ComparisonFormat.table
    if stale and form is ComparisonFormat.md:
        raise InputError(["--stale has no Markdown form."], "Use --json, or no --format.")
    result = verb.run(verb.CompareRequest(stale=stale))
    if form is ComparisonFormat.json:
        print_json(result.as_json())
        return
    if form is ComparisonFormat.md:
        typer.echo(result.as_markdown(), nl=False)
        return
    from frameworkpick import report  # noqa: PLC0415

    show = report.comparison.stale if stale else report.comparison.side_by_side
    show(report.Page(), result.comparison)


def _one_form(form: _Form | None, json: _Form | None) -> _Form | None:
    """Return the form that was asked for; ``--json`` is another way to ask for one."""
    if form and json and form is not json:
        raise InputError(
            [f"--json and --format {form.value} contradict each other."], "Give one of them."
        )
    return json or form
