"""What a generated project keeps of itself: read, and extended without touching a person's words.

``.copier-answers.yml`` says from which template it was made, ``.frameworkpick.toml`` what was
decided, and ``docs/adr`` tells the decisions to people.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from frameworkpick import formats
from frameworkpick.core import toml
from frameworkpick.core.plain_text import BYTE_ORDER_MARK
from frameworkpick.core.plan import followed_command
from frameworkpick.core.project_file import appended
from frameworkpick.core.revisit import (
    is_superseded,
    newest,
    next_number,
    parse_record,
    superseded,
)
from frameworkpick.errors import FrameworkpickError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from tomlkit.items import Table

    from frameworkpick.core.revisit import Record

#: Copier's record in a generated project.
PROJECT_RECORD = ".copier-answers.yml"
#: Our record of the decision in a generated project.
DECISION_RECORD = ".frameworkpick.toml"
#: Where decision records lie, and how the names of those on the framework end.
DECISIONS, _ON_FRAMEWORK = "docs/adr", "-web-framework.md"

#: Where the revisions of its database lie: they are the project's, and no verb touches them.
VERSIONS = "migrations/versions"

_PROJECT = "Give the folder of a project that `frameworkpick new` wrote."
_RESTORE = "Restore the file from the project's history."
_SOURCE = ("_src_path", "_commit")
#: What of a decision an update may rewrite; everything else in it has to stay.
_OURS = ("framework", "command", "options")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a generated project says about its template; whoever wrote it, nothing is trusted."""

    address: str  #: Where the template comes from.
    version: str  #: The version it was made from, as git or Copier spelled it.
    answers: Mapping[str, object]  #: Every recorded answer, as it stands there.
    texts: Mapping[str, str]  #: What is written there, where that is one word or line.
    commit: str = ""  #: The commit that the version named then; empty when nobody noted it.

    def text(self, name: str, default: str = "") -> str:
        """Return a recorded answer as text."""
        said = self.answers.get(name, default)
        return said if isinstance(said, str) else str(said)


def check_project(folder: Path) -> None:
    """Refuse a folder that is no project, without reading its record.

    Raises:
        FrameworkpickError: There is no record in it.
    """
    if not (folder / PROJECT_RECORD).is_file():
        raise FrameworkpickError(f"{folder} holds no {PROJECT_RECORD}.", _PROJECT)


def read_recorded(folder: Path, needed: Collection[str] = _SOURCE) -> Recorded:
    """Read a project's record of its template, following no link.

    ``needed`` is what the record has to say.

    Raises:
        FrameworkpickError: The folder is no project, or its record cannot be read.
    """
    path = folder / PROJECT_RECORD
    if path.is_symlink() or not path.is_file():
        raise FrameworkpickError(f"{folder} holds no {PROJECT_RECORD}.", _PROJECT)
    _refuse_large(path)
    try:
        content = formats.read(path)
        data = formats.parse(str(path), content, _PROJECT)
        written = formats.parse(str(path), content, _PROJECT, as_written=True)
    except (InputError, RecursionError) as error:
        raise FrameworkpickError(f"{path} cannot be read: {error}", _PROJECT) from error
    if formats.deep(data):
        raise FrameworkpickError(f"{path} is nested too deeply for a record.", _PROJECT)
    if missing := [name for name in needed if not isinstance(data.get(name), str)]:
        raise FrameworkpickError(f"{path} does not say {' and '.join(missing)}.", _PROJECT)
    _refuse_unprintable(path, data)
    commit = data.get("_commit_hash")
    return Recorded(
        address=str(data.get("_src_path", "")),
        version=str(data.get("_commit", "")),
        answers={str(k): v for k, v in data.items() if not str(k).startswith("_")},
        texts={name: text for name, text in written.items() if isinstance(text, str)},
        commit=commit if isinstance(commit, str) and commit.isalnum() else "",
    )


def _refuse_large(path: Path) -> None:
    if path.stat().st_size > formats.LARGEST:
        raise FrameworkpickError(
            f"{path} is too large for a record: it has more than {formats.LARGEST} bytes.", _RESTORE
        )


def _refuse_unprintable(path: Path, data: Mapping[str, Any]) -> None:
    """Refuse what would end a line of a message: a pipeline would obey what comes after it."""
    wrong = [name for name in _SOURCE if not str(data.get(name, "")).isprintable()]
    if wrong:
        raise FrameworkpickError(
            f"{path} holds a line break or another control character in {' and '.join(wrong)}.",
            _RESTORE,
        )


def read_ignored(folder: Path) -> tuple[str, ...]:
    """Read ``[check] ignore`` of a project's ``.frameworkpick.toml``; empty when it says nothing.

    Raises:
        FrameworkpickError: It is there and cannot be read.
    """
    path, section = folder / DECISION_RECORD, _decision(folder).get("check", {})
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
    answers = newest(_decision(folder)).get("answers")
    said = answers.items() if isinstance(answers, dict) else ()
    return {
        str(name): answer["value"]
        for name, answer in said
        if isinstance(answer, dict) and "value" in answer
    }


def _decision(folder: Path) -> dict[str, Any]:
    path = folder / DECISION_RECORD
    if path.is_symlink() or not path.is_file():
        return {}
    _refuse_large(path)
    try:
        return formats.load(path)
    except (InputError, RecursionError) as error:
        raise FrameworkpickError(f"{path} cannot be read: {error}", "Correct the file.") from error


def read_record(folder: Path) -> Record:
    """Read the decision that a generated project keeps.

    Raises:
        FrameworkpickError: There is none in the folder.
        InputError: It cannot be read or something is missing; every problem is named.
    """
    path = folder / DECISION_RECORD
    if not path.is_file():
        raise FrameworkpickError(f"{folder} holds no {DECISION_RECORD}.", _PROJECT)
    return parse_record(formats.load(path))


def with_entry(folder: Path, add: Callable[[str], str]) -> bytes:
    """Return a project's record with something added at its end.

    Raises:
        FrameworkpickError: It cannot be read, or what is in it leaves no place for that.
    """
    path = folder / DECISION_RECORD
    added = add(path.read_bytes().decode("utf-8")).encode()
    try:
        formats.parse(path.name, added, "")
    except InputError as error:
        raise FrameworkpickError(
            f"A decision cannot be added to {path}: {error.problems[0]}",
            "Call what is yours in it otherwise than `decisions`.",
        ) from error
    return added


@dataclass(frozen=True, slots=True)
class Update:
    """What an update did to a project, to be kept in its record."""

    date: str  #: The day, ``YYYY-MM-DD``.
    old: str  #: Version of the template before.
    new: str  #: Version of the template after.
    tool_version: str  #: Version of frameworkpick.
    template: str  #: Address of the template after.
    switched: bool = False  #: Whether the project followed another template before.
    changed: Mapping[str, object] = field(default_factory=dict)  #: Answers that are new or other.
    gone: Collection[str] = ()  #: Options that are not asked any more.
    flags: Mapping[str, str] = field(default_factory=dict)  #: The flag of each option with one.


def with_update(content: bytes, update: Update) -> bytes:
    """Let a project's ``.frameworkpick.toml`` say what the project is after an update.

    What stands at ``framework``, ``command`` and in ``[options]`` follows, and the update is added
    at the end; every other line stays, byte by byte. One that is no UTF-8 is left alone, one that
    is no TOML is only added to.
    """
    try:
        whole = content.decode()
    except UnicodeDecodeError:
        return content
    text = whole.removeprefix(BYTE_ORDER_MARK)
    mark = whole[: len(whole) - len(text)]
    lines = [
        "[[updates]]",
        *toml.pairs(
            {
                "date": update.date,
                "from": update.old,
                "to": update.new,
                "tool_version": update.tool_version,
                "template": update.template if update.switched else None,
            }.items()
        ),
    ]
    if update.changed:
        said = (f"{toml.value(k)} = {toml.value(v)}" for k, v in update.changed.items())
        lines.append(f"answers = {{ {', '.join(said)} }}")
    return f"{mark}{appended(_followed(text, update), lines)}".encode()


def _followed(text: str, update: Update) -> str:
    """Rewrite what says how the project is made, where nothing that a person wrote changes."""
    import tomlkit  # noqa: PLC0415 (an update alone needs it)
    from tomlkit import items  # noqa: PLC0415

    try:
        before = _others(text)
        record = tomlkit.parse(text)
        if "framework" in update.changed and isinstance(record.get("framework"), items.String):
            record["framework"] = str(update.changed["framework"])
        if isinstance(command := record.get("command"), items.String):
            now = followed_command(
                str(command), update.changed, flags=update.flags, gone=update.gone,
                template=(update.template, update.new), switched=update.switched,
            )  # fmt: skip
            if now != command:
                record["command"] = now
        if isinstance(options := record.get("options"), items.Table):
            _follow_options(options, update, "\r\n" if "\r\n" in text else "\n")
        told = str(tomlkit.dumps(record))
        return told if _others(told) == before else text
    except (InputError, tomlkit.exceptions.TOMLKitError):
        return text


def _others(text: str) -> dict[str, Any]:
    """Return what a record says beside what an update may rewrite.

    Raises:
        InputError: It is no TOML.
    """
    data = formats.parse(DECISION_RECORD, text.encode(), "")
    return {name: said for name, said in data.items() if name not in _OURS}


def _follow_options(options: Table, update: Update, line_end: str) -> None:
    """Set, add and remove options; a new one comes after the last, not after what follows it."""
    import tomlkit  # noqa: PLC0415 (an update alone needs it)

    for name in update.gone:
        options.pop(name, None)
    body, tail = options.value.body, []
    while body and body[-1][0] is None:  # blank lines and comments before the next table
        tail.append(body.pop()[1])
    for name, said in update.changed.items():
        plain = isinstance(said, str | bool | int | float | list)
        item = tomlkit.item(said if plain else str(said))
        if name not in options:
            item.trivia.trail = line_end
        if not isinstance(options.get(name), dict):
            options[name] = item
    for item in reversed(tail):
        body.append((None, item))


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decision records on the framework, before one more is written."""

    number: int  #: The first free number.
    standing: Mapping[str, str]  #: Those that count, by path in the project, oldest first.

    @property
    def next(self) -> str:
        """The path of the next one in the project."""
        return f"{DECISIONS}/{self.number:04}{_ON_FRAMEWORK}"

    @property
    def last(self) -> str | None:
        """The name of the one that the next one supersedes."""
        return list(self.standing)[-1].rpartition("/")[2] if self.standing else None

    def superseded(self, text: str) -> str:
        """Mark one as superseded by the next; nothing else in it changes."""
        return superseded(text, self.number)


def read_decisions(folder: Path) -> Decisions:
    """Read the decision records that a project keeps.

    Raises:
        OSError: They cannot be read.
        UnicodeDecodeError: One is no UTF-8 text.
    """
    names = sorted(path.name for path in (folder / DECISIONS).iterdir())
    texts = {
        f"{DECISIONS}/{name}": (folder / DECISIONS / name).read_bytes().decode()
        for name in names
        if name.endswith(_ON_FRAMEWORK)
    }
    standing = {path: text for path, text in texts.items() if not is_superseded(text)}
    return Decisions(next_number(names), standing)
