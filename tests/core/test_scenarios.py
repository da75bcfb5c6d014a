"""The sixteen situations derived from the founding article come out as today's facts support."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from frameworkpick.core.answers import Origin, parse_answers
from frameworkpick.core.scoring import recommend

from .samples import KNOWLEDGE

FILE = Path(__file__).parents[1] / "seed_scenarios.yaml"
SCENARIOS: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["scenarios"]


def test_all_sixteen_are_here() -> None:
    assert [scenario["id"] for scenario in SCENARIOS] == [f"S{n:02}" for n in range(1, 17)]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["id"])
def test_a_scenario_comes_out_as_expected(scenario: dict[str, Any]) -> None:
    answers = parse_answers(KNOWLEDGE, scenario["answers"], Origin.FILE)

    result = recommend(KNOWLEDGE, answers)

    # What a constraint decides is clear, and labelled by its constraint.
    vetoed = any(reason.veto for reason in result.reasons)
    strength = "constraint" if vetoed else scenario["expected_strength"]
    assert result.strength == strength
    if scenario["expected"] != "either":
        assert result.verdict == scenario["expected"]


def test_only_the_two_scenarios_with_a_restricted_host_are_decided_by_constraint() -> None:
    by_constraint = [
        scenario["id"]
        for scenario in SCENARIOS
        if recommend(KNOWLEDGE, parse_answers(KNOWLEDGE, scenario["answers"], Origin.FILE)).strength
        == "constraint"
    ]

    assert by_constraint == ["S07", "S13"]
