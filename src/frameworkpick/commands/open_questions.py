"""What a newer template wants to know of a project: settled by a preset, asked, or refused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from frameworkpick import project
from frameworkpick.commands.change import render
from frameworkpick.core import option_answers, preset_rules
from frameworkpick.errors import AnswerError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from frameworkpick.commands.change import Asker
    from frameworkpick.core.preset import Preset
    from frameworkpick.core.selection import Question
    from frameworkpick.project import Recorded
    from frameworkpick.template import Template


@dataclass(slots=True)
class OpenQuestions:
    """The questions of a newer template that a project's record does not answer."""

    template: Template  #: The template, at the version that the project is to have.
    recorded: Recorded  #: What the project says.
    preset: Preset | None  #: What a team decided.
    asker: Asker | None  #: A person; without one nothing is asked.
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
