"""Writes the commit that a preset's ``extends`` has to name into its file."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from frameworkpick.core.plain_text import BYTE_ORDER_MARK
from frameworkpick.errors import FrameworkpickError, InputError

from . import forms
from .references import LocalFile, read_reference

_TABLE = re.compile(r"^\s*\[", re.MULTILINE)
_EXTENDS_LINE = re.compile(r"^[ \t]*extends[ \t]*=.*$", re.MULTILINE)
_COMMIT_LINE = re.compile(r"^[ \t]*extends_commit[ \t]*=.*(\r?\n|\Z)", re.MULTILINE)


def own_file(source: str) -> Path:
    """Return the file of this machine that a preset's name means, to write a line into it.

    Raises:
        InputError: It is a preset of somebody else's.
    """
    reference = read_reference(source, Path())
    if isinstance(reference, LocalFile):
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
        new = pinned(old, commit) if file.suffix.lower() not in forms.OTHERS else None
        if new is None:
            raise FrameworkpickError(
                f"The line cannot be added to {file} by a program.",
                f'Add it yourself, below extends: extends_commit = "{commit}"',
            )
        if new == old:
            return False
        mark = whole[: len(whole) - len(old)]
        forms.write_whole(file.resolve(), (mark + new).encode("utf-8"))
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
