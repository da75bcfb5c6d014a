"""Writes a preset file that explains itself, and the commit of what it extends into one."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick import formats
from frameworkpick.core import toml
from frameworkpick.core.plain_text import BYTE_ORDER_MARK
from frameworkpick.errors import FrameworkpickError, InputError

from .answers import AnswersFile
from .source import LocalFile, read_reference

if TYPE_CHECKING:
    from collections.abc import Mapping

_STARTER = """\
#:schema ./frameworkpick-preset.schema.json
# What a team decides once for all its projects. Editors with taplo or Even Better TOML complete and
# check this file as soon as its schema lies beside it:
#   frameworkpick schema preset > frameworkpick-preset.schema.json
# `frameworkpick preset check` names every mistake in here, `frameworkpick preset show --resolved`
# says what counts and where it comes from, `frameworkpick compare` lists the questions.

description = {description}

# Build on another preset: a path from this file, a built-in name (`frameworkpick preset list`), or
# a file in a repository at a tag. `frameworkpick preset check --pin` writes the commit below it.
# extends = "git+https://git.example.org/team/presets.git@v1.2#api.toml"
# extends_commit = "0123456789abcdef0123456789abcdef01234567"

# What you build: it suggests the answers that nobody gives.
{use_case}
{framework}# Answers to the questions. A file, a question or a flag wins over them.
[answers]
{answers}
# What the projects have. A file, a question or a flag wins over it.
[options]
{options}
# Answers, options and the framework that nobody may change; the reason is shown to who tries.
[locked]
# auth = {{ value = "tokens", because = "the audit asks for it" }}

# From 0 to 3: lets a question count less or more than the 1 it has.
[weights]
{weights}
# What every project keeps to: the only frameworks allowed, and options that must not be off.
[policy]
# frameworks = ["fastapi"]
# required = ["docker", "ci"]
# because = "the platform runs nothing else"

# Your own templates; they count when a flag or FRAMEWORKPICK_PRESET names this file.
{template}
# Files that `frameworkpick check` leaves out.
[check]
# ignore = ["docs/**"]
"""
_FRAMEWORK = """\
# Generate this framework, whatever the advice, with the reason that is recorded.
{framework}{because}
"""
_TEMPLATE = """\
# [template]
# url = "https://git.example.org/team/templates.git"
# version = "1.2.0"
"""
_TABLE = re.compile(r"^\s*\[", re.MULTILINE)
_EXTENDS_LINE = re.compile(r"^[ \t]*extends[ \t]*=.*$", re.MULTILINE)
_COMMIT_LINE = re.compile(r"^[ \t]*extends_commit[ \t]*=.*(\r?\n|\Z)", re.MULTILINE)


def starter(
    content: AnswersFile | None = None,
    *,
    description: str = "The house standard",
    template: str | None = None,
) -> str:
    """Write a preset file that explains itself.

    Args:
        content: What it says already; the rest are examples.
        description: What the preset is for.
        template: Address of the team's own templates.
    """
    said = content or AnswersFile()
    framework = ""
    if said.framework:
        because = _line("because", said.because, "the team knows it")
        framework = _FRAMEWORK.format(
            framework=_line("framework", said.framework, ""), because=because
        )
    return _STARTER.format(
        description=toml.value(description),
        use_case=_line("use_case", said.use_case, "rest_api"),
        framework=framework,
        answers=_pairs(said.answers, 'api_contract = "essential"'),
        options=_pairs(said.options, 'database = "postgresql"'),
        weights=_pairs(said.weights, "team_skills = 1.5"),
        template=f"[template]\nurl = {toml.value(template)}\n" if template else _TEMPLATE,
    )


def _line(name: str, value: str | None, example: str) -> str:
    return f"{name} = {toml.value(value)}\n" if value else f"# {name} = {toml.value(example)}\n"


def _pairs(values: Mapping[str, object], example: str) -> str:
    lines = toml.pairs(values.items()) or [f"# {example}"]
    return "".join(f"{line}\n" for line in lines)


def own_file(source: str) -> Path:
    """Return the file of this machine that a preset's name means, to write a line into it.

    Raises:
        InputError: It is a preset of somebody else's.
    """
    reference = read_reference(source, Path())
    if isinstance(reference, LocalFile) and not reference.built_in:
        return reference.path
    raise InputError(
        [f"{source} is no file of yours, and so nothing can be pinned in it."],
        "Name the file that extends it.",
    )


def pin(file: Path, commit: str) -> bool:
    """Write the commit that a file's ``extends`` has to name; whether that changed the file.

    Raises:
        FrameworkpickError: The file is not written in a way that a line can be added to.
    """
    try:
        whole = file.read_bytes().decode("utf-8")
        old = whole.removeprefix(BYTE_ORDER_MARK)
        new = pinned(old, commit) if file.suffix.lower() not in formats.OTHERS else None
        if new is None:
            raise FrameworkpickError(
                f"The line cannot be added to {file} by a program.",
                f'Add it yourself, below extends: extends_commit = "{commit}"',
            )
        if new == old:
            return False
        mark = whole[: len(whole) - len(old)]
        formats.write_whole(file.resolve(), (mark + new).encode("utf-8"))
    except OSError as error:
        raise FrameworkpickError(
            f"{file} cannot be written: {error.strerror}.", "Check that it is yours to write."
        ) from error
    return True


def pinned(text: str, commit: str) -> str | None:
    """Write the commit that ``extends`` has to name below it, in place of another.

    Args:
        text: A preset file in TOML.
        commit: The commit.

    Returns:
        The new text; None when the file is written in a way that is better left to its owner.
    """
    table = _TABLE.search(text)
    end = table.start() if table else len(text)
    top, rest = _COMMIT_LINE.sub("", text[:end]), text[end:]
    found = _EXTENDS_LINE.search(top)
    if found is None:
        return None
    line = found[0].rstrip("\r")
    newline = "\r\n" if "\r\n" in text else "\n"
    added = f'{line}{newline}extends_commit = "{commit}"'
    new = top[: found.start()] + added + top[found.start() + len(line) :] + rest
    try:
        meant = {**tomllib.loads(text.replace("\r\n", "\n")), "extends_commit": commit}
        return new if tomllib.loads(new.replace("\r\n", "\n")) == meant else None
    except tomllib.TOMLDecodeError:
        return None
