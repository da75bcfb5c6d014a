"""Finds, reads and writes the files that carry answers, and the record in a project."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from frameworkpick.core.revisit import parse_record
from frameworkpick.errors import FrameworkpickError, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from frameworkpick.core.revisit import Record

#: Copier's record in a generated project.
PROJECT_RECORD = ".copier-answers.yml"
#: Our record of the decision in a generated project.
DECISION_RECORD = ".frameworkpick.toml"
#: Bytes; nobody answers that much.
_LARGEST_RECORD = 1024 * 1024
_PROJECT = "Give the folder of a project that `frameworkpick new` wrote."
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


@dataclass(frozen=True, slots=True)
class Project:
    """A generated project as its own record describes it."""

    folder: Path  #: The project's folder.
    framework: str  #: Id of its framework.
    package: str  #: Its package name.
    version: str  #: Version of the template it was made from.
    options: Mapping[str, str | bool]  #: Every recorded answer of the questionnaire.


def read_answers_file(path: Path) -> AnswersFile:
    """Read decision answers and project options from a TOML, YAML or JSON file.

    Decision answers stand in a table ``answers`` or at the top, project options in a table
    ``options``, weights in a table ``weights``, beside an optional ``use_case``, ``framework`` and
    ``because``.

    Raises:
        InputError: The file cannot be read or does not have that form.
    """
    data = _load(path)
    problems = [
        f"{path}: {name} must be a table of names and values."
        for name in _TABLES
        if not isinstance(data.get(name, {}), dict)
    ]
    problems += [
        f"{path}: {name} must be text."
        for name in _TEXTS
        if not isinstance(data.get(name, ""), str)
    ]
    if problems:
        raise InputError(problems, "See docs/reference/answers.md for the form of an answers file.")
    top = {key: value for key, value in data.items() if key not in (*_TABLES, *_TEXTS)}
    return AnswersFile(
        answers={**top, **data.get("answers", {})},
        options=data.get("options", {}),
        framework=data.get("framework"),
        because=data.get("because"),
        use_case=data.get("use_case"),
        weights=data.get("weights", {}),
    )


def write_answers_file(path: Path, content: AnswersFile) -> None:
    """Write an answers file that :func:`read_answers_file` reads back.

    The ending decides the form: ``.json`` is JSON, ``.yml`` and ``.yaml`` are YAML, any other TOML.

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
    try:
        path.write_text(_dump(path, data), encoding="utf-8")
    except OSError as error:
        raise FrameworkpickError(
            f"The answers could not be saved to {path}: {error.strerror}.",
            "Give --save-answers a path in a folder you can write to.",
        ) from error


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a generated project says about its template; whoever wrote it, nothing is trusted."""

    address: str  #: Where the template comes from.
    version: str  #: The version it was made from.
    answers: Mapping[str, object]  #: Every recorded answer, as it stands there.


def read_recorded(folder: Path) -> Recorded:
    """Read a project's record of its template, following no link.

    Raises:
        FrameworkpickError: The folder is no project, or its record cannot be read.
    """
    path = folder / PROJECT_RECORD
    if path.is_symlink() or not path.is_file():
        raise FrameworkpickError(f"{folder} holds no {PROJECT_RECORD}.", _PROJECT)
    if path.stat().st_size > _LARGEST_RECORD:
        raise FrameworkpickError(f"{path} is too large for a record of answers.", _PROJECT)
    try:
        data = _load(path)
    except (InputError, RecursionError) as error:
        raise FrameworkpickError(f"{path} cannot be read: {error}", _PROJECT) from error
    missing = [name for name in ("_src_path", "_commit") if not isinstance(data.get(name), str)]
    if missing:
        raise FrameworkpickError(f"{path} does not say {' and '.join(missing)}.", _PROJECT)
    answers = {str(k): v for k, v in data.items() if not str(k).startswith("_")}
    return Recorded(data["_src_path"], data["_commit"], answers)


def check_project(folder: Path) -> None:
    """Refuse a folder that is no project, without reading its record.

    Raises:
        FrameworkpickError: There is no record in it.
    """
    if not (folder / PROJECT_RECORD).is_file():
        raise FrameworkpickError(f"{folder} holds no {PROJECT_RECORD}.", _PROJECT)


def read_ignored(folder: Path) -> tuple[str, ...]:
    """Read ``[check] ignore`` of a project's ``.frameworkpick.toml``; empty when it says nothing.

    Raises:
        FrameworkpickError: It is there and cannot be read.
    """
    path = folder / DECISION_RECORD
    if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST_RECORD:
        return ()
    try:
        section = _load(path).get("check", {})
    except (InputError, RecursionError) as error:
        raise FrameworkpickError(f"{path} cannot be read: {error}", "Correct the file.") from error
    patterns = section.get("ignore", []) if isinstance(section, dict) else None
    if not isinstance(patterns, list) or not all(isinstance(each, str) for each in patterns):
        raise FrameworkpickError(
            f"{path} must name its ignored files as [check] ignore = [...].", "Correct the file."
        )
    return tuple(patterns)


def read_project(folder: Path) -> Project:
    """Read the record of a generated project.

    Raises:
        FrameworkpickError: The folder is not a project that frameworkpick generated.
    """
    path = folder / PROJECT_RECORD
    if not path.is_file():
        raise FrameworkpickError(f"{folder} holds no {PROJECT_RECORD}.", _PROJECT)
    try:
        data = _load(path)
    except InputError as error:
        raise FrameworkpickError(error.message, _PROJECT) from error
    missing = [
        name for name in ("framework", "package_name") if not isinstance(data.get(name), str)
    ]
    if missing:
        raise FrameworkpickError(f"{path} does not say {' and '.join(missing)}.", _PROJECT)
    options = {
        name: value
        for name, value in data.items()
        if not name.startswith("_") and isinstance(value, str | bool)
    }
    return Project(
        folder=folder,
        framework=data["framework"],
        package=data["package_name"],
        version=str(data.get("_commit", "")),
        options=options,
    )


def read_record(folder: Path) -> Record:
    """Read the decision that a generated project keeps.

    Raises:
        FrameworkpickError: There is none in the folder.
        InputError: It cannot be read or something is missing; every problem is named.
    """
    path = folder / DECISION_RECORD
    if not path.is_file():
        raise FrameworkpickError(f"{folder} holds no {DECISION_RECORD}.", _PROJECT)
    return parse_record(_load(path))


def _load(path: Path) -> dict[str, Any]:
    hint = "An answers file is TOML, YAML or JSON."
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise InputError([f"{path} cannot be read: {reason}."], hint) from error
    try:
        data = _parse(path, text)
    except ValueError as error:
        raise InputError([f"{path} is not valid: {error}"], hint) from error
    if not isinstance(data, dict):
        raise InputError([f"{path} must hold names and values."], hint)
    return data


def _parse(path: Path, text: str) -> object:
    match path.suffix.lower():
        case ".json":
            return json.loads(text)
        case ".yml" | ".yaml":
            import yaml  # noqa: PLC0415 (only for YAML files)

            try:
                return yaml.safe_load(text)
            except yaml.YAMLError as error:
                raise ValueError(str(error)) from error
        case _:
            import tomllib  # noqa: PLC0415 (only for TOML files)

            return tomllib.loads(text)


def _dump(path: Path, data: dict[str, Any]) -> str:
    match path.suffix.lower():
        case ".json":
            return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
        case ".yml" | ".yaml":
            import yaml  # noqa: PLC0415 (only for YAML files)

            return str(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))
        case _:
            return _dump_toml(data)


def _dump_toml(data: dict[str, Any]) -> str:
    def value(item: str | bool) -> str:  # noqa: FBT001 (the value itself)
        # A JSON string is a TOML string, but for DEL, which TOML wants escaped.
        text = json.dumps(item, ensure_ascii=False)
        return text.replace("\x7f", "\\u007f")

    lines = [f"{key} = {value(item)}" for key, item in data.items() if not isinstance(item, dict)]
    for key, table in data.items():
        if isinstance(table, dict):
            lines += ["", f"[{key}]", *(f"{name} = {value(item)}" for name, item in table.items())]
    return "\n".join(lines).strip() + "\n"
