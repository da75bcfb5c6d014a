"""What a generated project says about itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from frameworkpick.core.revisit import newest, parse_record
from frameworkpick.errors import FrameworkpickError, InputError

from . import forms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from frameworkpick.core.revisit import Record

#: Copier's record in a generated project.
PROJECT_RECORD = ".copier-answers.yml"
#: Our record of the decision in a generated project.
DECISION_RECORD = ".frameworkpick.toml"
_PROJECT = "Give the folder of a project that `frameworkpick new` wrote."


@dataclass(frozen=True, slots=True)
class Project:
    """A generated project as its own record describes it."""

    folder: Path  #: The project's folder.
    framework: str  #: Id of its framework.
    package: str  #: Its package name.
    version: str  #: Version of the template it was made from.
    options: Mapping[str, str | bool]  #: Every recorded answer of the questionnaire.


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a generated project says about its template; whoever wrote it, nothing is trusted."""

    address: str  #: Where the template comes from.
    version: str  #: The version it was made from, as git or Copier spelled it.
    answers: Mapping[str, object]  #: Every recorded answer, as it stands there.
    texts: Mapping[str, str]  #: What is written there, where that is one word or line.
    commit: str = ""  #: The commit that the version named then; empty when nobody noted it.


def read_recorded(folder: Path) -> Recorded:
    """Read a project's record of its template, following no link.

    Raises:
        FrameworkpickError: The folder is no project, or its record cannot be read.
    """
    path = folder / PROJECT_RECORD
    if path.is_symlink() or not path.is_file():
        raise FrameworkpickError(f"{folder} holds no {PROJECT_RECORD}.", _PROJECT)
    _refuse_large(path)
    try:
        content = forms.read(path)
        data = forms.parse(str(path), content, _PROJECT)
        written = forms.parse(str(path), content, _PROJECT, as_written=True)
    except (InputError, RecursionError) as error:
        raise FrameworkpickError(f"{path} cannot be read: {error}", _PROJECT) from error
    if forms.deep(data):
        raise FrameworkpickError(f"{path} is nested too deeply for a record.", _PROJECT)
    missing = [name for name in ("_src_path", "_commit") if not isinstance(data.get(name), str)]
    if missing:
        raise FrameworkpickError(f"{path} does not say {' and '.join(missing)}.", _PROJECT)
    _refuse_unprintable(path, data)
    answers = {str(k): v for k, v in data.items() if not str(k).startswith("_")}
    commit = data.get("_commit_hash")
    commit = commit if isinstance(commit, str) and commit.isalnum() else ""
    texts = {name: text for name, text in written.items() if isinstance(text, str)}
    return Recorded(data["_src_path"], data["_commit"], answers, texts, commit)


def _refuse_large(path: Path) -> None:
    if path.stat().st_size > forms.LARGEST:
        raise FrameworkpickError(
            f"{path} is too large for a record: it has more than {forms.LARGEST} bytes.",
            "Restore the file from the project's history.",
        )


def _refuse_unprintable(path: Path, data: Mapping[str, Any]) -> None:
    """Refuse what would end a line of a message: a pipeline would obey what comes after it."""
    wrong = [name for name in ("_src_path", "_commit") if not str(data.get(name, "")).isprintable()]
    if wrong:
        raise FrameworkpickError(
            f"{path} holds a line break or another control character in {' and '.join(wrong)}.",
            "Restore the file from the project's history.",
        )


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
    path, section = folder / DECISION_RECORD, _record(folder).get("check", {})
    patterns = section.get("ignore", []) if isinstance(section, dict) else None
    if isinstance(section, dict) and (unknown := [key for key in section if key != "ignore"]):
        from frameworkpick.core.plain_text import did_you_mean  # noqa: PLC0415 (difflib)

        near = did_you_mean(unknown[0], ["ignore"])
        raise FrameworkpickError(
            f"{path}: there is no key {unknown[0]!r} in [check].{near}", "Correct the file."
        )
    if not isinstance(patterns, list) or not all(isinstance(each, str) for each in patterns):
        raise FrameworkpickError(
            f"{path} must name its ignored files as [check] ignore = [...].", "Correct the file."
        )
    return tuple(patterns)


def read_decided(folder: Path) -> dict[str, object]:
    """Read the decision answers in a project's record, as they stand there, following no link.

    Raises:
        FrameworkpickError: The record is there and cannot be read.
    """
    answers = newest(_record(folder)).get("answers")
    said = answers.items() if isinstance(answers, dict) else ()
    return {
        str(name): answer["value"]
        for name, answer in said
        if isinstance(answer, dict) and "value" in answer
    }


def _record(folder: Path) -> dict[str, Any]:
    path = folder / DECISION_RECORD
    if path.is_symlink() or not path.is_file():
        return {}
    _refuse_large(path)
    try:
        return forms.load(path)
    except (InputError, RecursionError) as error:
        raise FrameworkpickError(f"{path} cannot be read: {error}", "Correct the file.") from error


def read_project(folder: Path) -> Project:
    """Read the record of a generated project.

    Raises:
        FrameworkpickError: The folder is not a project that frameworkpick generated.
    """
    path = folder / PROJECT_RECORD
    if not path.is_file():
        raise FrameworkpickError(f"{folder} holds no {PROJECT_RECORD}.", _PROJECT)
    try:
        data = forms.load(path)
    except InputError as error:
        raise FrameworkpickError(error.message, _PROJECT) from error
    missing = [
        name for name in ("framework", "package_name") if not isinstance(data.get(name), str)
    ]
    if missing:
        raise FrameworkpickError(f"{path} does not say {' and '.join(missing)}.", _PROJECT)
    _refuse_unprintable(path, data)
    options = {
        name: value if isinstance(value, str | bool) else str(value)
        for name, value in data.items()
        if not name.startswith("_") and isinstance(value, str | bool | int | float)
    }
    return Project(
        folder=folder,
        framework=data["framework"],
        package=data["package_name"],
        version=str(data.get("_commit", "")),
        options=options,
    )


def with_entry(folder: Path, add: Callable[[str], str]) -> bytes:
    """Return a project's record with something added at its end.

    Raises:
        FrameworkpickError: It cannot be read, or what is in it leaves no place for that.
    """
    path = folder / DECISION_RECORD
    added = add(path.read_bytes().decode("utf-8")).encode()
    try:
        forms.parse(path.name, added, "")
    except InputError as error:
        raise FrameworkpickError(
            f"A decision cannot be added to {path}: {error.problems[0]}",
            "Call what is yours in it otherwise than `decisions`.",
        ) from error
    return added


def read_record(folder: Path) -> Record:
    """Read the decision that a generated project keeps.

    Raises:
        FrameworkpickError: There is none in the folder.
        InputError: It cannot be read or something is missing; every problem is named.
    """
    path = folder / DECISION_RECORD
    if not path.is_file():
        raise FrameworkpickError(f"{folder} holds no {DECISION_RECORD}.", _PROJECT)
    return parse_record(forms.load(path))
