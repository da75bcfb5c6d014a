"""Brings a project from one version and set of answers to another: what update and add do."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from frameworkpick import __version__, catalog, merge, process, project, steps
from frameworkpick.commands import revision, supersession
from frameworkpick.commands.inputs import recorded_date
from frameworkpick.core import option_answers
from frameworkpick.core.results.merged import AnswerChange, FileChange, MergeResult, Note
from frameworkpick.errors import AnswerError, FrameworkpickError, InputError
from frameworkpick.scratch import temporary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from frameworkpick.core.selection import Question
    from frameworkpick.merge import Place, Planned
    from frameworkpick.project import Recorded
    from frameworkpick.template import Ends, Template

    Progress = Callable[[str], None]

_PROJECT, _LOCK = "pyproject.toml", "uv.lock"


class UpdateAsker(Protocol):
    """A person who can be asked what a newer template wants to know."""

    def new_questions(self, questions: Sequence[Question]) -> Mapping[str, object]:
        """Ask them; return the answers by question, without those left to their defaults."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What a person wants of a merge."""

    given: Mapping[str, object]  #: Answers that a person gave for it.
    message: str  #: The prepared commit message.
    dry_run: bool = False  #: Stop before anything is written.


@contextmanager
def at_work(folder: Path, *, undoing: bool = False) -> Iterator[tuple[Place, merge.Undone | None]]:
    """Hold a project, undo what an interrupted run left, and end tidily.

    ``undoing`` says that this is what was asked for.

    Yields:
        The project's place, and what was undone, if anything had to be.

    Raises:
        FrameworkpickError: It cannot be undone, or that has to be committed first.
    """
    project.check_project(folder)
    folder = folder.resolve()
    with process.tidy_end(), process.no_survivors(), merge.held(folder) as hold:
        # one that was interrupted before the project came into git
        before_git = merge.recover(merge.Place(folder, None, hold), asked=undoing)
        if before_git and undoing:
            yield merge.Place(folder, None, hold), before_git
            return
        place = replace(merge.find_place(folder), hold=hold)
        if before_git and place.repository is not None:
            _refuse_half_committed(place.repository)
        yield place, before_git or merge.recover(place, asked=undoing)


def _refuse_half_committed(repository: merge.Repository) -> None:
    try:
        merge.refuse_unclean(repository)
    except FrameworkpickError as error:
        raise FrameworkpickError(
            "An update was ended half way, and committed so; now the files are what they were "
            f"before it. {error.message}",
            "Commit them, and run it again.",
        ) from None


def bring(place: Place, ends: Ends, aim: Aim, progress: Progress) -> MergeResult:
    """Render both ends, merge the difference, and write it unless this is a dry run.

    Raises:
        FrameworkpickError: The project is not clean, or something is in the way.
        InputError: An answer is for a question that is not asked.
    """
    if place.repository is not None:
        merge.refuse_unclean(place.repository)
    name, recorded = place.folder.name or "project", ends.recorded
    with temporary() as scratch:
        old, new = scratch / "old" / name, scratch / "new" / name
        progress(f"rendering {recorded.version}")
        before, _ = _kept(ends.old, recorded)
        render(ends.old, before, old)
        progress(f"rendering {ends.new.version}")
        kept, refused = _kept(ends.new, recorded)
        once = render(ends.new, kept | dict(aim.given), new)
        _leave_owned(place.folder, once, old, new)
        told = project.read_recorded(new).answers
        refused = {name: why for name, why in refused.items() if name in told}
        option_answers.refuse_old({k: why for k, why in refused.items() if k not in aim.given})
        answers = _changed({**recorded.answers, **before}, told, aim.given)
        extend = _extensions(place.folder, new, ends, answers)
        progress("merging")
        label = f"template-{ends.new.version}"
        planned = merge.plan(place, scratch, base=old, new=new, label=label, extend=extend)
        result = _result(place, planned, ends, aim, answers, tuple(sorted(refused)))
        if aim.dry_run:
            merge.refuse_losses(place, planned.bench, planned.merged)
            step = revision.announce(place.folder, _whats(result))
            result = _with_step(result, step)
        else:
            progress("writing")

            def waiting() -> None:
                progress("waiting for another update or git in this repository")

            with merge.applied(place, planned.bench, planned.merged, aim.message, waiting):
                result = _locked(place, _remembered(place, result), progress, waiting)
                result = _drafted(place, result, aim, progress, waiting)
    return replace(result, template=ends.new.address if ends.switched else "")


def render(template: Template, answers: Mapping[str, object], destination: Path) -> tuple[str, ...]:
    """Render a template for an update; return the files that are the project's once they are there.

    Raises:
        AnswerError: It refuses an answer, or wants one that is missing.
    """
    try:
        return template.render(answers, destination)
    except AnswerError as error:
        error.hint = option_answers.answer_hint([error.question])
        raise


def _leave_owned(project_folder: Path, once: Sequence[str], old: Path, new: Path) -> None:
    """Take out of both renders what is the project's once it is there, so that no merge touches it.

    Its revisions always; a project that never had one gets those of its first database. And the
    files that the template gives away, which it names in ``once``.
    """
    for path in once:
        if os.path.lexists(project_folder / path):
            for render_ in (old, new):
                (render_ / path).unlink(missing_ok=True)
    if (old / project.VERSIONS).is_dir() or (project_folder / project.VERSIONS).is_dir():
        for render_ in (old, new):
            shutil.rmtree(render_ / project.VERSIONS, ignore_errors=True)


def _extensions(
    folder: Path, new: Path, ends: Ends, answers: Sequence[AnswerChange]
) -> dict[str, Callable[[bytes], bytes]]:
    """Say how an update extends a project's records, by their path.

    A decision record of another framework is written into the new render.
    """
    extend: dict[str, Callable[[bytes], bytes]] = {}
    for name, was, value in answers:
        if name == "framework" and was is not None:
            extend = supersession.by_update(folder, new, ends.new, str(value))
    update = project.Update(
        date=recorded_date(None),
        old=ends.old.version,
        new=ends.new.version,
        tool_version=__version__,
        template=ends.new.address,
        switched=ends.switched,
        flags=catalog.option_flags(),
        changed={name: value for name, _, value in answers},
        gone=sorted(ends.recorded.answers.keys() - project.read_recorded(new).answers.keys()),
    )
    return extend | {project.DECISION_RECORD: partial(project.with_update, update=update)}


def _kept(template: Template, recorded: Recorded) -> tuple[dict[str, object], dict[str, str]]:
    return option_answers.kept_answers(template.questions(), recorded.answers, recorded.texts)


def _remembered(place: Place, result: MergeResult) -> MergeResult:
    """Have git settle the conflicts that it remembers, where it was told to."""
    settled = merge.remember(place) if result.conflicts else ()
    why = "settled as you did before, not staged: look at it"
    files = tuple(
        replace(file, why=why, marked=False) if file.path in settled else file
        for file in result.files
    )
    return replace(result, files=files)


def _locked(
    place: Place, result: MergeResult, progress: Progress, waiting: Callable[[], None]
) -> MergeResult:
    """Lock the dependencies anew where they changed; what cannot be done is said.

    A merge never fails by it: nobody asked for it, and it needs uv and the network.
    """
    whats, file = _whats(result), place.folder / _LOCK
    if whats.get(_PROJECT, "removed") == "removed" or file.is_symlink() or not file.is_file():
        return result
    for name in (_PROJECT, _LOCK):
        if whats.get(name) == "conflict":
            return replace(result, unlocked=f"{name} has to be settled first.")
    progress("locking the dependencies")
    python = _python(place.folder)
    try:
        changed, fault = merge.rewritten(
            place, _LOCK, lambda: steps.lock(place.folder, python, inherited=place.hold), waiting
        )
    except FrameworkpickError as error:  # another git is at work
        return replace(result, unlocked=error.message)
    if changed:
        whats.setdefault(_LOCK, "changed")
    return replace(_with_files(result, whats), unlocked=fault)


def _drafted(
    place: Place, result: MergeResult, aim: Aim, progress: Progress, waiting: Callable[[], None]
) -> MergeResult:
    """Draft the revision that changed models need, and say that it is to be read and applied."""
    whats = _whats(result)
    drafted = revision.draft(place, whats, aim.message.partition("\n")[0], progress, waiting)
    if drafted.path:
        whats[drafted.path] = "added"
    return _with_step(_with_files(result, whats), drafted.step)


def _whats(result: MergeResult) -> dict[str, str]:
    return {file.path: file.what for file in result.files}


def _with_files(result: MergeResult, whats: Mapping[str, str]) -> MergeResult:
    known = {file.path: file for file in result.files}
    files = tuple(known.get(path) or FileChange(path, whats[path]) for path in sorted(whats))
    return replace(result, files=files)


def _with_step(result: MergeResult, text: str) -> MergeResult:
    return replace(result, steps=(Note(result.new, "manual", text),)) if text else result


def _changed(
    before: Mapping[str, object], after: Mapping[str, object], given: Mapping[str, object]
) -> tuple[AnswerChange, ...]:
    if unasked := sorted(given.keys() - after.keys()):
        raise InputError(
            [f"With the other answers, {name} is not asked." for name in unasked],
            "Leave it away, or change the answer it depends on; nothing was changed.",
        )
    return tuple(
        AnswerChange(name, before.get(name), value)
        for name, value in after.items()
        if name not in before or before[name] != value
    )


def _result(
    place: Place,
    planned: Planned,
    ends: Ends,
    aim: Aim,
    answers: tuple[AnswerChange, ...],
    dropped: tuple[str, ...],
) -> MergeResult:
    merged = planned.merged
    marked = planned.marked()
    files = [
        FileChange(path, "conflict", why, path in marked) for path, why in merged.conflicts.items()
    ]
    changes = merged.changes()
    for path, (old, new) in changes.items():
        if path not in merged.conflicts:
            what = "added" if old is None else "removed" if new is None else "changed"
            files.append(FileChange(path, what))
    return replace(
        unmerged(place, ends.old.version, ends.new.version),
        written=not aim.dry_run,
        files=tuple(sorted(files, key=lambda file: file.path)),
        kept_deleted=merged.kept_deleted,
        kept_edited=merged.kept_edited,
        untracked=planned.untracked,
        answers=answers,
        dropped=dropped,
    )


def unmerged(place: Place, old: str, new: str) -> MergeResult:
    """Return the result of a run that wrote nothing, from one version to another."""
    return MergeResult(
        project=str(place.folder),
        path=os.path.relpath(place.folder),
        old=old,
        new=new,
        written=False,
        in_git=place.repository is not None,
        inside=bool(place.repository and place.repository.prefix),
    )


def _python(folder: Path) -> str | None:
    """Return the project's lowest Python, where its record can be read and says so."""
    try:
        said = project.read_recorded(folder).answers.get("python_version")
    except FrameworkpickError:  # it has conflicts
        return None
    return said if isinstance(said, str) and said.replace(".", "").isdecimal() else None
