"""Everything a person said, from flags, files, use case and record, checked and joined."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from frameworkpick.core.answers import (
    UNKNOWN,
    Origin,
    Situation,
    firm_answers,
    merge,
    parse_answers,
    use_case_answers,
)
from frameworkpick.core.weights import parse_weights
from frameworkpick.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from frameworkpick.core.answers import Answers
    from frameworkpick.core.knowledge import Knowledge
    from frameworkpick.presets import AnswersFile

_T = TypeVar("_T")
_HINT = "`frameworkpick compare` lists every question with its options."


def situation(
    knowledge: Knowledge,
    *,
    flags: Sequence[str] = (),
    use_case: str | None = None,
    weights: Sequence[str] = (),
    file: AnswersFile | None = None,
    preset: AnswersFile | None = None,
    recorded: Situation | None = None,
) -> Situation:
    """Check everything a person said before being asked, and let the nearest origin win.

    Args:
        knowledge: The questions and use cases.
        flags: Answers as ``id=value``.
        use_case: Id of the use case, if it is given as a flag.
        weights: Weights as ``id=number``.
        file: What an answers file says.
        preset: What a team's file says.
        recorded: What an old project's record says, as far as it still exists.

    Raises:
        InputError: Something is not valid; every problem of all of them is named.
    """
    problems: list[str] = []

    def checked(parse: Callable[[], dict[str, _T]]) -> dict[str, _T]:
        try:
            return parse()
        except InputError as error:
            problems.extend(error.problems)
            return {}

    before = recorded or Situation()
    files = [each for each in (file, preset) if each]
    named = next(filter(None, (use_case, *(each.use_case for each in files))), None)
    layers: list[Answers] = [before.answers]
    if named:
        # Another use case than the recorded one takes the suggestions of that one back.
        layers = [checked(partial(use_case_answers, knowledge, named))]
        layers.append(firm_answers(before.answers))
    factors: list[Mapping[str, float]] = []
    for answers, numbers, origin in (
        (preset.answers if preset else {}, preset.weights if preset else {}, Origin.PRESET),
        (file.answers if file else {}, file.weights if file else {}, Origin.FILE),
        (flags, weights, Origin.FLAG),
    ):
        layers.append(checked(partial(parse_answers, knowledge, answers, origin)))
        factors.append(checked(partial(parse_weights, knowledge, numbers)))
    if problems:
        raise InputError(problems, _HINT)
    of_preset, of_file, of_flags = factors
    merged = {**of_preset, **before.weights, **of_file, **of_flags}
    return Situation(merge(*layers), named or before.use_case, merged)


def read(path: Path | None) -> AnswersFile | None:
    """Read an answers file or a preset, if there is one.

    Raises:
        InputError: It cannot be read or does not have the form of one.
    """
    if path is None:
        return None
    from frameworkpick import presets  # noqa: PLC0415 (only with a file)

    return presets.read_answers_file(path)


def save(path: Path, said: Situation) -> None:
    """Write what was said to an answers file.

    What a use case only suggests comes back with the use case, and stays a suggestion.
    """
    from frameworkpick import presets  # noqa: PLC0415 (only when asked for)

    firm = firm_answers(said.answers)
    values = {criterion: answer.value or UNKNOWN for criterion, answer in firm.items()}
    content = presets.AnswersFile(values, use_case=said.use_case, weights=said.weights)
    presets.write_answers_file(path, content)
