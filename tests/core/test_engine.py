"""The recommendation as properties: what may change it, and that what it says is true."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frameworkpick.core.decision.answers import Answer, Origin, use_case_answers
from frameworkpick.core.decision.engine import next_question, recommend
from frameworkpick.core.decision.outlook import assignments

from .samples import KNOWLEDGE, completions, flags, small_knowledge, some_answers, some_weights

if TYPE_CHECKING:
    from frameworkpick.core.decision.knowledge import Knowledge, UseCase
    from frameworkpick.core.decision.recommendation import Recommendation


def advise(**chosen: str | None) -> Recommendation:
    return recommend(KNOWLEDGE, flags(chosen))


@given(chosen=some_answers(), seed=st.integers())
@settings(max_examples=40)
def test_the_order_of_the_answers_does_not_matter(chosen: dict[str, str], seed: int) -> None:
    shuffled = list(chosen.items())
    random.Random(seed).shuffle(shuffled)  # noqa: S311 (nothing secret)

    assert recommend(KNOWLEDGE, flags(dict(shuffled))) == recommend(KNOWLEDGE, flags(chosen))


@given(chosen=some_answers(), unsure=st.sets(st.sampled_from([c.id for c in KNOWLEDGE.criteria])))
@settings(max_examples=40)
def test_not_sure_counts_as_little_as_no_answer(chosen: dict[str, str], unsure: set[str]) -> None:
    said: dict[str, str | None] = {**dict.fromkeys(unsure), **chosen}

    assert recommend(KNOWLEDGE, flags(said)) == recommend(KNOWLEDGE, flags(chosen))


def test_without_answers_nothing_counts() -> None:
    nothing = recommend(KNOWLEDGE, {})

    assert nothing.reasons == ()
    assert [place.points for place in nothing.ranking] == [0, 0]
    assert (nothing.verdict, nothing.strength) == ("fastapi", "too_close")
    assert nothing.tie_break == "default"


@given(chosen=some_answers())
@settings(max_examples=40)
def test_the_points_are_the_sum_of_the_reasons(chosen: dict[str, str]) -> None:
    result = recommend(KNOWLEDGE, flags(chosen))

    for place in result.ranking:
        own = [reason for reason in result.reasons if reason.framework == place.framework]
        assert place.points == sum(reason.points for reason in own)
        assert place.vetoed == any(reason.veto for reason in own)


@given(chosen=some_answers())
@settings(max_examples=25)
def test_a_listed_flip_flips_and_no_other_answer_does(chosen: dict[str, str]) -> None:
    now = recommend(KNOWLEDGE, flags(chosen))

    changed = {}
    for criterion in KNOWLEDGE.criteria:
        for option in criterion.options:
            then = recommend(KNOWLEDGE, flags({**chosen, criterion.id: option.id}))
            if (then.verdict, then.strength) != (now.verdict, now.strength):
                changed[criterion.id, option.id] = (then.verdict, then.strength)
    assert {(f.criterion, f.to): (f.verdict, f.strength) for f in now.flips} == changed
    assert all(flip.from_ == chosen.get(flip.criterion) for flip in now.flips)


@given(chosen=some_answers())
@settings(max_examples=25)
def test_the_smallest_flip_comes_first_and_constraints_last(chosen: dict[str, str]) -> None:
    now = recommend(KNOWLEDGE, flags(chosen))
    first = now.ranking[0].framework

    def lead(result: Recommendation) -> float:
        points = {place.framework: place.points for place in result.ranking}
        return points.pop(first) - max(points.values())

    sizes = [
        (
            flip.strength == "constraint",
            abs(lead(recommend(KNOWLEDGE, flags({**chosen, flip.criterion: flip.to}))) - lead(now)),
        )
        for flip in now.flips
    ]
    assert sizes == sorted(sizes)


@given(knowledge=small_knowledge(), data=st.data())
@settings(max_examples=150)
def test_worst_and_best_are_what_trying_every_answer_gives(
    knowledge: Knowledge, data: st.DataObject
) -> None:
    chosen = data.draw(some_answers(knowledge))
    now = recommend(knowledge, flags(chosen))
    first = now.ranking[0].framework

    leads, verdicts = [], set()
    for every in completions(knowledge, chosen):
        then = recommend(knowledge, flags(every))
        points = {place.framework: place.points for place in then.ranking}
        leads.append(points.pop(first) - max(points.values()))
        verdicts.add(then.verdict)
    assert (now.completeness.worst, now.completeness.best) == (min(leads), max(leads))
    assert now.completeness.decided == (verdicts == {now.verdict})


@given(knowledge=small_knowledge(frameworks=3), data=st.data())
@settings(max_examples=60)
def test_with_three_frameworks_the_bounds_hold_and_decided_is_never_wrong(
    knowledge: Knowledge, data: st.DataObject
) -> None:
    chosen = data.draw(some_answers(knowledge))
    now = recommend(knowledge, flags(chosen))
    first = now.ranking[0].framework

    leads, verdicts = [], set()
    for every in completions(knowledge, chosen):
        then = recommend(knowledge, flags(every))
        points = {place.framework: place.points for place in then.ranking}
        leads.append(points.pop(first) - max(points.values()))
        verdicts.add(then.verdict)
    assert len(now.ranking) == 3
    assert now.completeness.worst == min(leads)
    assert now.completeness.best >= max(leads)
    if now.completeness.decided:
        assert verdicts == {now.verdict}


@given(knowledge=small_knowledge(), data=st.data())
@settings(max_examples=150)
def test_asking_stops_exactly_when_the_rest_cannot_change_the_verdict(
    knowledge: Knowledge, data: st.DataObject
) -> None:
    chosen = data.draw(some_answers(knowledge))
    skipped = data.draw(st.sets(st.sampled_from([c.id for c in knowledge.criteria])))
    unsure = data.draw(st.sets(st.sampled_from([c.id for c in knowledge.criteria])))
    suggested = data.draw(st.sets(st.sampled_from([c.id for c in knowledge.criteria])))
    said = flags({**dict.fromkeys(unsure), **chosen})
    for name in suggested & chosen.keys():
        said[name] = Answer(chosen[name], Origin.USE_CASE)

    weights = data.draw(some_weights(knowledge))

    asked = next_question(knowledge, said, skipped, weights=weights)

    # A suggestion that may be asked about is open; one that may not be is what counts.
    firm = {n: o for n, o in chosen.items() if n not in suggested or n in skipped}
    closed = {name for name in {*skipped, *unsure} if name not in chosen}
    verdicts = {
        recommend(knowledge, flags(every), weights=weights).verdict
        for every in completions(knowledge, firm)
        if not closed & every.keys()
    }
    assert (asked is None) == (len(verdicts) == 1)
    if asked:
        assert asked.id not in said or said[asked.id].provisional
        assert asked.id not in skipped


@given(knowledge=st.one_of(small_knowledge(), small_knowledge(frameworks=3)), data=st.data())
@settings(max_examples=150)
def test_a_question_that_is_asked_can_change_the_verdict_under_some_other_answers(
    knowledge: Knowledge, data: st.DataObject
) -> None:
    chosen = data.draw(some_answers(knowledge))
    suggested = data.draw(st.sets(st.sampled_from([c.id for c in knowledge.criteria])))
    past_ramps = data.draw(st.booleans())
    weights = data.draw(some_weights(knowledge))
    said = flags(chosen)
    for name in suggested & chosen.keys():
        said[name] = Answer(chosen[name], Origin.USE_CASE)

    asked = next_question(knowledge, said, past_ramps=past_ramps, weights=weights)

    firm = {name: option for name, option in chosen.items() if name not in suggested}
    verdicts: dict[tuple[tuple[str, str], ...], set[str]] = {}
    for every in completions(knowledge, firm):
        rest = tuple(item for item in every.items() if asked and item[0] != asked.id)
        then = recommend(knowledge, flags(every), past_ramps=past_ramps, weights=weights)
        verdicts.setdefault(rest, set()).add(then.verdict)
    assert (asked is None) == (max(map(len, verdicts.values())) == 1)


def test_where_only_two_answers_can_still_matter_only_these_are_asked() -> None:
    said = flags({"hosting": "wsgi_only", "beyond_micro": "none"})
    order = []
    while question := next_question(KNOWLEDGE, said):
        order.append(question.id)
        said[question.id] = Answer(None, Origin.ASKED)

    # An ASGI component is a conflict with that host, a team without Python an exit ramp.
    assert order == ["must_have_component", "team_skills"]


def test_what_decides_alone_is_asked_first_and_the_shape_before_the_rest() -> None:
    said: dict[str, Answer] = {}
    order = []
    while question := next_question(KNOWLEDGE, said):
        order.append(question.id)
        said[question.id] = Answer(None, Origin.ASKED)

    assert order[:2] == ["beyond_micro", "hosting"]
    assert order[:5] == [*order[:2], "starting_point", "output_kind", "long_lived"]
    assert order[5] == "must_have_component"


def test_a_question_that_can_only_strengthen_the_lead_waits() -> None:
    said = flags({"hosting": "any", "beyond_micro": "none", "starting_point": "asgi_stack"})

    first = next_question(KNOWLEDGE, said)
    assert first
    assert first.id == "output_kind"
    second = next_question(KNOWLEDGE, {**said, "output_kind": Answer("json_api", Origin.ASKED)})
    assert second
    assert second.id == "must_have_component"


def test_a_use_case_asks_first_what_its_keyword_misleads_about() -> None:
    for use_case in KNOWLEDGE.use_cases:
        said = use_case_answers(KNOWLEDGE, use_case.id)
        order = []
        while question := next_question(KNOWLEDGE, said, use_case=use_case):
            order.append(question.id)
            said[question.id] = Answer(None, Origin.ASKED)
        first = order[: len(use_case.asks)]
        assert first == list(use_case.asks), use_case.id
        rest = order[len(first) :]
        confirmed = [name for name in rest if name in use_case.provisional]
        assert rest[len(rest) - len(confirmed) :] == confirmed, use_case.id


@pytest.mark.parametrize("use_case", KNOWLEDGE.use_cases, ids=lambda use_case: use_case.id)
def test_whether_it_is_neither_is_asked_within_five_questions(use_case: UseCase) -> None:
    asked = set(use_case.asks) - {"beyond_micro"}
    for answers in assignments([c for c in KNOWLEDGE.criteria if c.id in asked]):
        said = use_case_answers(KNOWLEDGE, use_case.id)
        order: list[str] = []
        while len(order) < 5 and (question := next_question(KNOWLEDGE, said, use_case=use_case)):
            order.append(question.id)
            said[question.id] = Answer(answers.get(question.id), Origin.ASKED)

        led_away = recommend(KNOWLEDGE, said).verdict == "neither"
        assert led_away or "beyond_micro" in order, (answers, order)


def test_a_suggestion_counts_and_is_still_open() -> None:
    said = use_case_answers(KNOWLEDGE, "complex_api")

    suggested, nothing = recommend(KNOWLEDGE, said), recommend(KNOWLEDGE, {})

    assert (suggested.verdict, suggested.strength, suggested.margin) == ("fastapi", "clear", 7)
    assert suggested.completeness == nothing.completeness
    confirmed = {name: Answer(answer.value, Origin.ASKED) for name, answer in said.items()}
    assert recommend(KNOWLEDGE, confirmed).completeness.answered == 3


def test_a_confirmed_suggestion_is_not_asked_again() -> None:
    use_case = KNOWLEDGE.use_case("iot_system")
    assert use_case
    said = use_case_answers(KNOWLEDGE, use_case.id)

    first = next_question(KNOWLEDGE, said, use_case=use_case)
    assert first
    assert first.id == "hosting"
    said["hosting"] = Answer("any", Origin.ASKED)
    second = next_question(KNOWLEDGE, said, use_case=use_case)
    assert second
    assert second.id == "long_lived"


def test_nothing_is_asked_after_an_exit_ramp_unless_one_goes_past_it() -> None:
    said = flags({"beyond_micro": "static_only"})

    assert next_question(KNOWLEDGE, said) is None
    assert next_question(KNOWLEDGE, said, past_ramps=True) is not None


def test_an_exit_ramp_makes_the_verdict_neither_and_says_what_instead() -> None:
    result = advise(output_kind="html_pages", beyond_micro="admin_orm_cms")

    assert (result.verdict, result.strength) == ("neither", "constraint")
    assert [way.name for way in result.instead] == ["Django"]
    assert result.against is None


def test_both_exit_ramps_are_named() -> None:
    result = advise(team_skills="not_python", beyond_micro="quart_like")

    assert len(result.instead) == 2


def test_one_can_go_past_an_exit_ramp() -> None:
    said = flags({"output_kind": "html_pages", "beyond_micro": "admin_orm_cms"})

    result = recommend(KNOWLEDGE, said, past_ramps=True)

    assert (result.verdict, result.strength) == ("flask", "lean")
    assert result.instead == ()


def test_a_veto_decides_by_constraint_whatever_the_points_say() -> None:
    result = advise(hosting="wsgi_only", output_kind="json_api", api_contract="essential")

    assert (result.verdict, result.strength) == ("flask", "constraint")
    assert result.margin == -5
    assert [(place.framework, place.vetoed) for place in result.ranking] == [
        ("flask", False),
        ("fastapi", True),
    ]
    assert result.against
    assert (result.against.framework, result.against.criterion) == ("fastapi", "api_contract")


@pytest.mark.parametrize("hosting", ["wsgi_only", "no_native_wheels"])
def test_constraints_that_contradict_each_other_are_a_conflict(hosting: str) -> None:
    result = advise(hosting=hosting, must_have_component="asgi_ecosystem")

    assert (result.verdict, result.strength) == ("conflict", "constraint")
    assert all(place.vetoed for place in result.ranking)
    vetoes = {(reason.framework, reason.criterion) for reason in result.reasons if reason.veto}
    assert vetoes == {("fastapi", "hosting"), ("flask", "I9")}


def test_after_a_conflict_only_what_could_be_an_exit_ramp_is_asked() -> None:
    said = flags({"hosting": "wsgi_only", "must_have_component": "asgi_ecosystem"})

    first = next_question(KNOWLEDGE, said)
    assert first
    assert first.id == "team_skills"
    second = next_question(KNOWLEDGE, said, ["team_skills"])
    assert second
    assert second.id == "beyond_micro"
    assert next_question(KNOWLEDGE, said, ["team_skills", "beyond_micro"]) is None


@pytest.mark.parametrize(
    ("said", "verdict", "settled_by"),
    [
        ({"team_skills": "flask", "output_kind": "json_api"}, "flask", "team_skills"),
        ({"team_skills": "fastapi", "output_kind": "html_pages"}, "fastapi", "team_skills"),
        (
            {
                "output_kind": "html_pages",
                "api_contract": "nice",
                "payload_complexity": "moderate",
            },
            "flask",
            "output_kind",
        ),
        (
            {
                "starting_point": "flask_happy",
                "long_lived": "core",
                "library_style": "mostly_blocking",
            },
            "flask",
            "starting_point",
        ),
        (
            {"starting_point": "asgi_stack", "output_kind": "html_pages"},
            "fastapi",
            "starting_point",
        ),
        (
            {
                "starting_point": "flask_happy",
                "team_skills": "fastapi",
                "output_kind": "json_api",
            },
            "fastapi",
            "team_skills",
        ),
        ({"team_skills": "beginner"}, "fastapi", "default"),
        ({"output_kind": "both"}, "fastapi", "default"),
    ],
)
def test_what_is_too_close_goes_to_what_the_team_knows_then_what_runs_then_pages_then_fastapi(
    said: dict[str, str], verdict: str, settled_by: str
) -> None:
    result = advise(**said)

    assert result.strength == "too_close"
    assert (result.verdict, result.tie_break) == (verdict, settled_by)


@pytest.mark.parametrize(
    ("said", "margin", "strength"),
    [
        ({"api_contract": "nice"}, 1, "too_close"),
        ({"output_kind": "json_api"}, 2, "lean"),
        ({"long_lived": "core"}, 4, "lean"),
        ({"output_kind": "json_api", "api_contract": "essential"}, 5, "clear"),
    ],
)
def test_the_strength_follows_the_lead(said: dict[str, str], margin: float, strength: str) -> None:
    result = advise(**said)

    assert (result.margin, result.strength) == (margin, strength)


def test_the_strongest_point_against_is_the_one_that_costs_most() -> None:
    result = advise(
        output_kind="json_api", long_lived="core", stability_policy="minimal_stable",
        peak_concurrency="low",
    )  # fmt: skip

    assert result.verdict == "fastapi"
    assert result.against
    assert result.against.criterion == "stability_policy"
    assert result.against.points == -2


def test_a_verdict_that_nothing_speaks_against_still_names_its_caveat_and_way_back() -> None:
    result = advise(output_kind="json_api", api_contract="essential")

    assert result.against
    assert (result.against.framework, result.against.criterion) == ("fastapi", "")
    assert result.way_back
    assert "flask-openapi" in result.way_back.because


def test_weights_scale_points_and_leave_the_rest_alone() -> None:
    said = flags({"output_kind": "html_pages", "api_contract": "essential"})

    assert recommend(KNOWLEDGE, said).margin == 0
    heavier = recommend(KNOWLEDGE, said, weights={"output_kind": 1.5})
    assert (heavier.verdict, heavier.margin) == ("flask", 1.5)
    assert recommend(KNOWLEDGE, said, weights={}) == recommend(KNOWLEDGE, said)
