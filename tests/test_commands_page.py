"""``docs/reference/commands.md`` is generated: ``python tests/test_commands_page.py`` writes it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.main import get_command

from frameworkpick.cli import app
from frameworkpick.errors import FrameworkpickError

if TYPE_CHECKING:
    from collections.abc import Iterator

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"
PAGE = REFERENCE / "commands.md"

_HEAD = """\
# Commands

This page is generated from the program by `python tests/test_commands_page.py`.
The exit codes stand in [exit-codes.md](exit-codes.md).
"""


def test_the_command_reference_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), f"run: python {Path(__file__).name}"


def test_every_flag_says_what_it_does() -> None:
    program: Any = get_command(app)
    for _, command in _commands(program):
        assert command.help, command.name
        for parameter in command.params:
            assert parameter.help, (command.name, parameter.name)


def test_every_exit_code_is_documented() -> None:
    text = (REFERENCE / "exit-codes.md").read_text(encoding="utf-8")
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}
    raised = {FrameworkpickError.exit_code}
    raised |= {child.exit_code for child in FrameworkpickError.__subclasses__()}
    assert documented == {0, *raised}


def page() -> str:
    program: Any = get_command(app)
    parts = [_HEAD, _section("frameworkpick", program)]
    parts += [_section(f"frameworkpick {name}", command) for name, command in _commands(program)]
    return "\n".join(parts)


def _commands(group: Any) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        yield name, command
        if hasattr(command, "commands"):
            yield from ((f"{name} {verb}", each) for verb, each in _commands(command))


def _section(title: str, command: Any) -> str:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    usage = [title, "[OPTIONS]", *(_usage(argument) for argument in arguments)]
    if hasattr(command, "commands"):
        usage.append("COMMAND")
    rows = [(f"`{argument.metavar.strip('[]')}`", argument.help) for argument in arguments]
    rows += [(_flags(option), option.help) for option in options]
    table = [f"| {flags} | {text} |" for flags, text in rows]
    head = ["| | |", "| --- | --- |"] if rows else []
    return "\n".join(
        [
            f"## `{title}`",
            "",
            command.help or "",
            "",
            "```",
            " ".join(usage),
            "```",
            "",
            *head,
            *table,
            *([""] if rows else []),
        ]
    )


def _usage(argument: Any) -> str:
    return f"[{argument.metavar.strip('[]')}]"


def _flags(option: Any) -> str:
    metavar = f" {option.metavar}" if option.metavar else ""
    metavar = metavar.replace("|", "\\|")
    names = [f"`{name}{metavar}`" for name in [*option.opts, *option.secondary_opts]]
    return ", ".join(names)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
