"""Holds preset files against the questions, the use cases, the frameworks and the questionnaire."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from frameworkpick.core.decision.answers import Origin, parse_answers, use_case_answers
from frameworkpick.core.decision.weights import parse_weights
from frameworkpick.core.plain_text import did_you_mean
from frameworkpick.core.preset import FRAMEWORK
from frameworkpick.core.selection import complete_options, option_defaults
from frameworkpick.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from frameworkpick.core.decision.knowledge import Knowledge
    from frameworkpick.core.preset import Layer
    from frameworkpick.core.selection import Question

#: What every project says for itself.
OF_ONE_PROJECT = ("project_name", "package_name")


def faults(
    layers: Iterable[Layer], knowledge: Knowledge, questions: Sequence[Question]
) -> list[str]:
    """Name everything in preset files that does not exist or cannot have the value it has.

    Args:
        layers: The files.
        knowledge: Which questions, use cases and frameworks there are.
        questions: The questionnaire of the templates that the preset is for.

    Returns:
        One sentence for each problem, with the file's label in front.
    """
    return [
        f"{layer.label}: {problem}"
        for layer in layers
        for problem in _Look(layer, knowledge, questions).problems()
    ]


class _Look:
    """Looks through one file."""

    def __init__(self, layer: Layer, knowledge: Knowledge, questions: Sequence[Question]) -> None:
        self._layer = layer
        self._knowledge = knowledge
        self._questions = [each for each in questions if each.id != FRAMEWORK]
        self._criteria = [criterion.id for criterion in knowledge.criteria]
        self._frameworks = [framework.id for framework in knowledge.frameworks]
        self._options = [each.id for each in self._questions if each.id not in OF_ONE_PROJECT]

    def problems(self) -> Iterator[str]:
        """Yield one sentence for each problem."""
        layer = self._layer
        if layer.use_case is not None:
            yield from _raised(partial(use_case_answers, self._knowledge, layer.use_case))
        if layer.framework is not None:
            yield from self._framework(layer.framework)
        yield from self._answers(layer.answers)
        yield from self._given(layer.options)
        yield from self._locked({name: lock.value for name, lock in layer.locked.items()})
        yield from _raised(partial(parse_weights, self._knowledge, layer.weights))
        for policy in layer.policies:
            for framework in policy.frameworks or ():
                yield from self._framework(framework)
            for option in policy.required:
                yield from self._required(option)

    def _answers(self, answers: Mapping[str, object]) -> Iterator[str]:
        for name in answers:
            if name in self._options:
                yield f"{name} is a project option and no question: put it under [options]."
        others = {name: value for name, value in answers.items() if name not in self._options}
        yield from _raised(partial(parse_answers, self._knowledge, others, Origin.PRESET))

    def _given(self, options: Mapping[str, object]) -> Iterator[str]:
        for name in options:
            if name in self._criteria:
                yield f"{name} is a question and no project option: put it under [answers]."
            elif name in OF_ONE_PROJECT:
                yield f"{name} belongs to one project; leave it out of a preset."
            elif name == FRAMEWORK:
                yield "framework stands at the top of the file, outside of [options]."
        left = {*self._criteria, *OF_ONE_PROJECT, FRAMEWORK}
        given = {name: value for name, value in options.items() if name not in left}
        defaults, _ = option_defaults(self._questions, {})
        _, problems = complete_options(
            self._questions, given, defaults=defaults, project_name="my-service"
        )
        yield from problems

    def _locked(self, locked: Mapping[str, object]) -> Iterator[str]:
        known = [*self._criteria, *self._options, FRAMEWORK]
        for name, value in locked.items():
            if name == FRAMEWORK:
                yield from self._framework(value)
            elif name in self._criteria:
                yield from self._answers({name: value})
            elif name in self._options or name in OF_ONE_PROJECT:
                yield from self._given({name: value})
            else:
                near = did_you_mean(name, known)
                yield f"There is no question or project option {name!r} to lock.{near}"

    def _framework(self, name: object) -> Iterator[str]:
        if name not in self._frameworks:
            near = did_you_mean(str(name), self._frameworks)
            listed = ", ".join(self._frameworks)
            yield f"There is no framework {name!r}; it is one of {listed}.{near}"

    def _required(self, option: str) -> Iterator[str]:
        switches = [each.id for each in self._questions if each.kind != "text"]
        if option not in switches:
            near = did_you_mean(option, switches)
            yield f"There is no project option {option!r} that could be required.{near}"


def _raised(parse: Callable[[], object]) -> tuple[str, ...]:
    try:
        parse()
    except InputError as error:
        return error.problems
    return ()
