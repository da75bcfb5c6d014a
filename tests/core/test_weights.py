"""Weights: numbers from 0 to 3, checked whole, with every problem said at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from frameworkpick.core.decision.weights import parse_weights
from frameworkpick.errors import InputError

if TYPE_CHECKING:
    from frameworkpick.core.decision.knowledge import Knowledge


def test_weights_come_as_texts_or_as_a_mapping_in_the_order_of_the_criteria(
    knowledge: Knowledge,
) -> None:
    texts = parse_weights(knowledge, ["team_skills=1.5", "output_kind = 0"])
    mapping = parse_weights(knowledge, {"team_skills": 1.5, "output_kind": 0})

    assert texts == mapping == {"output_kind": 0, "team_skills": 1.5}
    assert list(texts) == ["output_kind", "team_skills"]


def test_every_problem_is_reported_at_once(knowledge: Knowledge) -> None:
    texts = ["team_skils=2", "hosting=heavy", "app_size", "bottleneck=3.5", "long_lived=-1"]

    with pytest.raises(InputError) as caught:
        parse_weights(knowledge, texts)

    assert caught.value.exit_code == 2
    assert caught.value.hint
    assert caught.value.problems == (
        "'app_size' is not of the form id=value.",
        "There is no criterion 'team_skils'. Did you mean 'team_skills'?",
        "The weight of hosting cannot be 'heavy'; it is a number from 0 to 3.",
        "The weight of bottleneck cannot be '3.5'; it is a number from 0 to 3.",
        "The weight of long_lived cannot be '-1'; it is a number from 0 to 3.",
    )


def test_the_same_weight_twice_is_fine_and_a_different_one_is_not(knowledge: Knowledge) -> None:
    assert parse_weights(knowledge, ["app_size=2", "app_size=2.0"]) == {"app_size": 2}

    with pytest.raises(InputError, match="app_size has two different weights"):
        parse_weights(knowledge, ["app_size=2", "app_size=1"])


@pytest.mark.parametrize("value", [True, None, [1], "nan", "inf", float("nan"), 10**400, ""])
def test_a_file_may_hold_anything_and_is_still_answered_politely(
    knowledge: Knowledge, value: object
) -> None:
    with pytest.raises(InputError, match="The weight of hosting cannot be"):
        parse_weights(knowledge, {"hosting": value})
