"""``update``: merge a newer template into a project."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from frameworkpick import __version__, history, merge, project, template
from frameworkpick.commands import team_preset
from frameworkpick.commands.change import Aim, at_work, bring, render, unmerged
from frameworkpick.core import option_answers, preset_rules
from frameworkpick.core.preset import shown
from frameworkpick.core.results.merged import AbortResult, Note
from frameworkpick.core.upgrades import crossed
from frameworkpick.errors import AnswerError
from frameworkpick.scratch import temporary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from frameworkpick.commands.change import UpdateAsker
    from frameworkpick.core.preset import Preset
    from frameworkpick.core.results.merged import MergeResult
    from frameworkpick.core.selection import Question
    from frameworkpick.core.upgrades import Upgrade
    from frameworkpick.project import Recorded
    from frameworkpick.template import Template


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """What a person asked for."""

    directory: Path  #: The project.
    to: str | None = None  #: The version; ``None`` is the newest release.
    answers: Sequence[str] = ()  #: Answers as ``id=value``.
    template_url: str | None = None  #: Address of the template to follow from now on.
    dry_run: bool = False  #: Only say what would change.
    preset: str | None = None  #: What a team decided: a built-in name, a path, or git+URL@REF.


def run(
    request: UpdateRequest,
    *,
    asker: UpdateAsker | None = None,
    progress: Callable[[str], None] = lambda _: None,
    note: Callable[[str], None] = lambda _: None,
) -> MergeResult:
    """Update a project.

    ``asker`` asks a person what is new; without one that takes its default.

    Raises:
        FrameworkpickError: The project cannot be updated; nothing is changed.
        InputError: An answer or the version is not valid, or a preset forbids an answer.
    """
    project.check_project(request.directory)
    preset = team_preset.chosen(request.preset, request.directory, note)
    with (
        at_work(request.directory) as (place, undone),
        temporary() as made,
    ):
        recorded = project.read_recorded(place.folder)
        choice = template.wanted(request.template_url, None, preset)
        ends = template.Templates(made).ends(recorded, [choice] if choice else [])
        ends.old.check_project(recorded, moving=True)
        ends = ends.to(request.to)
        new = ends.new
        if not (request.to or ends.held):
            new.tell_passed_over(note)
        if ends.moved:
            note(ends.told_moved())
        given = option_answers.parse_answers(request.answers, new.questions())
        typed = {name: (value, f"-a {name}={shown(value)}") for name, value in given.items()}
        team_preset.refuse(preset, typed)
        if ends.same and not _differs(given, recorded):
            unchanged = unmerged(place, new.version, new.version)
            return replace(unchanged, interrupted=undone is not None, stale=new.source.stale)
        if place.repository is not None:
            merge.refuse_unclean(place.repository)
        asked = _OpenQuestions(new, recorded, preset, asker, made / "asked")
        given = asked.answers(given)
        message = (
            f"Update the template from {recorded.version} to {new.version}\n\n"
            f"Merged from {new.address} by frameworkpick {__version__}.\n"
        )
        notes = history.upgrades_of(new.tree)
        result = bring(place, ends, Aim(given, message, request.dry_run), progress)
        return replace(
            result,
            interrupted=undone is not None,
            stale=new.source.stale,
            steps=(*_steps(notes, recorded, result), *result.steps),
        )


def abort(directory: Path) -> AbortResult:
    """Undo what is not committed of the last update of a project.

    Raises:
        FrameworkpickError: There is nothing to undo.
    """
    with at_work(directory, undoing=True) as (place, undone):
        last = undone or merge.undo_last(place)
        return AbortResult(
            str(place.folder), last.left, last.beside, last.committed, last.taken_back
        )


def _steps(notes: Sequence[Upgrade], recorded: Recorded, result: MergeResult) -> tuple[Note, ...]:
    """Say what a merge cannot do: manual steps, and what behaves differently."""
    options = dict(recorded.answers) | {name: value for name, _, value in result.answers}
    return tuple(
        Note(note.version, note.kind, f"{note.summary} {note.details}".strip())
        for note in crossed(notes, result.old, result.new, options)
    )


def _differs(given: dict[str, object], recorded: Recorded) -> bool:
    return any(recorded.answers.get(name) != value for name, value in given.items())


@dataclass(slots=True)
class _OpenQuestions:
    """The questions of a newer template that a project's record does not answer."""

    template: Template  #: The template, at the version that the project is to have.
    recorded: Recorded  #: What the project says.
    preset: Preset | None  #: What a team decided.
    asker: UpdateAsker | None  #: A person; without one nothing is asked.
    scratch: Path  #: A folder of its own.

    def answers(self, given: Mapping[str, object]) -> dict[str, object]:
        """Return what was given on the command line, with everything that had to be answered.

        Raises:
            InputError: Nobody answers a question that has no default; every one is named.
            Cancelled: A person stopped.
        """
        questions = self.template.questions()
        kept, refused = option_answers.kept_answers(
            questions, self.recorded.answers, self.recorded.texts
        )
        known = {**kept, **given}
        known |= self._settled([q for q in questions if q.required and q.id not in known], refused)
        fresh = [
            replace(question, required=question.id in refused)
            for question in questions
            if question.id not in known
        ]
        if fresh and (self.asker or self.preset):
            known |= self._fresh(fresh, known)
        return {name: value for name, value in known.items() if name not in kept or name in given}

    def _settled(self, needed: Sequence[Question], refused: Mapping[str, str]) -> dict[str, object]:
        """Answer what has no default: nothing can be rendered before."""
        if not needed:
            return {}
        settled, free = preset_rules.new_answers(self.preset, needed)
        if self.asker and free:
            return settled | dict(self.asker.new_questions(free))
        told = {
            question.id: f"The newer template wants to know {question.id}, which has no default."
            for question in free
            if question.id not in settled
        }
        option_answers.refuse_old({**told, **refused} if told else {})
        return settled

    def _fresh(self, fresh: Sequence[Question], known: Mapping[str, object]) -> dict[str, object]:
        """Answer what has a default; a render knows it, and what this project is not asked."""
        more: dict[str, object] = {}
        while True:
            place = self.scratch / str(len(more)) / "project"
            try:
                render(self.template, {**known, **more}, place)
                break
            except AnswerError as error:  # asked with these answers only
                question = next((q for q in fresh if q.id == error.question), None)
                if question is None or question.id in more or not self.asker:
                    raise
                more |= self.asker.new_questions([replace(question, required=True)])
        defaults = project.read_recorded(place).answers
        asked = []
        for question in fresh:
            default = defaults.get(question.id)
            if question.id not in more and default is not None:
                plain = default if isinstance(default, str | bool) else str(default)
                asked.append(replace(question, default=plain))
        settled, free = preset_rules.new_answers(self.preset, asked)
        more |= settled
        return more | (dict(self.asker.new_questions(free)) if self.asker and free else {})
