"""The templates of a project: the one it was made from, and the one it is to follow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from frameworkpick import history
from frameworkpick.core.plain_text import shown_address
from frameworkpick.core.versions import same_version, version_key
from frameworkpick.errors import FrameworkpickError

from .template import Files, Template

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from frameworkpick.core.preset import TemplateChoice
    from frameworkpick.project import Recorded


@dataclass(frozen=True, slots=True)
class Ends:
    """The template a project was made from, and the one it is to follow: mostly the same."""

    recorded: Recorded  #: What the project says.
    old: Template  #: At the project's version.
    new: Template  #: At the version it is to have, once :meth:`to` has found out.
    held: str | None = None  #: The version that whoever named the template holds it to.

    @property
    def switched(self) -> bool:
        """Whether the project is to follow another template than it records."""
        lines = [(each.source.address, each.address) for each in (self.old, self.new)]
        return lines[0] != lines[1]

    @property
    def moved(self) -> bool:
        """Whether the version that the project was made from names another commit by now."""
        noted = self.recorded.commit
        return bool(noted) and noted != self.old.source.commit(self.recorded.version)

    @property
    def same(self) -> bool:
        """Whether the project is where it is to be."""
        return self.new.version == self.recorded.version and not (self.switched or self.moved)

    @property
    def ahead(self) -> bool:
        """Whether the project has a newer version than the one it is held to."""
        at = self.recorded.version
        return not self.switched and not _not_older(self.held or at, at)

    def to(self, wanted: str | None = None, *, as_spelled: bool = False) -> Self:
        """Bring the new end to its version: never an older one by accident.

        Args:
            wanted: The version a person asks for.
            as_spelled: The project's own spelling of a version stands.

        Raises:
            FrameworkpickError: There is no such version, or it is older.
        """
        at, version = self.recorded.version, self._target(wanted)
        if as_spelled and not self.switched and same_version(version, at):
            version = at
        found = replace(self, new=self.new.at(version))
        commit = self.recorded.commit if found.same else self.new.commit_of(version)
        return replace(self, new=self.new.at(version, commit))

    def _target(self, wanted: str | None) -> str:
        source, at = self.new.source, self.recorded.version
        version = source.spelled(wanted or self.held or source.latest())
        if _not_older(version, at) or (self.switched and wanted):
            return version
        if self.switched:
            raise FrameworkpickError(
                f"The project is at {at}, and {source.address} has {version} only.",
                f"Merge {at} into it first, or say --to {version} to go back.",
            )
        if wanted is None:
            return at
        raise FrameworkpickError(
            f"The project is at {at}, and {version} is older.",
            "To go back, revert the commit of the update.",
        )

    def told_moved(self) -> str:
        """Say that a tag names another commit than it did, and what that means."""
        now, noted = self.old.source.commit(self.recorded.version), self.recorded.commit
        told = (
            f"{self.recorded.version} of the template {shown_address(self.recorded.address)} names "
            f"the commit {now[:12]}, and named {noted[:12]} when the project was made: its tag was "
            "moved."
        )
        if self.old.source.holds(noted):
            return told
        return f"{told} The old commit is not there any more, so what was changed counts as yours."


class Templates:
    """The templates of a run, each opened once.

    Args:
        scratch: A folder for what is written of them.
    """

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._opened: dict[str, Files] = {}

    def of(self, recorded: Recorded, named: Collection[str]) -> Template:
        """Open the template that a project names, if it is built in or a person names it too.

        Raises:
            FrameworkpickError: Nobody named it, or it cannot be reached.
        """
        address = recorded.address
        allowed = any(history.same_repository(address, each) for each in named)
        if not allowed and not history.is_built_in(address):
            raise FrameworkpickError(
                f"The project's template {shown_address(address)!r} is not one that you named.",
                "If you trust it, name it with --template-url or in a preset.",
            )
        return self._template(history.open_source(address, allowed=allowed), recorded)

    def ends(self, recorded: Recorded, choices: Sequence[TemplateChoice]) -> Ends:
        """Open the template that a project names and the one it is to follow.

        A project of one of ``choices`` stays with it, any other is to follow the first.

        Raises:
            FrameworkpickError: Nobody named the project's template, and the one that somebody named
                does not have the project's version; or one of them cannot be reached.
        """
        own = [each for each in choices if history.same_repository(recorded.address, each.url)]
        if own or not choices:
            same = self.of(recorded, [each.url for each in own])
            return Ends(recorded, same, same, own[0].version if own else None)
        choice = choices[0]
        source = history.open_source(choice.url, allowed=True)
        new = Template(self._files(source), source.address)
        forked = source.has(recorded.version)  # a fork holds the versions that it comes from
        old = self._built_in(recorded)
        # One that is no release need not be the same everywhere.
        sure = history.is_release(recorded.version) or not forked
        if old and sure and old.source.has(recorded.version):
            return Ends(recorded, old, new, choice.version)
        if forked:
            return Ends(recorded, self._template(source, recorded), new, choice.version)
        raise FrameworkpickError(
            f"The project was made from {shown_address(recorded.address)!r} {recorded.version}, "
            f"which {choice.url} does not have.",
            f"Give that template the history of the other one, tag {recorded.version} included.",
        )

    def _built_in(self, recorded: Recorded) -> Template | None:
        if not history.is_built_in(recorded.address):
            return None
        try:
            return self.of(recorded, ())
        except FrameworkpickError:  # an installation without history: the fork has it too
            return None

    def _template(self, source: history.Source, recorded: Recorded) -> Template:
        files = self._files(source)
        return Template(files, recorded.address, recorded.version, recorded.commit)

    def _files(self, source: history.Source) -> Files:
        if source.address not in self._opened:
            place = self._scratch / f"template-{len(self._opened)}"
            self._opened[source.address] = Files(source, place)
        return self._opened[source.address]


def _not_older(version: str, than: str) -> bool:
    """Whether a version is not older than another; what is no version is older than all."""
    one, other = version_key(version), version_key(than)
    return one is not None and (other is None or one >= other)
