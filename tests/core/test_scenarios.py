"""The sixteen situations derived from the founding article come out as today's facts support."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from frameworkpick.core.decision.answers import (
    Answer,
    Origin,
    merge,
    parse_answers,
    use_case_answers,
)
from frameworkpick.core.decision.engine import next_question, recommend

from .samples import KNOWLEDGE

if TYPE_CHECKING:
    from frameworkpick.core.decision.answers import Answers

FILE = Path(__file__).parents[1] / "seed_scenarios.yaml"
SCENARIOS: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["scenarios"]


def test_all_sixteen_are_here() -> None:
    assert [scenario["id"] for scenario in SCENARIOS] == [f"S{n:02}" for n in range(1, 17)]


EACH = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["id"])


def check(scenario: dict[str, Any], answers: Answers) -> None:
    result = recommend(KNOWLEDGE, answers)
    # What a constraint decides is clear, and labelled by its constraint.
    vetoed = any(reason.veto for reason in result.reasons)
    assert result.strength == ("constraint" if vetoed else scenario["expected_strength"])
    if scenario["expected"] != "either":
        assert result.verdict == scenario["expected"]


@EACH
def test_a_scenario_comes_out_as_expected(scenario: dict[str, Any]) -> None:
    check(scenario, parse_answers(KNOWLEDGE, scenario["answers"], Origin.FILE))


@EACH
def test_what_the_use_case_suggests_besides_distorts_nothing(scenario: dict[str, Any]) -> None:
    said = parse_answers(KNOWLEDGE, scenario["answers"], Origin.FILE)

    check(scenario, merge(use_case_answers(KNOWLEDGE, scenario["use_case"]), said))


@EACH
def test_the_use_case_and_what_it_asks_are_enough(scenario: dict[str, Any]) -> None:
    use_case = KNOWLEDGE.use_case(scenario["use_case"])
    assert use_case
    asked = {name: value for name, value in scenario["answers"].items() if name in use_case.asks}

    said = parse_answers(KNOWLEDGE, asked, Origin.FILE)
    check(scenario, merge(use_case_answers(KNOWLEDGE, use_case.id), said))


@pytest.mark.parametrize("limit", [5, None])
@EACH
def test_being_asked_leads_there_with_five_questions_and_with_all(
    scenario: dict[str, Any], limit: int | None
) -> None:
    use_case = KNOWLEDGE.use_case(scenario["use_case"])
    said = use_case_answers(KNOWLEDGE, scenario["use_case"])
    asked: list[str] = []

    while len(asked) != limit and (
        question := next_question(KNOWLEDGE, said, asked, use_case=use_case)
    ):
        asked.append(question.id)
        # A person who is not told takes what is suggested, else is not sure.
        suggested = said[question.id].value if question.id in said else None
        value = scenario["answers"].get(question.id, suggested)
        said[question.id] = Answer(value, Origin.ASKED)

    check(scenario, said)
    assert len(set(asked)) == len(asked)


def test_the_keyword_alone_would_mislead_where_the_article_is_taken_by_its_word() -> None:
    misled = [
        scenario["id"]
        for scenario in SCENARIOS
        if recommend(KNOWLEDGE, use_case_answers(KNOWLEDGE, scenario["use_case"])).verdict
        != scenario["expected"]
        and scenario["expected"] != "either"
    ]

    assert misled == ["S02", "S07", "S10"]


def test_only_the_two_scenarios_with_a_restricted_host_are_decided_by_constraint() -> None:
    by_constraint = [
        scenario["id"]
        for scenario in SCENARIOS
        if recommend(KNOWLEDGE, parse_answers(KNOWLEDGE, scenario["answers"], Origin.FILE)).strength
        == "constraint"
    ]

    assert by_constraint == ["S07", "S13"]
