"""Answers files: what ``--answers`` reads and ``--save-answers`` writes."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from frameworkpick import formats
from frameworkpick.errors import FrameworkpickError, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: Stands for standard input and standard output.
STANDARD = "-"
_TABLES = ("answers", "options", "weights")
_TEXTS = ("framework", "because", "use_case")


@dataclass(frozen=True, slots=True)
class AnswersFile:
    """What an answers file says; nothing in it is checked against the knowledge yet."""

    answers: Mapping[str, object] = field(default_factory=dict)  #: Decision answers by criterion.
    options: Mapping[str, object] = field(default_factory=dict)  #: Project options by name.
    framework: str | None = None  #: The framework to generate, whatever the advice.
    because: str | None = None  #: The reason recorded for that.
    use_case: str | None = None  #: Id of the use case that suggests the other answers.
    weights: Mapping[str, object] = field(default_factory=dict)  #: A factor by criterion.
    name: str = field(default="", compare=False)  #: What to call the file in a message.


def read_answers_file(path: Path) -> AnswersFile:
    """Read decision answers and project options from a TOML, YAML or JSON file.

    Decision answers stand in a table ``answers`` or at the top, project options in a table
    ``options``, weights in a table ``weights``, beside an optional ``use_case``, ``framework`` and
    ``because``. A path of ``-`` is standard input.

    Raises:
        InputError: The file cannot be read or does not have that form.
    """
    name, content, ending = str(path), b"", None
    if name == STANDARD:
        name, content = "standard input", _standard_input()
        ending = formats.ending_of(content)
    else:
        content = formats.read(path)
    data = formats.parse_written(name, content, formats.ANSWERS_HINT, ("options",), ending)
    problems = [
        f"{name}: {table} must be a table of names and values."
        for table in _TABLES
        if not isinstance(data.get(table, {}), dict)
    ]
    problems += [
        f"{name}: {text} must be text."
        for text in _TEXTS
        if not isinstance(data.get(text, ""), str)
    ]
    if problems:
        raise InputError(problems, "See docs/reference/answers.md for the form of an answers file.")
    own = (*_TABLES, *_TEXTS, "$schema")  # the last is for editors
    top = {key: value for key, value in data.items() if key not in own}
    return AnswersFile(
        answers={**top, **data.get("answers", {})},
        options=data.get("options", {}),
        framework=data.get("framework"),
        because=data.get("because"),
        use_case=data.get("use_case"),
        weights=data.get("weights", {}),
        name=name,
    )


def _standard_input() -> bytes:
    content = sys.stdin.buffer.read()
    if not content.strip():  # what should have written it failed, or it is closed
        raise InputError(["Standard input holds no answers."], "Pipe some into it, or name a file.")
    return content


def write_answers_file(path: Path, content: AnswersFile) -> None:
    """Write an answers file that :func:`read_answers_file` reads back.

    The ending decides the form: ``.json`` is JSON, ``.yml`` and ``.yaml`` are YAML, any other TOML.
    A path of ``-`` is standard output, in TOML.

    Raises:
        FrameworkpickError: The file cannot be written.
    """
    data: dict[str, Any] = {
        name: text for name in _TEXTS if (text := getattr(content, name)) is not None
    }
    data["answers"] = dict(content.answers)
    data["options"] = dict(content.options)
    if content.weights:
        data["weights"] = dict(content.weights)
    if str(path) == STANDARD:
        sys.stdout.write(formats.dump(path, data))
        return
    try:
        path.write_text(formats.dump(path, data), encoding="utf-8")
    except OSError as error:
        raise FrameworkpickError(
            f"The answers could not be saved to {path}: {error.strerror}.",
            "Give --save-answers a path in a folder you can write to.",
        ) from error
