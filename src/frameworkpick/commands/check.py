"""``check``: how far projects are from their template, by version and file by file.

Whatever is in a project is only read: its repository is not asked, and nothing of it is run.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick import merge, presets, process
from frameworkpick.commands import following, presetting, retemplating, templating
from frameworkpick.commands.rendering import Job, render_all
from frameworkpick.core.drift import DRIFT, MOST_PATTERNS, Status, compare, without_ignored
from frameworkpick.core.plain_text import shown_address
from frameworkpick.core.preset_facts import name_of
from frameworkpick.errors import FrameworkpickError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from frameworkpick.commands.retemplating import Template
    from frameworkpick.core.preset import Preset
    from frameworkpick.presets import Recorded

#: Projects whose renders are made together.
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What a person asked for."""

    directories: Sequence[Path]  #: The projects.
    ignore: Sequence[str] = ()  #: Patterns of files that do not count.
    template_urls: Sequence[str] = ()  #: Addresses of templates; the first is to be followed.
    preset: str | None = None  #: What a team decided: a built-in name, a path, or git+URL@REF.


@dataclass(frozen=True, slots=True)
class ProjectCheck:
    """What was found in one project."""

    folder: Path  #: As it was given.
    version: str = ""  #: Version of the template it was made from.
    newest: str = ""  #: The one it should have.
    template: str = ""  #: Address of the template it was made from.
    follow: str = ""  #: Address of the one that it should follow, if that is another.
    files: Mapping[str, Status] = field(default_factory=dict)  #: By path; without the ignored.
    ignored: tuple[str, ...] = ()  #: Files that somebody wants ignored.
    problem: str = ""  #: Why it could not be compared; empty when it was.
    preset: str = ""  #: Name of the preset it has to keep to; empty when there is none.
    departures: Mapping[str, str] = field(default_factory=dict)  #: What it does not keep to.

    @property
    def behind(self) -> bool:
        """Whether there is a newer version, or another template to follow."""
        return not self.problem and (self.version != self.newest or bool(self.follow))

    @property
    def drifted(self) -> bool:
        """Whether a file is not as the template has it."""
        return any(status in DRIFT for status in self.files.values())

    @property
    def ok(self) -> bool:
        """Whether nothing needs attention."""
        return not (self.problem or self.behind or self.drifted or self.departures)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What was found."""

    projects: tuple[ProjectCheck, ...]  #: In the order they were given.

    @property
    def exit_code(self) -> int:
        """3 when one is behind, drifted, not as its preset has it, or could not be compared."""
        return 0 if all(project.ok for project in self.projects) else 3


@dataclass(frozen=True, slots=True)
class _Task:
    """One project with the renders it is compared with."""

    folder: Path
    recorded: Recorded
    newest: str
    follow: str
    base: Job
    new: Job
    ignore: tuple[str, ...]
    preset: str
    departures: Mapping[str, str]


def run(
    request: CheckRequest,
    *,
    progress: Callable[[str], None] = lambda _: None,
    note: Callable[[str], None] = lambda _: None,
) -> CheckResult:
    """Compare projects with their templates.

    Args:
        request: The projects, and what to leave out.
        progress: Called with a few words for each project.
        note: Called with a sentence on a preset that was found without being named.

    Raises:
        FrameworkpickError: There is one project, and it cannot be compared; or the preset that was
            named cannot be loaded.
    """
    found: dict[int, ProjectCheck] = {}
    with (
        process.tidy_end(),
        tempfile.TemporaryDirectory(prefix="frameworkpick-", ignore_cleanup_errors=True) as made,
        process.no_survivors(),
    ):
        plan = _Plan(request, Path(made), presetting.Presets(request.preset, note))
        tasks: dict[int, _Task] = {}
        for number, folder in enumerate(request.directories):
            try:
                tasks[number] = plan.task(folder)
            except FrameworkpickError as error:
                if len(request.directories) == 1:
                    raise
                found[number] = ProjectCheck(folder, problem=f"{error.message} {error.hint}")
        found |= dict(_compared(tasks, Path(made), progress))
    return CheckResult(tuple(found[number] for number in sorted(found)))


class _Plan:
    """Finds out what to render, each template opened once."""

    def __init__(self, request: CheckRequest, scratch: Path, houses: presetting.Presets) -> None:
        self._request = request
        self._scratch = scratch
        self._houses = houses
        self._templates = following.Templates(scratch / "templates")
        self._jobs: dict[str, Job] = {}

    def task(self, folder: Path) -> _Task:
        recorded = presets.read_recorded(folder)
        preset = self._houses.of(folder)
        choices = templating.all_wanted(self._request.template_urls, preset)
        ends = self._templates.ends(recorded, choices)
        retemplating.check_version(ends.old, recorded)
        newest = ends.target(recorded)
        return _Task(
            folder,
            recorded,
            newest,
            ends.new.address if ends.switched else "",
            self._job(ends.old, recorded, recorded.version),
            self._job(ends.new, recorded, newest),
            self._ignored(folder, preset),
            name_of(preset.label) if preset else "",
            preset.departures(_kept(folder, recorded)) if preset else {},
        )

    def _ignored(self, folder: Path, preset: Preset | None) -> tuple[str, ...]:
        own = (*presets.read_ignored(folder), *(preset.ignore if preset else ()))
        if len(own) > MOST_PATTERNS:
            raise FrameworkpickError(
                f"{folder} names {len(own)} patterns of files to ignore, and {MOST_PATTERNS} are "
                "the most.",
                "Join some of them: `*` crosses folders.",
            )
        return (*own, *self._request.ignore)

    def _job(self, template: Template, recorded: Recorded, version: str) -> Job:
        answers, _ = retemplating.kept_answers(template.questions(version), recorded.answers)
        where = [template.source.address, template.address, version]
        key = json.dumps([*where, answers], sort_keys=True, default=str)
        if key not in self._jobs:
            place = self._scratch / f"render-{len(self._jobs)}" / "project"
            self._jobs[key] = Job(template.tree(version), answers, place, version, template.address)
        return self._jobs[key]


def _kept(folder: Path, recorded: Recorded) -> dict[str, object]:
    """Return everything that a project says it was made with: decision answers and options."""
    return {**presets.read_decided(folder), **recorded.answers}


def _compared(
    tasks: Mapping[int, _Task], scratch: Path, progress: Callable[[str], None]
) -> Iterator[tuple[int, ProjectCheck]]:
    """Compare the projects, a few at a time, so that few renders lie around."""
    waiting = Counter(job.destination for task in tasks.values() for job in {task.base, task.new})
    numbers = list(tasks)
    faults: dict[Path, FrameworkpickError] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        batch = numbers[start : start + _AT_ONCE]
        progress(f"checking {start + 1} to {start + len(batch)} of {len(numbers)}")
        jobs = {job for n in batch for job in (tasks[n].base, tasks[n].new)}
        faults |= render_all([j for j in jobs if not j.destination.exists()])
        for number in batch:
            task = tasks[number]
            fault = faults.get(task.base.destination) or faults.get(task.new.destination)
            if fault and len(tasks) == 1:
                raise fault
            if fault:
                version = task.recorded.version
                yield number, ProjectCheck(task.folder, version, problem=fault.message)
            else:
                yield number, _one(task, scratch / f"merge-{number}")
            for job in {task.base, task.new}:
                waiting[job.destination] -= 1
                if not waiting[job.destination]:
                    shutil.rmtree(job.destination, ignore_errors=True)


def _one(task: _Task, scratch: Path) -> ProjectCheck:
    base = merge.read_folder(task.base.destination)
    new = base if task.new == task.base else merge.read_folder(task.new.destination)
    found = merge.find(task.folder, {*base, *new}, base, new)
    b, h, n = (merge.states(files) for files in (base, found.files, new))
    both = [p for p in h if h[p] != n.get(p) and h[p] != b.get(p) and b.get(p) != n.get(p)]
    conflicts: frozenset[str] = frozenset()
    if both:
        scratch.mkdir()
        conflicts = merge.would_conflict(scratch, base, found, new)
        shutil.rmtree(scratch, ignore_errors=True)
    statuses, ignored = without_ignored(compare(b, h, n, conflicts), task.ignore)
    return ProjectCheck(
        task.folder,
        task.recorded.version,
        task.newest,
        shown_address(task.recorded.address),
        task.follow,
        statuses,
        ignored,
        preset=task.preset,
        departures=task.departures,
    )
