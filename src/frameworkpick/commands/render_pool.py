"""Renders many projects, on every core there is."""

from __future__ import annotations

import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from frameworkpick import render
from frameworkpick.errors import FrameworkpickError, RenderError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

#: Fewer are rendered faster by one process than others are started.
_WORTH_SHARING = 4


@dataclass(frozen=True, slots=True)
class Job:
    """One render."""

    tree: Path  #: Folder that holds ``copier.yml``.
    answers: Mapping[str, object] = field(hash=False)  #: The answers.
    destination: Path  #: The folder to make.
    version: str  #: The template's version, as recorded.
    address: str  #: The template's address, as recorded.
    commit: str  #: The commit of the version, as recorded; empty when nobody noted it.


#: Why a render failed, or the files that belong to the project once they are there.
Ended = FrameworkpickError | tuple[str, ...]


def render_all(jobs: Sequence[Job]) -> dict[Path, Ended]:
    """Render each job; return how each ended, by destination."""
    workers = min(os.cpu_count() or 1, len(jobs) // 2)
    if len(jobs) < _WORTH_SHARING or workers < 2:  # noqa: PLR2004 (one is no sharing)
        return {job.destination: _render(job) for job in jobs}
    # Started anew: a fork would copy the threads of a progress display in whatever state they are.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_deaf) as pool:
        ended = pool.map(_render, jobs)
        return {job.destination: each for job, each in zip(jobs, ended, strict=True)}


def _deaf() -> None:
    """Leave Ctrl-C to the parent, which ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _render(job: Job) -> Ended:
    job.destination.parent.mkdir(parents=True, exist_ok=True)
    data = cast("Mapping[str, str | bool]", job.answers)
    try:
        return render.render(
            job.tree, data, job.destination,
            version=job.version, address=job.address, commit=job.commit,
        )  # fmt: skip
    except FrameworkpickError as error:
        return RenderError(error.message, error.hint)  # one that can be sent between processes
