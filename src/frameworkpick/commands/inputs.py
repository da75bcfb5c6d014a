"""Everything a person said, from flags, files, use case and record, checked and joined."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from frameworkpick.core.decision.answers import (
    LISTED,
    Origin,
    Situation,
    firm_answers,
    merge,
    parse_answers,
    spelled,
    split_pairs,
    use_case_answers,
)
from frameworkpick.core.decision.weights import parse_weights
from frameworkpick.errors import InputError, PresetError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from frameworkpick.core.decision.answers import Answer, Answers
    from frameworkpick.core.decision.knowledge import Knowledge
    from frameworkpick.core.preset import Locked, Preset
    from frameworkpick.presets import AnswersFile

_T = TypeVar("_T")


def situation(
    knowledge: Knowledge,
    *,
    flags: Sequence[str] = (),
    use_case: str | None = None,
    weights: Sequence[str] = (),
    file: AnswersFile | None = None,
    preset: Preset | None = None,
    recorded: Situation | None = None,
    problems: Sequence[str] = (),
) -> Situation:
    """Check everything a person said before being asked, and let the nearest origin win.

    ``problems`` are known already, and named first; ``preset`` is itself without a fault.

    Raises:
        InputError: Something is not valid or against a lock; every problem of all of them is named.
        PresetError: Nothing is wrong but that it is against a lock.
    """
    problems = list(problems)

    def checked(parse: Callable[[], dict[str, _T]]) -> dict[str, _T]:
        try:
            return parse()
        except InputError as error:
            problems.extend(error.problems)
            return {}

    before = recorded or Situation()
    suggested = str(preset.use_case.value) if preset and preset.use_case else None
    if before.use_case:  # the record counts more than a preset
        suggested = None
    named = use_case or (file.use_case if file else None) or suggested
    layers: list[Answers] = [before.answers]
    if named:
        # Another use case than the recorded one takes the suggestions of that one back.
        layers = [checked(partial(use_case_answers, knowledge, named))]
        layers.append(firm_answers(before.answers))
    factors: list[Mapping[str, float]] = []
    for answers, numbers, origin in (
        ({}, _weights(preset), Origin.PRESET),
        (file.answers if file else {}, file.weights if file else {}, Origin.FILE),
        (flags, weights, Origin.FLAG),
    ):
        layers.append(checked(partial(parse_answers, knowledge, answers, origin)))
        factors.append(checked(partial(parse_weights, knowledge, numbers)))
    held: dict[str, Locked] = {}
    settled: dict[str, Answer] = {}
    if preset:
        from frameworkpick.core.preset_rules import (  # noqa: PLC0415 (only with a preset)
            answers_of,
            locked_answers,
        )

        held = locked_answers(preset, knowledge)
        decided = checked(partial(answers_of, preset, knowledge))
        layers.append({name: answer for name, answer in decided.items() if name not in held})
        settled = {name: answer for name, answer in decided.items() if name in held}
    against = _against(preset, held, file, flags) if preset else []
    if problems:
        raise InputError([*problems, *against], LISTED)
    if against:
        raise PresetError(against)
    of_preset, of_file, of_flags = factors
    merged = {**of_preset, **before.weights, **of_file, **of_flags}
    # What is locked comes from the preset, even if somebody says the same.
    joined = merge(*layers) | settled
    return Situation(joined, named or before.use_case, merged, held)


def _weights(preset: Preset | None) -> dict[str, object]:
    return {name: each.value for name, each in preset.weights.items()} if preset else {}


def _against(
    preset: Preset,
    held: Mapping[str, Locked],
    file: AnswersFile | None,
    flags: Sequence[str],
) -> list[str]:
    """Name each answer of the file and the flags that a lock forbids."""
    in_file = {name: (value, file.name) for name, value in file.answers.items()} if file else {}
    typed = {name: (value, f"-a {name}={value}") for name, value in split_pairs(flags, [])}
    return [
        problem
        for given in (in_file, typed)
        for problem in preset.contradictions(
            {name: how for name, how in given.items() if name in held}
        )
    ]


def read(path: Path | None) -> tuple[AnswersFile | None, tuple[str, ...]]:
    """Read an answers file or a preset, if there is one; return what is not valid, too."""
    if path is None:
        return None, ()
    from frameworkpick import presets  # noqa: PLC0415 (only with a file)

    try:
        return presets.read_answers_file(path), ()
    except InputError as error:
        return None, tuple(error.problems)


def save(path: Path, said: Situation) -> None:
    """Write what was said to an answers file.

    What a use case only suggests comes back with the use case, and stays a suggestion.
    """
    from frameworkpick import presets  # noqa: PLC0415 (only when asked for)

    content = presets.AnswersFile(
        spelled(said.answers), use_case=said.use_case, weights=said.weights
    )
    presets.write_answers_file(path, content)


def recorded_date(given: str | None) -> str:
    """One date for everything written: the flag, else SOURCE_DATE_EPOCH, else today."""
    if given is not None:
        return date.fromisoformat(given).isoformat()
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)
    return now.date().isoformat()
