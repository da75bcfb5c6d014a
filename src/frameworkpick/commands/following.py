"""Which template a project was made from, and which one it is to follow: mostly the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from frameworkpick import history
from frameworkpick.commands.retemplating import Template
from frameworkpick.core.plain_text import shown_address
from frameworkpick.core.template import version_key
from frameworkpick.errors import FrameworkpickError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from frameworkpick.core.preset import TemplateChoice
    from frameworkpick.project import Recorded


@dataclass(frozen=True, slots=True)
class Ends:
    """The template a project was made from, and the one it is to follow: mostly the same."""

    old: Template  #: Holds the project's version.
    new: Template  #: Holds the versions it can have.
    version: str | None = None  #: The version it is to have; ``None`` is the newest.

    def moved(self, recorded: Recorded) -> bool:
        """Whether the version that the project was made from names another commit by now."""
        noted = recorded.commit
        return bool(noted) and noted != self.old.source.commit(recorded.version)

    @property
    def switched(self) -> bool:
        """Whether the project is to follow another template than it records."""
        return self.old is not self.new

    def ahead(self, recorded: Recorded) -> bool:
        """Whether the project has a newer version than the one it is to have."""
        wanted = self.version or recorded.version
        return not self.switched and not _newer(wanted, recorded.version)

    def target(self, recorded: Recorded, wanted: str | None = None) -> str:
        """Return the version that the project is to have: never an older one by accident.

        Args:
            recorded: What the project records.
            wanted: The version a person asks for.

        Raises:
            FrameworkpickError: There is no such version, or it is older.
        """
        source = self.new.source
        version = source.spelled(wanted or self.version or source.latest())
        if _newer(version, recorded.version) or (self.switched and wanted):
            return version
        if self.switched:
            raise FrameworkpickError(
                f"The project is at {recorded.version}, and {source.address} has {version} only.",
                f"Merge {recorded.version} into it first, or say --to {version} to go back.",
            )
        if wanted is None:
            return recorded.version
        raise FrameworkpickError(
            f"The project is at {recorded.version}, and {version} is older.",
            "To go back, revert the commit of the update.",
        )


class Templates:
    """The templates of a run, each opened once.

    Args:
        scratch: An empty folder.
    """

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._opened: dict[tuple[str, str], Template] = {}

    def of(self, recorded: Recorded, named: Collection[str]) -> Template:
        """Open the template that a project names, if it is built in or a person names it too.

        Args:
            recorded: What the project records.
            named: The addresses that a flag or a preset names.

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
        return self._template(history.open_source(address, allowed=allowed), address)

    def ends(self, recorded: Recorded, choices: Sequence[TemplateChoice]) -> Ends:
        """Open the template that a project names and the one it is to follow.

        Args:
            recorded: What the project records.
            choices: The templates that a person names: a project of one of them stays with it, any
                other is to follow the first.

        Raises:
            FrameworkpickError: Nobody named the project's template, and the one that somebody named
                does not have the project's version; or one of them cannot be reached.
        """
        own = [each for each in choices if history.same_repository(recorded.address, each.url)]
        if own or not choices:
            same = self.of(recorded, [each.url for each in own])
            return Ends(same, same, own[0].version if own else None)
        choice = choices[0]
        source = history.open_source(choice.url, allowed=True)
        new = self._template(source, source.address)
        forked = source.has(recorded.version)  # a fork holds the versions that it comes from
        old = self._built_in(recorded)
        if old and old.source.has(recorded.version) and not (forked and _may_change(recorded)):
            return Ends(old, new, choice.version)
        if forked:
            return Ends(self._template(source, recorded.address), new, choice.version)
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

    def _template(self, source: history.Source, address: str) -> Template:
        key = (source.address, address)
        if key not in self._opened:
            place = self._scratch / f"template-{len(self._opened)}"
            self._opened[key] = Template(source, place, address)
        return self._opened[key]


def told_moved(ends: Ends, recorded: Recorded) -> str:
    """Say that a tag names another commit than it did, and what that means."""
    now, noted = ends.old.source.commit(recorded.version), recorded.commit
    told = (
        f"{recorded.version} of the template {shown_address(recorded.address)} names the commit "
        f"{now[:12]}, and named {noted[:12]} when the project was made: its tag was moved."
    )
    if ends.old.source.holds(noted):
        return told
    return f"{told} The old commit is not there any more, so what was changed counts as yours."


def _may_change(recorded: Recorded) -> bool:
    """Whether a version of the built-in template need not be the same everywhere."""
    return not history.is_release(recorded.version)


def _newer(version: str, than: str) -> bool:
    """Whether a version is not older than another; what is no version is older than all."""
    one, other = version_key(version), version_key(than)
    return one is not None and (other is None or one >= other)
