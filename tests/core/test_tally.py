"""The named interactions: what meets counts more, or less, than each answer alone."""

from __future__ import annotations

import pytest

from frameworkpick.core.decision.engine import recommend

from .samples import KNOWLEDGE, flags

FIRST_PROJECT = {
    "team_skills": "beginner",
    "app_size": "few_endpoints",
    "project_stage": "learning",
}


def lead(**chosen: str) -> float:
    """Return FastAPI's points less Flask's."""
    points = {p.framework: p.points for p in recommend(KNOWLEDGE, flags(chosen)).ranking}
    return points["fastapi"] - points["flask"]


@pytest.mark.parametrize(
    ("interaction", "said", "effect"),
    [
        ("I1", {"bottleneck": "waiting_upstream", "peak_concurrency": "high"}, 2),
        ("I2", {"bottleneck": "waiting_upstream", "peak_concurrency": "low"}, -2),
        ("I2", {"bottleneck": "waiting_upstream", "library_style": "mostly_blocking"}, -2),
        ("I3", FIRST_PROJECT, -1),
        ("I4", {"starting_point": "flask_happy", "api_contract": "essential"}, -2),
        ("I7", {"output_kind": "html_pages", "auth_style": "browser_sessions"}, 1),
    ],
)  # fmt: skip
def test_answers_that_meet_add_what_the_table_says(
    interaction: str, said: dict[str, str], effect: float
) -> None:
    alone = sum(lead(**{name: value}) for name, value in said.items())

    assert lead(**said) == alone + effect
    counted = {reason.criterion for reason in recommend(KNOWLEDGE, flags(said)).reasons}
    assert interaction in counted


def test_waiting_takes_its_two_answers_back_only_once() -> None:
    both = {"peak_concurrency": "low", "library_style": "mostly_blocking"}

    assert lead(bottleneck="waiting_upstream", **both) == lead(**both)


def test_pages_with_a_login_count_for_four_together() -> None:
    assert lead(output_kind="html_pages", auth_style="browser_sessions") == -4


def test_a_reason_of_an_interaction_names_the_answers_that_met() -> None:
    said = {"bottleneck": "waiting_upstream", "peak_concurrency": "high", "app_size": "medium"}

    (reason,) = (r for r in recommend(KNOWLEDGE, flags(said)).reasons if r.criterion == "I1")

    assert reason.option == "bottleneck=waiting_upstream, peak_concurrency=high"


@pytest.mark.parametrize(
    ("interaction", "said"),
    [
        ("I5", {"long_lived": "core", "starting_point": "flask_happy"}),
        ("I5", {"library_style": "mostly_awaitable", "starting_point": "flask_pain"}),
        ("I6", {"bottleneck": "cpu_or_model"}),
    ],
)
def test_advice_is_given_and_counts_nothing(interaction: str, said: dict[str, str]) -> None:
    result = recommend(KNOWLEDGE, flags(said))

    assert [note.criterion for note in result.advice] == [interaction]
    assert result.advice[0].framework == result.verdict
    assert interaction not in {reason.criterion for reason in result.reasons}
    assert lead(**said) == sum(lead(**{name: value}) for name, value in said.items())


def test_blocking_libraries_are_warned_of_where_they_hurt() -> None:
    said = {
        "library_style": "mostly_blocking",
        "output_kind": "json_api",
        "api_contract": "essential",
    }

    (note,) = recommend(KNOWLEDGE, flags(said)).advice

    assert (note.framework, note.criterion) == ("fastapi", "I8")
    assert "async def" in note.because


def test_advice_of_every_framework_is_given_when_none_is_recommended() -> None:
    said = {"bottleneck": "cpu_or_model", "beyond_micro": "extreme_latency_or_cpu"}

    notes = recommend(KNOWLEDGE, flags(said)).advice

    assert [note.framework for note in notes] == ["fastapi", "flask"]
