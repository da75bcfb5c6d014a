"""What ``update``, ``add`` and ``remove`` end with."""

from __future__ import annotations

from dataclasses import dataclass
from shlex import quote
from typing import Annotated, ClassVar, NamedTuple


@dataclass(frozen=True, slots=True)
class FileChange:
    """What happens to one file."""

    JSON: ClassVar = ("path", "what", "why")

    path: str  #: In the project, with forward slashes.
    #: What happens to it.
    what: Annotated[str, {"enum": ["added", "changed", "removed", "conflict"]}]
    why: str = ""  #: For a conflict, what kind.
    marked: bool = False  #: Whether the file shows the conflict between markers.


class AnswerChange(NamedTuple):
    """An answer that is another than before."""

    id: str  #: The question.
    from_: object  #: The answer before; None when it is new.
    to: object  #: The answer after.


class Note(NamedTuple):
    """What a merge cannot do: a manual step, or what behaves differently."""

    version: str  #: Version of the template that brings it.
    kind: str  #: What it is.
    text: str  #: What to know and do.


class Unlocked(NamedTuple):
    """Why ``uv.lock`` is older than ``pyproject.toml``."""

    problem: str  #: What uv said.
    command: str  #: What renews it, as a person runs it from here.


@dataclass(frozen=True, slots=True)
class MergeResult:
    """What was merged, or would be."""

    JSON: ClassVar = (
        "schema", "project", "from=old", "to=new", "template?", "written", "files",
        "conflicts=conflicting", "kept_deleted", "kept_edited", "untracked", "answers", "lock",
        "dropped", "steps", "interrupted", "stale", "undo",
    )  # fmt: skip

    project: str  #: The project's folder.
    path: str  #: The same, as a command names it from here.
    old: Annotated[str, "Version of the template before."]
    new: Annotated[str, "Version of the template after."]
    written: bool  #: False for a dry run, or when there is nothing to do.
    in_git: bool  #: Whether a repository keeps the project.
    inside: bool  #: Whether the repository holds more than the project.
    files: tuple[FileChange, ...] = ()  #: Every file that changes, conflicts included.
    kept_deleted: tuple[str, ...] = ()  #: Removed by a person, and staying so.
    kept_edited: tuple[str, ...] = ()  #: Removed by the template, kept for the person's changes.
    untracked: tuple[str, ...] = ()  #: Not known to git and left alone.
    answers: tuple[AnswerChange, ...] = ()  #: Answers that are another than before.
    dropped: tuple[str, ...] = ()  #: Recorded answers that are not allowed any more: given anew.
    template: Annotated[str, "Address of the template to follow, if that is another."] = ""
    interrupted: bool = False  #: Whether an earlier update had to be undone first.
    stale: str = ""  #: Why there may be newer versions; empty when not.
    unlocked: str = ""  #: Why ``uv.lock`` is older than ``pyproject.toml``; empty when it is not.
    steps: tuple[Note, ...] = ()  #: What to know and do.

    @property
    def name(self) -> str:
        """Name of the project's folder."""
        return self.project.replace("\\", "/").rpartition("/")[2]

    @property
    def conflicts(self) -> tuple[FileChange, ...]:
        """The files that a person has to settle."""
        return tuple(file for file in self.files if file.what == "conflict")

    @property
    def conflicting(self) -> Annotated[tuple[str, ...], "Paths that a person has to settle."]:
        """The paths of the conflicts."""
        return tuple(file.path for file in self.conflicts)

    @property
    def lock(
        self,
    ) -> Annotated[
        Unlocked | None, "Why uv.lock is older than pyproject.toml, and what renews it."
    ]:
        """None when it is not older."""
        if not self.unlocked:
            return None
        command = "uv lock && git add uv.lock" if self.in_git else "uv lock"
        here = self.path == "."
        return Unlocked(self.unlocked, command if here else f"(cd {quote(self.path)} && {command})")

    @property
    def undo(self) -> str | None:
        """The command that takes the update back."""
        return f"frameworkpick update {quote(self.path)} --abort" if self.written else None

    @property
    def exit_code(self) -> int:
        """3 when there are conflicts, else 0."""
        return 3 if self.conflicts else 0


@dataclass(frozen=True, slots=True)
class AbortResult:
    """What undoing the last update did."""

    JSON: ClassVar = ("schema", "project", "left", "beside", "committed", "taken_back")

    project: str  #: The project's folder.
    left: tuple[str, ...]  #: Paths that were edited since, and stay so.
    beside: tuple[str, ...]  #: Without git: where what they were before the update is kept.
    committed: tuple[str, ...]  #: Paths that are committed, and stay so.
    #: Paths that were committed half-made: what takes them back is staged.
    taken_back: tuple[str, ...]
