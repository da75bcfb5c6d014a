"""Lets a project's own record follow an update."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from frameworkpick.core import toml
from frameworkpick.core.plan import followed_command

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

#: A key and its value, if that ends in the same line.
_LINE = re.compile(
    r"""\s*(?:"(?P<quoted>[^"]*)"|(?P<bare>[\w-]+))\s*=\s*
    (?P<value>"(?:[^"\\]|\\.)*"|'[^']*'|\[[^]\n]*\]|[^\s#"'\[{]+)\s*(?:\#.*)?$""",
    re.VERBOSE,
)


def with_answers(
    text: str,
    changed: Mapping[str, object],
    *,
    flags: Mapping[str, str],
    gone: Collection[str],
    template: tuple[str, str],
    switched: bool,
) -> str:
    """Let ``[options]``, ``framework`` and ``command`` say what the project is after an update.

    Args:
        text: The record; every other line of it stays as it is.
        changed: The options that have another value than before, or are new.
        flags: The flag of each option that has one.
        gone: The options that are not asked any more.
        template: Address and version of the template.
        switched: Whether the project followed another template before.
    """
    lines = re.split(r"(?<=\n)", text)
    top = _section(lines, "")
    if "framework" in changed:
        _set(lines, top, "framework", changed["framework"], add=False)
    at, found = _find(lines, top, "command")
    if found:
        try:
            command = str(json.loads(found["value"]))
        except ValueError:  # a person wrote it in another form
            command = ""
        now = followed_command(
            command, changed, flags=flags, gone=gone, template=template, switched=switched
        )
        if now != command:
            lines[at] = _with_value(lines[at], found, now)
    for name, value in changed.items():
        _set(lines, _section(lines, "options"), name, value, add=True)
    for name in gone:
        at, found = _find(lines, _section(lines, "options"), name)
        if found:
            del lines[at]
    return "".join(lines)


def _section(lines: list[str], name: str) -> range:
    """Return where the lines of a table are; the lines before the first one have no name."""
    heads = [n for n, line in enumerate(lines) if line.startswith("[")]
    ends = [*heads, len(lines)]
    if not name:
        return range(ends[0])
    for head, end in zip(heads, ends[1:], strict=True):
        if lines[head].partition("#")[0].strip() == f"[{name}]":
            return range(head + 1, end)
    return range(0)


def _find(lines: list[str], where: range, name: str) -> tuple[int, re.Match[str] | None]:
    for number in where:
        found = _LINE.match(lines[number])
        if found and (found["quoted"] or found["bare"]) == name:
            return number, found
    return -1, None


def _set(lines: list[str], where: range, name: str, value: object, *, add: bool) -> None:
    at, found = _find(lines, where, name)
    if found:
        lines[at] = _with_value(lines[at], found, value)
    elif add and where:
        last = max((n for n in where if _LINE.match(lines[n])), default=where.start - 1)
        end = "\r\n" if lines[last].endswith("\r\n") else "\n"
        lines.insert(last + 1, f"{toml.key(name)} = {toml.value(value)}{end}")


def _with_value(line: str, found: re.Match[str], value: object) -> str:
    return line[: found.start("value")] + toml.value(value) + line[found.end("value") :]
