"""What ``check`` ends with."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, ClassVar, NamedTuple

from frameworkpick.core.drift import DRIFT, FileStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frameworkpick.core.drift import Unfit
    from frameworkpick.errors import FrameworkpickError

#: What of a project's files is counted.
_COUNTED = (FileStatus.UNCHANGED, FileStatus.CUSTOMISED, FileStatus.MISSING, FileStatus.CONFLICTING)


class Departure(NamedTuple):
    """What a project does not keep to."""

    id: str  #: The option or criterion.
    problem: str  #: Who decided what.


class CheckedFile(NamedTuple):
    """One of the template's files."""

    path: str  #: In the project, with forward slashes.
    status: FileStatus  #: What became of it.


@dataclass(frozen=True, slots=True)
class ProjectCheck:
    """What was found in one project."""

    JSON: ClassVar = (
        "project=folder", "version", "newest", "template", "follow?", "behind", "drifted",
        "problem?", "kind", "stale?", "preset?", "departures=departed", "counts", "ignored",
        "files=listed",
    )  # fmt: skip

    folder: str  #: As it was given.
    version: str = ""  #: Version of the template it was made from.
    newest: str = ""  #: The one it should have.
    template: Annotated[str, "Address of the template it was made from."] = ""
    follow: Annotated[str, "Address of another one that it should follow."] = ""
    files: Mapping[str, FileStatus] = field(default_factory=dict)  #: By path; without the ignored.
    ignored: tuple[str, ...] = ()  #: Files that somebody or the template wants ignored.
    problem: Annotated[str, "Why it could not be compared."] = ""
    kind: Annotated[Unfit | None, "The kind of that reason."] = None
    preset: Annotated[str, "Name of the preset it has to keep to."] = ""
    departures: Mapping[str, str] = field(default_factory=dict)  #: What it does not keep to.
    flags: tuple[str, ...] = ()  #: What `update` has to be told to follow the same template.
    stale: Annotated[str, "Why there may be newer versions than that."] = ""
    moved: bool = False  #: Whether the tag of its version was moved since it was made.

    @property
    def behind(self) -> bool:
        """Whether there is a newer version, another commit of the same, or another template."""
        other = self.version != self.newest or self.moved or self.follow
        return bool(other) and not self.problem

    @property
    def drifted(self) -> bool:
        """Whether a file is not as the template has it."""
        return any(status in DRIFT for status in self.files.values())

    @property
    def ok(self) -> bool:
        """Whether nothing needs attention."""
        fault = self.problem or self.stale or self.departures
        return not (fault or self.behind or self.drifted)

    @property
    def counts(self) -> dict[str, int]:
        """How many files there are of each status."""
        found = Counter(self.files.values())
        return {str(status): found[status] for status in _COUNTED}

    @property
    def departed(self) -> Annotated[tuple[Departure, ...], "What it does not keep to."]:
        """Locks and policies of the preset."""
        return tuple(Departure(name, text) for name, text in self.departures.items())

    @property
    def listed(self) -> tuple[CheckedFile, ...]:
        """Every file with its status."""
        return tuple(CheckedFile(path, status) for path, status in self.files.items())


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What was found."""

    JSON: ClassVar = ("schema", "ok", "projects")

    projects: tuple[ProjectCheck, ...]  #: In the order they were given.
    fault: FrameworkpickError | None = None  #: Why the only one could not be compared.

    @property
    def ok(self) -> Annotated[bool, "Whether no project needs attention."]:
        """Whether the exit code is 0."""
        return self.exit_code == 0

    @property
    def exit_code(self) -> int:
        """3 when one needs attention; when the only one could not be compared, the fault's."""
        if self.fault:
            return self.fault.exit_code
        return 0 if all(project.ok for project in self.projects) else 3
