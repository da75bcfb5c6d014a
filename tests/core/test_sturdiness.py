"""Sturdiness: exactly the redraws it claims, repeatable, and fast."""

from __future__ import annotations

import random
from collections import Counter
from time import perf_counter
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from frameworkpick.core.decision.engine import recommend
from frameworkpick.core.decision.sturdiness import LEAST, MOST, sturdiness

from .samples import KNOWLEDGE, flags, small_knowledge, some_answers, some_weights

if TYPE_CHECKING:
    from frameworkpick.core.decision.knowledge import Knowledge

DRAWS = 20


def redrawn(
    knowledge: Knowledge, chosen: dict[str, str], weights: dict[str, float], seed: int
) -> Counter[tuple[str, str]]:
    """Redraw every weight and recommend anew each time."""
    draw = random.Random(seed).uniform  # noqa: S311 (nothing secret)
    names = [criterion.id for criterion in knowledge.criteria if criterion.id in chosen]
    counted: Counter[tuple[str, str]] = Counter()
    for _ in range(DRAWS):
        factors = {name: weights.get(name, 1) * draw(LEAST, MOST) for name in names}
        then = recommend(knowledge, flags(chosen), weights=factors)
        counted[then.verdict, then.strength] += 1
    return counted


@given(count=st.integers(2, 3), seed=st.integers(0, 9), data=st.data())
@settings(max_examples=80)
def test_it_counts_what_recommending_with_each_redraw_gives(
    count: int, seed: int, data: st.DataObject
) -> None:
    knowledge = data.draw(small_knowledge(count))
    chosen = data.draw(some_answers(knowledge))
    weights = data.draw(some_weights(knowledge))

    result = sturdiness(knowledge, flags(chosen), weights=weights, draws=DRAWS, seed=seed)

    drawn = redrawn(knowledge, chosen, weights, seed)
    expected: Counter[str] = Counter()
    leading: Counter[str] = Counter()
    for (verdict, strength), number in drawn.items():
        expected[verdict] += number
        leading[verdict] += number if strength in {"lean", "clear"} else 0
    now = recommend(knowledge, flags(chosen), weights=weights)
    assert dict(result.by_verdict) == dict(expected)
    assert (result.same, result.draws) == (expected[now.verdict], DRAWS)
    assert {name: number for name, number in result.leading.items() if number} == +leading
    close = sum(number for (_, strength), number in drawn.items() if strength == "too_close")
    assert result.too_close == close


@given(chosen=some_answers())
@settings(max_examples=25)
def test_every_draw_has_a_verdict_and_the_most_frequent_comes_first(
    chosen: dict[str, str],
) -> None:
    result = sturdiness(KNOWLEDGE, flags(chosen))

    counts = list(result.by_verdict.values())
    assert sum(counts) == result.draws == 1000
    assert counts == sorted(counts, reverse=True)


def test_the_seed_and_not_the_order_of_the_answers_decides_the_draws() -> None:
    said = {"output_kind": "html_pages", "api_contract": "essential", "long_lived": "few"}
    backwards = dict(reversed(said.items()))

    assert sturdiness(KNOWLEDGE, flags(said)) == sturdiness(KNOWLEDGE, flags(backwards))
    assert sturdiness(KNOWLEDGE, flags(said)) != sturdiness(KNOWLEDGE, flags(said), seed=1)


def test_a_narrow_verdict_is_shaky_and_a_wide_one_stands() -> None:
    narrow = {"stability_policy": "minimal_stable"}

    shaky = sturdiness(KNOWLEDGE, flags(narrow))
    firm = sturdiness(KNOWLEDGE, flags({"output_kind": "json_api", "api_contract": "essential"}))

    assert recommend(KNOWLEDGE, flags(narrow)).strength == "lean"
    assert 0 < shaky.same < shaky.draws
    assert firm.same == firm.draws


def test_a_constraint_stands_whatever_the_weights() -> None:
    for said, verdict in (
        ({"hosting": "wsgi_only", "api_contract": "essential"}, "flask"),
        ({"beyond_micro": "static_only"}, "neither"),
    ):
        result = sturdiness(KNOWLEDGE, flags(said))
        assert (result.same, dict(result.by_verdict)) == (1000, {verdict: 1000})


def test_one_can_go_past_an_exit_ramp() -> None:
    said = flags({"beyond_micro": "static_only", "output_kind": "html_pages"})

    assert dict(sturdiness(KNOWLEDGE, said, past_ramps=True).by_verdict) == {"flask": 1000}


def test_a_thousand_draws_cost_no_more_than_ten_recommendations() -> None:
    said = flags({criterion.id: criterion.options[0].id for criterion in KNOWLEDGE.criteria})

    def least(work: object) -> float:
        times = []
        for _ in range(5):
            began = perf_counter()
            assert callable(work)
            work()
            times.append(perf_counter() - began)
        return min(times)

    plain = least(lambda: recommend(KNOWLEDGE, said))
    assert least(lambda: sturdiness(KNOWLEDGE, said)) < 10 * plain
