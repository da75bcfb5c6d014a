"""Writes ``commands.md`` from the program itself: ``python docs/reference/generate_commands.py``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from typer.main import get_command

from frameworkpick.cli import app

PAGE = Path(__file__).with_name("commands.md")

_HEAD = """\
# Commands

This page is generated from the program by `docs/reference/generate_commands.py`.
The exit codes stand in [exit-codes.md](exit-codes.md).
"""


def page() -> str:
    """Return the whole page."""
    program: Any = get_command(app)
    parts = [_HEAD, _section("frameworkpick", program)]
    parts += [
        _section(f"frameworkpick {name}", command) for name, command in program.commands.items()
    ]
    return "\n".join(parts)


def _section(title: str, command: Any) -> str:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    usage = [title, "[OPTIONS]", *(_usage(argument) for argument in arguments)]
    if hasattr(command, "commands"):
        usage.append("COMMAND")
    rows = [(f"`{argument.metavar.strip('[]')}`", argument.help) for argument in arguments]
    rows += [(_flags(option), option.help) for option in options]
    table = [f"| {flags} | {text} |" for flags, text in rows]
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
            "| | |",
            "| --- | --- |",
            *table,
            "",
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
