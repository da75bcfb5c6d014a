"""``check``: how far projects are from their template, by version and file by file.

Whatever is in a project is only read: its repository is not asked, and nothing of it is run.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from frameworkpick import history, merge, process, project, template
from frameworkpick.commands import team_preset
from frameworkpick.commands.render_pool import Ended, Job, render_all
from frameworkpick.core import option_answers
from frameworkpick.core.drift import MOST_PATTERNS, Unfit, compare, without_ignored
from frameworkpick.core.plain_text import one_line, shown_address
from frameworkpick.core.preset import name_of
from frameworkpick.core.results.checked import CheckResult, ProjectCheck
from frameworkpick.errors import FrameworkpickError
from frameworkpick.scratch import temporary

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from frameworkpick.core.preset import Preset
    from frameworkpick.project import Recorded
    from frameworkpick.template import Ends, Template

#: Projects whose renders are made together.
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What a person asked for."""

    directories: Sequence[Path]  #: The projects.
    ignore: Sequence[str] = ()  #: Patterns of files that do not count.
    template_urls: Sequence[str] = ()  #: Addresses of templates; the first is to be followed.
    preset: str | None = None  #: What a team decided: a built-in name, a path, or git+URL@REF.


def run(
    request: CheckRequest,
    *,
    progress: Callable[[str], None] = lambda _: None,
    note: Callable[[str], None] = lambda _: None,
) -> CheckResult:
    """Compare projects with their templates.

    Raises:
        FrameworkpickError: The preset that was named cannot be loaded.
        InputError: The address of a template cannot be used.
    """
    faults: dict[int, FrameworkpickError] = {}
    found: dict[int, ProjectCheck] = {}
    with (
        process.tidy_end(),
        temporary() as made,
        process.no_survivors(),
    ):
        plan = _Plan(request, made, note)
        tasks: dict[int, _Task] = {}
        if len(request.directories) > 1:
            progress(f"reading {len(request.directories)} records")
        for number, folder in enumerate(request.directories):
            try:
                tasks[number] = plan.task(folder)
            except _NotComparable as unfit:
                kind, faults[number] = unfit.args
                found[number] = _unfit(folder, kind, faults[number])
        for stale in dict.fromkeys(task.known.stale for task in tasks.values() if task.known.stale):
            note(f"There may be newer versions of the template: {stale}")
        for number, check, fault in _compared(tasks, made, progress):
            found[number] = check
            if fault:
                faults[number] = fault
    only = faults.get(0) if len(request.directories) == 1 else None
    return CheckResult(tuple(found[number] for number in sorted(found)), only)


def _unfit(folder: Path, kind: Unfit, error: FrameworkpickError, version: str = "") -> ProjectCheck:
    said = f"{one_line(error.message)} {error.hint}".strip()
    return ProjectCheck(str(folder), version, problem=said, kind=kind)


def _compared(
    tasks: Mapping[int, _Task], scratch: Path, progress: Callable[[str], None]
) -> Iterator[tuple[int, ProjectCheck, FrameworkpickError | None]]:
    """Compare the projects, a few at a time, so that few renders lie around."""
    waiting = Counter(job.destination for task in tasks.values() for job in {task.base, task.new})
    numbers = list(tasks)
    ended: dict[Path, Ended] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        batch = numbers[start : start + _AT_ONCE]
        progress(f"checking {start + 1} to {start + len(batch)} of {len(numbers)}")
        jobs = {job for n in batch for job in (tasks[n].base, tasks[n].new)}
        ended |= render_all([j for j in jobs if not j.destination.exists()])
        for number in batch:
            task = tasks[number]
            yield number, *_checked(task, ended, scratch / f"merge-{number}")
            for job in {task.base, task.new}:
                waiting[job.destination] -= 1
                if not waiting[job.destination]:
                    shutil.rmtree(job.destination, ignore_errors=True)


def _checked(
    task: _Task, ended: Mapping[Path, Ended], scratch: Path
) -> tuple[ProjectCheck, FrameworkpickError | None]:
    """Compare one project, or say why that cannot be done."""
    base, new = ended[task.base.destination], ended[task.new.destination]
    kind = Unfit.NOT_RENDERED
    if isinstance(base, FrameworkpickError):
        fault = base
    elif isinstance(new, FrameworkpickError):
        fault = new
    else:
        try:
            return _one(task, new, scratch), None
        except FrameworkpickError as error:
            kind, fault = Unfit.UNREADABLE, error
    return _unfit(task.folder, kind, fault, task.known.version), fault


def _one(task: _Task, once: Collection[str], scratch: Path) -> ProjectCheck:
    base = merge.read_folder(task.base.destination)
    new = base if task.new == task.base else merge.read_folder(task.new.destination)
    if any(map(_is_revision, base)):  # revisions are the project's: an update leaves them alone
        base, new = ({p: f for p, f in each.items() if not _is_revision(p)} for each in (base, new))
    found = merge.find(task.folder, {*base, *new}, base, new)
    b, h, n = (merge.states(files) for files in (base, found.files, new))
    own = {path for path in once if path in h}  # an update leaves these alone
    both = [
        p for p in h.keys() - own if h[p] != n.get(p) and h[p] != b.get(p) and b.get(p) != n.get(p)
    ]
    scratch.mkdir()
    conflicts = merge.would_conflict(scratch, base, found, new) if both else frozenset()
    conflicts -= own
    left_out = merge.left_out(scratch, task.base.destination)
    if task.new != task.base:  # what only the newest version brings
        left_out |= merge.left_out(scratch, task.new.destination) - base.keys()
    left_out |= own
    shutil.rmtree(scratch, ignore_errors=True)
    statuses, ignored = without_ignored(compare(b, h, n, conflicts), task.ignore, left_out)
    return replace(task.known, files=statuses, ignored=ignored)


def _is_revision(path: str) -> bool:
    return path.startswith(f"{project.VERSIONS}/")


class _NotComparable(Exception):  # noqa: N818 (a state of one project; the others are compared)
    """A project cannot be compared: the kind of reason, and the reason."""


@contextmanager
def _told(kind: Unfit) -> Iterator[None]:
    try:
        yield
    except FrameworkpickError as error:
        raise _NotComparable(kind, error) from error


@dataclass(frozen=True, slots=True)
class _Task:
    """One project with the renders it is compared with."""

    folder: Path  #: As it was given.
    known: ProjectCheck  #: What can be said before anything is compared.
    base: Job  #: As its own version writes it.
    new: Job  #: As the version writes it that it should have.
    ignore: tuple[str, ...]  #: Patterns of files that do not count.


class _Plan:
    """Finds out what to render, each template opened once, in an empty folder.

    Raises:
        InputError: The address of a template that was named cannot be used.
    """

    def __init__(self, request: CheckRequest, scratch: Path, note: Callable[[str], None]) -> None:
        self._request, self._scratch, self._note = request, scratch, note
        self._presets = team_preset.Presets(request.preset, note)
        self._named = template.all_wanted(request.template_urls)
        self._templates = template.Templates(scratch / "templates")
        self._noted: set[str] = set()
        self._jobs: dict[str, Job] = {}

    def task(self, folder: Path) -> _Task:
        """Find out what to compare a project with, or raise why it cannot be compared."""
        with _told(Unfit.NO_PROJECT):
            project.check_project(folder)
        with _told(Unfit.UNREADABLE):
            recorded, kept = project.read_recorded(folder), project.read_decided(folder)
            own = project.read_ignored(folder)
        with _told(Unfit.PRESET):
            preset = self._presets.of(folder)
            choices = self._named or template.all_wanted((), preset)
            ignore = self._ignored(folder, own, preset)
        with _told(Unfit.UNKNOWN_TEMPLATE):
            ends = self._templates.ends(recorded, choices)
        with _told(Unfit.UNKNOWN_VERSION):
            ends.old.check_project(recorded)
            ends = ends.to(as_spelled=True)
            moved = self._tell(ends)
        with _told(Unfit.NOT_RENDERED):
            base, new = self._job(ends.old, recorded), self._job(ends.new, recorded)
            if any(q.required and q.id not in new.answers for q in ends.new.questions()):
                new = base  # only a person knows the answer; the version is newer all the same
        said = {**kept, **recorded.answers, **base.answers}
        departures = preset.departures(said) if preset else {}
        known = ProjectCheck(
            str(folder), recorded.version, ends.new.version, shown_address(recorded.address),
            ends.new.address if ends.switched else "",
            preset=name_of(preset.label) if preset else "",
            departures={**departures, **_ahead(ends, preset)},
            flags=self._flags(ends), stale=ends.new.source.stale, moved=moved,
        )  # fmt: skip
        return _Task(folder, known, base, new, ignore)

    def _ignored(self, folder: Path, own: Sequence[str], preset: Preset | None) -> tuple[str, ...]:
        own = (*own, *(preset.ignore if preset else ()))
        if len(own) > MOST_PATTERNS:
            raise FrameworkpickError(
                f"{folder} names {len(own)} patterns of files to ignore, and {MOST_PATTERNS} are "
                "the most.",
                "Join some of them: `*` crosses folders.",
            )
        return (*own, *self._request.ignore)

    def _flags(self, ends: Ends) -> tuple[str, ...]:
        """Return what `update` has to be told to follow the same template."""
        url, preset = ends.new.source.address, self._request.preset
        named = ("--template-url", url) if self._named and not history.is_built_in(url) else ()
        return (*named, *(("--preset", preset) if preset else ()))

    def _tell(self, ends: Ends) -> bool:
        """Note what to know of a template, once for its projects; return whether a tag moved."""
        address, moved = ends.new.source.address, ends.moved
        if not ends.held and address not in self._noted:
            ends.new.tell_passed_over(self._note)
        text = ends.told_moved() if moved else address
        if moved and text not in self._noted:
            self._note(text)
        self._noted |= {address, text}
        return moved

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
