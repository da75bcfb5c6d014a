"""What a person says: checked whole, and joined so that the nearest origin counts."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from frameworkpick.core.decision.answers import (
    Answer,
    Origin,
    firm_answers,
    merge,
    parse_answers,
    use_case_answers,
)
from frameworkpick.errors import InputError

if TYPE_CHECKING:
    from frameworkpick.core.decision.knowledge import Knowledge


def test_the_higher_origin_counts_whatever_the_order_of_the_layers() -> None:
    layers = [
        {"hosting": Answer("any", Origin.DEFAULT), "app_size": Answer("medium", Origin.DEFAULT)},
        {"hosting": Answer("wsgi_only", Origin.FLAG)},
        {"hosting": Answer("no_native_wheels", Origin.FILE)},
    ]

    for order in permutations(layers):
        assert merge(*order) == {
            "hosting": Answer("wsgi_only", Origin.FLAG),
            "app_size": Answer("medium", Origin.DEFAULT),
        }


def test_not_sure_clears_a_lower_origin_and_yields_to_a_higher_one() -> None:
    unsure = {"hosting": Answer(None, Origin.ASKED)}

    assert merge({"hosting": Answer("any", Origin.USE_CASE)}, unsure) == unsure
    assert merge({"hosting": Answer("any", Origin.FLAG)}, unsure)["hosting"].value == "any"


def test_the_origins_rank_as_documented() -> None:
    assert [origin.name for origin in sorted(Origin)] == [
        "DEFAULT", "USE_CASE", "PRESET", "RECORD", "FILE", "ENV", "ASKED", "FLAG",
    ]  # fmt: skip


def test_answers_come_as_texts_or_as_a_mapping(knowledge: Knowledge) -> None:
    texts = parse_answers(knowledge, ["output_kind=both", "hosting = unknown"], Origin.FLAG)
    mapping = parse_answers(
        knowledge, {"output_kind": "both", "hosting": None, "app_size": "unknown"}, Origin.FILE
    )

    assert texts == {
        "output_kind": Answer("both", Origin.FLAG),
        "hosting": Answer(None, Origin.FLAG),
    }
    assert mapping["hosting"] == mapping["app_size"] == Answer(None, Origin.FILE)


def test_every_problem_is_reported_at_once(knowledge: Knowledge) -> None:
    texts = ["outputkind=both", "hosting=wsgi_onyl", "app_size", "long_lived=true", "xyz=1"]

    with pytest.raises(InputError) as caught:
        parse_answers(knowledge, texts, Origin.FLAG)

    assert caught.value.exit_code == 2
    assert caught.value.problems == (
        "'app_size' is not of the form id=value.",
        "There is no criterion 'outputkind'. Did you mean 'output_kind'?",
        (
            "hosting cannot be 'wsgi_onyl'; it is one of any, wsgi_only, no_native_wheels, unknown."
            " Did you mean 'wsgi_only'?"
        ),
        "long_lived cannot be 'true'; it is one of none, few, core, unknown.",
        "There is no criterion 'xyz'.",
    )


def test_the_same_answer_twice_is_fine_and_a_different_one_is_not(knowledge: Knowledge) -> None:
    assert parse_answers(knowledge, ["app_size=medium", "app_size=medium"], Origin.FLAG)

    with pytest.raises(InputError, match="app_size is answered twice, and differently"):
        parse_answers(knowledge, ["app_size=medium", "app_size=unknown"], Origin.FLAG)


@pytest.mark.parametrize("value", [True, 3, ["any"], {"a": 1}])
def test_a_file_may_hold_anything_and_is_still_answered_politely(
    knowledge: Knowledge, value: object
) -> None:
    with pytest.raises(InputError, match="hosting cannot be"):
        parse_answers(knowledge, {"hosting": value}, Origin.FILE)


def test_a_use_case_only_suggests_and_yields_to_every_other_origin(knowledge: Knowledge) -> None:
    suggested = use_case_answers(knowledge, "small_business_app")

    assert {answer.origin for answer in suggested.values()} == {Origin.USE_CASE}
    assert all(answer.provisional for answer in suggested.values())
    preset = {"output_kind": Answer("json_api", Origin.PRESET)}
    merged = merge(preset, suggested)
    assert merged["output_kind"] == preset["output_kind"]
    assert firm_answers(merged) == preset


def test_an_unknown_use_case_is_named_with_the_nearest(knowledge: Knowledge) -> None:
    with pytest.raises(InputError) as caught:
        use_case_answers(knowledge, "rest-api")

    (problem,) = caught.value.problems
    assert problem.startswith("There is no use case 'rest-api'; it is one of real_time_dashboard,")
    assert problem.endswith("Did you mean 'rest_api'?")
