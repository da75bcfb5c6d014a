"""``check``: how far projects are from their template, by version and file by file.

Whatever is in a project is only read: its repository is not asked, and nothing of it is run.
"""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from frameworkpick import merge, process
from frameworkpick.commands import owned, team_preset
from frameworkpick.commands.check_plan import NotComparable, Plan
from frameworkpick.commands.render_pool import Ended, render_all
from frameworkpick.core.drift import Unfit, compare, without_ignored
from frameworkpick.core.plain_text import one_line, shown_address
from frameworkpick.core.results.checked import CheckResult, ProjectCheck
from frameworkpick.errors import FrameworkpickError
from frameworkpick.scratch import temporary

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from frameworkpick.commands.check_plan import Task

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

    Args:
        request: The projects, and what to leave out.
        progress: Called with a few words for each project.
        note: Called with a sentence on a preset that was found without being named.

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
        plan = Plan(
            made, team_preset.Presets(request.preset, note), note,
            template_urls=request.template_urls, ignore=request.ignore, preset=request.preset,
        )  # fmt: skip
        tasks: dict[int, Task] = {}
        if len(request.directories) > 1:
            progress(f"reading {len(request.directories)} records")
        for number, folder in enumerate(request.directories):
            try:
                tasks[number] = plan.task(folder)
            except NotComparable as unfit:
                faults[number] = unfit.error
                found[number] = _unfit(folder, unfit.kind, unfit.error)
        for stale in dict.fromkeys(task.stale for task in tasks.values() if task.stale):
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
    tasks: Mapping[int, Task], scratch: Path, progress: Callable[[str], None]
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
    task: Task, ended: Mapping[Path, Ended], scratch: Path
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
    return _unfit(task.folder, kind, fault, task.recorded.version), fault


def _one(task: Task, once: Collection[str], scratch: Path) -> ProjectCheck:
    base = merge.read_folder(task.base.destination)
    new = base if task.new == task.base else merge.read_folder(task.new.destination)
    base, new = owned.without_migrations(base, new)
    found = merge.find(task.folder, {*base, *new}, base, new)
    b, h, n = (merge.states(files) for files in (base, found.files, new))
    both = [p for p in h if h[p] != n.get(p) and h[p] != b.get(p) and b.get(p) != n.get(p)]
    scratch.mkdir()
    own = {path for path in once if path in h}  # an update leaves these alone
    both = [path for path in both if path not in own]
    conflicts = merge.would_conflict(scratch, base, found, new) if both else frozenset()
    conflicts -= own
    left_out = merge.left_out(scratch, task.base.destination)
    if task.new != task.base:  # what only the newest version brings
        left_out |= merge.left_out(scratch, task.new.destination) - base.keys()
    left_out |= own
    shutil.rmtree(scratch, ignore_errors=True)
    statuses, ignored = without_ignored(compare(b, h, n, conflicts), task.ignore, left_out)
    return ProjectCheck(
        str(task.folder),
        task.recorded.version,
        task.newest,
        shown_address(task.recorded.address),
        task.follow,
        statuses,
        ignored,
        preset=task.preset,
        departures=task.departures,
        flags=task.flags,
        stale=task.stale,
        moved=task.moved,
    )
