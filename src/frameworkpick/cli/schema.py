"""The verb that prints JSON Schemas."""

from enum import StrEnum
from typing import Annotated

import typer

from frameworkpick.cli.flags import Preset, TemplateUrl, TemplateVersion
from frameworkpick.cli.streams import noted, print_json
from frameworkpick.errors import InputError


class Kind(StrEnum):
    """What there is a schema of."""

    answers = "answers"
    preset = "preset"
    result = "result"


class Of(StrEnum):
    """The verbs whose JSON there is a schema of."""

    recommend = "recommend"
    new = "new"
    verify = "verify"
    check = "check"
    update = "update"


def schema(
    kind: Annotated[
        Kind,
        typer.Argument(metavar="KIND", help="Of what: answers, preset, or result."),
    ],
    *,
    of: Annotated[
        Of | None,
        typer.Option(
            metavar="recommend|new|verify|check|update",
            help="Of a result: the verb that prints it with --json; add and remove are as update.",
        ),
    ] = None,
    preset: Preset = None,
    template_url: TemplateUrl = None,
    template_version: TemplateVersion = None,
) -> None:
    """Print a JSON Schema, for an editor or a check in CI."""
    from frameworkpick.commands import schema as verb  # noqa: PLC0415

    if of and kind is not Kind.result:
        raise InputError([f"--of goes with `schema result`, not with `schema {kind.value}`."])
    request = verb.SchemaRequest(
        kind.value, (of or Of.recommend).value, template_url, template_version, preset
    )
    print_json(verb.run(request, note=noted(quiet=False)))
