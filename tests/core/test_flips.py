"""The smallest pair: found exactly, and only when no single answer favours another framework."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from frameworkpick.core.decision.engine import recommend

from .samples import KNOWLEDGE, flags, small_knowledge, some_answers, some_weights

if TYPE_CHECKING:
    from frameworkpick.core.decision.knowledge import Knowledge
    from frameworkpick.core.decision.recommendation import Recommendation

#: Criterion, the option now, the option that it takes.
Change = tuple[str, str | None, str]


@given(count=st.integers(2, 3), data=st.data())
@settings(max_examples=150)
def test_the_pairs_are_what_trying_every_pair_gives(count: int, data: st.DataObject) -> None:
    knowledge = data.draw(small_knowledge(count))
    chosen = data.draw(some_answers(knowledge))
    weights = data.draw(some_weights(knowledge))

    now = recommend(knowledge, flags(chosen), weights=weights)

    assert {(pair.changes, pair.verdict, pair.strength) for pair in now.pairs} == smallest_pairs(
        knowledge, chosen, weights, now
    )


def smallest_pairs(
    knowledge: Knowledge, chosen: dict[str, str], weights: dict[str, float], now: Recommendation
) -> set[tuple[tuple[Change, ...], str, str]]:
    others = {framework.id for framework in knowledge.frameworks} - {now.verdict}
    if now.verdict in {"neither", "conflict"}:
        return set()
    changes: list[Change] = [
        (c.id, chosen.get(c.id), o.id)
        for c in knowledge.criteria
        for o in c.options
        if chosen.get(c.id) != o.id
    ]

    def after(*made: Change) -> Recommendation:
        said = {**chosen, **{criterion: option for criterion, _, option in made}}
        return recommend(knowledge, flags(said), weights=weights)

    first = now.ranking[0].framework

    def lead(result: Recommendation) -> float:
        points = {place.framework: place.points for place in result.ranking}
        return points.pop(first) - max(points.values())

    if any(after(change).verdict in others for change in changes):
        return set()
    found = {
        made: result
        for made in combinations(changes, 2)
        if made[0][0] != made[1][0] and (result := after(*made)).verdict in others
    }
    sizes = {made: round(abs(lead(result) - lead(now)), 5) for made, result in found.items()}
    return {
        (made, found[made].verdict, found[made].strength)
        for made, size in sizes.items()
        if size == min(sizes.values())
    }


def test_when_one_answer_does_it_no_pair_is_named() -> None:
    result = recommend(KNOWLEDGE, flags({"output_kind": "json_api", "api_contract": "essential"}))

    assert result.pairs == ()
    assert "flask" in {flip.verdict for flip in result.flips}


def test_a_firm_verdict_names_the_two_answers_that_would_turn_it() -> None:
    said = {
        "output_kind": "html_pages",
        "auth_style": "browser_sessions",
        "starting_point": "flask_happy",
        "team_skills": "flask",
    }

    found = recommend(KNOWLEDGE, flags(said)).pairs

    # Both move the lead by 9 of 10 points; what is left is settled by one of the two answers.
    assert [pair.changes for pair in found] == [
        (("starting_point", "flask_happy", "flask_pain"), ("team_skills", "flask", "fastapi")),
        (("starting_point", "flask_happy", "asgi_stack"), ("team_skills", "flask", "neutral")),
    ]
    for pair in found:
        assert (pair.verdict, pair.strength) == ("fastapi", "too_close")
        then = recommend(KNOWLEDGE, flags({**said, **{name: to for name, _, to in pair.changes}}))
        assert (then.verdict, then.strength) == (pair.verdict, pair.strength)


def test_neither_and_a_conflict_have_no_pairs() -> None:
    neither = {"beyond_micro": "static_only", "starting_point": "flask_happy"}
    conflict = {"hosting": "wsgi_only", "must_have_component": "asgi_ecosystem"}

    assert recommend(KNOWLEDGE, flags(neither)).pairs == ()
    assert recommend(KNOWLEDGE, flags(conflict)).pairs == ()
