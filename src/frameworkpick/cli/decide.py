"""The verbs that only say something; nothing is written."""

from enum import StrEnum
from typing import Annotated

import typer

from frameworkpick.cli.flags import Answers, AnswersFile, Json, SaveAnswers, UseCase, Weight, Yes
from frameworkpick.cli.streams import asker_at_terminal, print_json
from frameworkpick.errors import InputError


class Format(StrEnum):
    """How a recommendation can be printed."""

    table = "table"
    json = "json"
    md = "md"
    svg = "svg"
    html = "html"


def recommend(  # noqa: PLR0913 (one parameter for each flag)
    *,
    answer: Answers = None,
    answers: AnswersFile = None,
    save_answers: SaveAnswers = None,
    use_case: UseCase = None,
    weight: Weight = None,
    form: Annotated[
        Format | None,
        typer.Option(
            "--format",
            metavar="table|json|md|svg|html",
            help="The decision record is md; svg is a picture, html a page that stands alone.",
        ),
    ] = None,
    yes: Yes = False,
    json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the verdict only.")] = False,
) -> None:
    """Say which framework fits, and why. Nothing is written."""
    from frameworkpick.commands import recommend as verb  # noqa: PLC0415

    if json and form not in (None, Format.json):
        raise InputError(
            [f"--json and --format {form.value} contradict each other."], "Give one of them."
        )
    form = Format.json if json else form or Format.table
    request = verb.RecommendRequest(
        answer or (), answers, save_answers, use_case=use_case, weights=weight or ()
    )
    asker = asker_at_terminal(wanted=not (yes or form is Format.json), limit=None)
    result = verb.run(request, ask=asker.situation if asker else None)
    if form is Format.json:
        from frameworkpick.core.record import recommendation_json  # noqa: PLC0415

        data = recommendation_json(
            result.recommendation,
            result.answers,
            sturdiness=result.sturdiness,
            use_case=result.use_case,
            weights=result.weights,
        )
        print_json(data)
        return
    if quiet:
        from frameworkpick.core.wording import verdict_sentence  # noqa: PLC0415

        typer.echo(verdict_sentence(result.knowledge, result.recommendation))
        return
    from frameworkpick.cli import output as out  # noqa: PLC0415

    if form is Format.table:
        out.show_recommendation(result)
    else:
        typer.echo(out.written_recommendation(result, form.value), nl=False)
