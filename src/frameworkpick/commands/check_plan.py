"""What ``check`` compares each project with, and why that is not possible."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from frameworkpick import history, project, template
from frameworkpick.commands.render_pool import Job
from frameworkpick.core import option_answers
from frameworkpick.core.drift import MOST_PATTERNS, Unfit
from frameworkpick.core.preset import name_of
from frameworkpick.errors import FrameworkpickError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from frameworkpick.commands import team_preset
    from frameworkpick.core.preset import Preset
    from frameworkpick.project import Recorded
    from frameworkpick.template import Ends, Template


class NotComparable(Exception):  # noqa: N818 (a state of one project; the others are compared)
    """A project cannot be compared.

    Attributes:
        kind: The kind of reason.
        error: The reason.
    """

    def __init__(self, kind: Unfit, error: FrameworkpickError) -> None:
        super().__init__(kind)
        self.kind = kind
        self.error = error


@contextmanager
def _told(kind: Unfit) -> Iterator[None]:
    try:
        yield
    except FrameworkpickError as error:
        raise NotComparable(kind, error) from error


@dataclass(frozen=True, slots=True)
class Task:
    """One project with the renders it is compared with."""

    folder: Path  #: As it was given.
    recorded: Recorded  #: What it says of its template.
    newest: str  #: The version it should have.
    follow: str  #: Address of the template that it should follow, if that is another.
    base: Job  #: As its own version writes it.
    new: Job  #: As the version writes it that it should have.
    ignore: tuple[str, ...]  #: Patterns of files that do not count.
    preset: str  #: Name of its preset; empty when there is none.
    departures: Mapping[str, str]  #: What it does not keep to.
    flags: tuple[str, ...]  #: What `update` has to be told to follow the same template.
    stale: str  #: Why there may be newer versions; empty when it was asked.
    moved: bool  #: Whether the tag of its version was moved.


class Plan:
    """Finds out what to render, each template opened once.

    Args:
        scratch: An empty folder.
        houses: The presets of the projects.
        note: Called with a sentence on a template.
        template_urls: Addresses of templates; the first is to be followed.
        ignore: Patterns of files that do not count.
        preset: The preset that a flag names.

    Raises:
        InputError: The address of a template that was named cannot be used.
    """

    def __init__(
        self,
        scratch: Path,
        houses: team_preset.Presets,
        note: Callable[[str], None],
        *,
        template_urls: Sequence[str] = (),
        ignore: Sequence[str] = (),
        preset: str | None = None,
    ) -> None:
        self._note = note
        self._told: set[str] = set()
        self._ignore, self._preset = ignore, preset
        self._scratch = scratch
        self._houses = houses
        self._named = template.all_wanted(template_urls)
        self._templates = template.Templates(scratch / "templates")
        self._jobs: dict[str, Job] = {}

    def task(self, folder: Path) -> Task:
        """Find out what to compare a project with.

        Raises:
            NotComparable: It cannot be compared.
        """
        with _told(Unfit.NO_PROJECT):
            project.check_project(folder)
        with _told(Unfit.UNREADABLE):
            recorded, kept = project.read_recorded(folder), project.read_decided(folder)
            own = project.read_ignored(folder)
        with _told(Unfit.PRESET):
            preset = self._houses.of(folder)
            choices = self._named or template.all_wanted((), preset)
            ignore = self._ignored(folder, own, preset)
        with _told(Unfit.UNKNOWN_TEMPLATE):
            ends = self._templates.ends(recorded, choices)
        with _told(Unfit.UNKNOWN_VERSION):
            ends.old.check_project(recorded)
            ends = ends.to(as_spelled=True)
            moved = ends.moved
            self._tell(ends, moved=moved)
        with _told(Unfit.NOT_RENDERED):
            base, new = self._job(ends.old, recorded), self._job(ends.new, recorded)
            if any(q.required and q.id not in new.answers for q in ends.new.questions()):
                new = base  # only a person knows the answer; the version is newer all the same
        said = {**kept, **recorded.answers, **base.answers}
        departures = preset.departures(said) if preset else {}
        return Task(
            folder,
            recorded,
            ends.new.version,
            ends.new.address if ends.switched else "",
            base,
            new,
            ignore,
            name_of(preset.label) if preset else "",
            {**departures, **_ahead(ends, preset)},
            self._flags(ends),
            ends.new.source.stale,
            moved,
        )

    def _ignored(self, folder: Path, own: Sequence[str], preset: Preset | None) -> tuple[str, ...]:
        own = (*own, *(preset.ignore if preset else ()))
        if len(own) > MOST_PATTERNS:
            raise FrameworkpickError(
                f"{folder} names {len(own)} patterns of files to ignore, and {MOST_PATTERNS} are "
                "the most.",
                "Join some of them: `*` crosses folders.",
            )
        return (*own, *self._ignore)

    def _flags(self, ends: Ends) -> tuple[str, ...]:
        """Return what `update` has to be told to follow the same template."""
        url, preset = ends.new.source.address, self._preset
        named = ("--template-url", url) if self._named and not history.is_built_in(url) else ()
        return (*named, *(("--preset", preset) if preset else ()))

    def _tell(self, ends: Ends, *, moved: bool) -> None:
        """Note what a person should know of the template, once for all of its projects."""
        address = ends.new.source.address
        if not ends.held and address not in self._told:
            ends.new.tell_passed_over(self._note)
        text = ends.told_moved() if moved else address
        if moved and text not in self._told:
            self._note(text)
        self._told |= {address, text}

    def _job(self, used: Template, recorded: Recorded) -> Job:
        answers, _ = option_answers.kept_answers(used.questions(), recorded.answers, recorded.texts)
        where = [used.source.address, used.address, used.version, used.commit]
        key = json.dumps([*where, answers], sort_keys=True, default=str)
        if key not in self._jobs:
            place = self._scratch / f"render-{len(self._jobs)}" / "project"
            self._jobs[key] = Job(
                used.tree, answers, place, used.version, used.address, used.commit
            )
        return self._jobs[key]


def _ahead(ends: Ends, preset: Preset | None) -> dict[str, str]:
    """Say that a project has a newer version than its preset holds it to."""
    chosen = preset.template if preset else None
    if chosen is None or not ends.ahead:
        return {}
    held = f"The template is held to {chosen.version} by {chosen.layer}"
    return {"template": f"{held}; the project is ahead, at {ends.recorded.version}."}
