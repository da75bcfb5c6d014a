"""Writes the first form of a preset file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .forms import toml_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .answers import AnswersFile

_HEAD = """\
#:schema ./frameworkpick-preset.schema.json
# What a team decides once for all its projects. Editors with taplo or Even Better TOML complete and
# check this file as soon as its schema lies beside it:
#   frameworkpick schema preset > frameworkpick-preset.schema.json
# `frameworkpick preset check` names every mistake in here, `frameworkpick preset show --resolved`
# says what counts and where it comes from, `frameworkpick compare` lists the questions.
"""
_EXTENDS = """\
# Build on another preset: a path from this file, a built-in name (`frameworkpick preset list`), or
# a file in a repository at a tag. `frameworkpick preset check --pin` writes the commit below it.
# extends = "git+https://git.example.org/team/presets.git@v1.2#api.toml"
# extends_commit = "0123456789abcdef0123456789abcdef01234567"
"""
_USE_CASE = """\
# What you build: it suggests the answers that nobody gives.
"""
_FRAMEWORK = """\
# Generate this framework, whatever the advice, with the reason that is recorded.
"""
_ANSWERS = """\
# Answers to the questions. A file, a question or a flag wins over them.
[answers]
"""
_OPTIONS = """\
# What the projects have. A file, a question or a flag wins over it.
[options]
"""
_LOCKED = """\
# Answers, options and the framework that nobody may change; the reason is shown to who tries.
[locked]
# auth = { value = "tokens", because = "the audit asks for it" }
"""
_WEIGHTS = """\
# From 0 to 3: lets a question count less or more than the 1 it has.
[weights]
"""
_TEMPLATE = """\
# [template]
# url = "https://git.example.org/team/templates.git"
# version = "1.2.0"
"""
_REST = """\
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
    own = f"[template]\nurl = {toml_value(template)}\n" if template else _TEMPLATE
    said = content
    parts = [
        _HEAD,
        f"description = {toml_value(description)}\n",
        _EXTENDS,
        _USE_CASE + _line("use_case", said.use_case if said else None, "rest_api"),
    ]
    if said and said.framework:
        parts.append(_FRAMEWORK + _line("framework", said.framework, ""))
        parts[-1] += _line("because", said.because, "the team knows it")
    parts += [
        _ANSWERS + _pairs(said.answers if said else {}, 'api_contract = "essential"'),
        _OPTIONS + _pairs(said.options if said else {}, 'database = "postgresql"'),
        _LOCKED,
        _WEIGHTS + _pairs(said.weights if said else {}, "team_skills = 1.5"),
        _REST.format(template=own),
    ]
    return "\n".join(parts)


def _line(name: str, value: str | None, example: str) -> str:
    return f"{name} = {toml_value(value)}\n" if value else f"# {name} = {toml_value(example)}\n"


def _pairs(values: Mapping[str, object], example: str) -> str:
    if not values:
        return f"# {example}\n"
    return "".join(f"{name} = {toml_value(value)}\n" for name, value in values.items())
