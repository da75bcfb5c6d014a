"""Weights: how much more, or less, a team lets a question count than the knowledge does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from frameworkpick.core.decision.answers import split_pairs
from frameworkpick.errors import InputError

if TYPE_CHECKING:
    from frameworkpick.core.decision.knowledge import Knowledge

#: The most a weight may be; 0 leaves a question out, 1 leaves it as it is.
MOST_WEIGHT = 3

_HINT = "Write a weight as `--weight team_skills=1.5`, or in a table [weights] of an answers file."


def parse_weights(
    knowledge: Knowledge, raw: Mapping[str, object] | Iterable[str]
) -> dict[str, float]:
    """Check weights that a person typed or wrote into a file.

    Args:
        knowledge: Says which criteria exist.
        raw: Criterion id to a number from 0 to 3, or texts of the form ``id=number``.

    Returns:
        The weights in the order of the criteria; a weight of 1 is kept, for it overrides another.

    Raises:
        InputError: Something is not valid; it names every problem, with near matches.
    """
    problems: list[str] = []
    pairs = raw.items() if isinstance(raw, Mapping) else split_pairs(raw, problems)
    known = [criterion.id for criterion in knowledge.criteria]
    weights: dict[str, float] = {}
    for name, value in pairs:
        number = _number(value)
        if name not in known:
            from frameworkpick.core.plain_text import did_you_mean  # noqa: PLC0415 (difflib)

            problems.append(f"There is no criterion {name!r}.{did_you_mean(name, known)}")
        elif number is None:
            problems.append(
                f"The weight of {name} cannot be {value!r}; it is a number from 0 to {MOST_WEIGHT}."
            )
        elif weights.setdefault(name, number) != number:
            problems.append(f"{name} has two different weights: say which one you mean.")
    if problems:
        raise InputError(problems, _HINT)
    return {name: weights[name] for name in known if name in weights}


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number <= MOST_WEIGHT else None
