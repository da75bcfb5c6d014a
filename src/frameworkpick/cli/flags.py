"""Flags that several verbs share, each declared once."""

from pathlib import Path
from typing import Annotated, Any

import typer

Answers = Annotated[
    list[str] | None,
    typer.Option("--answer", "-a", metavar="ID=VALUE", help="Answer a question; repeatable."),
]
AnswersFile = Annotated[
    Path | None,
    typer.Option(
        "--answers",
        metavar="FILE",
        help="Read answers from a TOML, YAML or JSON file; - is standard input.",
    ),
]
SaveAnswers = Annotated[
    Path | None,
    typer.Option(
        "--save-answers", metavar="FILE", help="Write the answers to a file; - is standard output."
    ),
]
Preset = Annotated[
    str | None,
    typer.Option(
        metavar="NAME|PATH|git+URL@REF",
        help="What a team decided: values to start from, and locks that hold.",
    ),
]
UseCase = Annotated[
    str | None,
    typer.Option(
        metavar="ID", help="What you build; suggests answers, and every other origin wins."
    ),
]
Weight = Annotated[
    list[str] | None,
    typer.Option(metavar="ID=NUMBER", help="Let a question count more or less; repeatable."),
]
TemplateUrl = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Use this template repository, not the built-in one."),
]
TemplateVersion = Annotated[
    str | None,
    typer.Option(metavar="VERSION", help="This version of the template, not the newest release."),
]
Yes = Annotated[
    bool,
    typer.Option("--yes", "-y", "--defaults", "--no-input", help="Ask nothing; take the defaults."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on stdout.")]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="No progress, and no report on success.")
]


def flag(values: str, text: str) -> Any:
    """Declare a flag that takes a value.

    Args:
        values: What the value can be, as shown in the help.
        text: What the flag does.
    """
    return typer.Option(metavar=values, help=text)
