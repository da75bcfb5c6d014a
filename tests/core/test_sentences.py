"""How a verdict reads in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from frameworkpick.core import sentences
from frameworkpick.core.decision.answers import Origin, parse_answers

from .samples import KNOWLEDGE, decided

if TYPE_CHECKING:
    from frameworkpick.core.decision import Decision


def said(answers: list[str]) -> Decision:
    return decided(parse_answers(KNOWLEDGE, answers, Origin.FLAG))


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ([], "Too close to call: FastAPI by default (level)."),
        (
            ["team_skills=fastapi", "output_kind=html_pages"],
            "Too close to call: FastAPI by default (behind by 1 point).",
        ),
        (["hosting=wsgi_only"], "Flask, because a constraint rules the rest out."),
        (
            ["beyond_micro=admin_orm_cms"],
            "Neither FastAPI nor Flask: something else fits better.",
        ),
        (
            ["hosting=wsgi_only", "must_have_component=asgi_ecosystem"],
            "The answers contradict each other: no framework can meet them all.",
        ),
    ],
)
def test_the_verdict_in_one_sentence(answers: list[str], sentence: str) -> None:
    assert sentences.verdict(said(answers)) == sentence


def test_the_lead_is_told_in_points() -> None:
    decision = said(["long_lived=core"])
    assert sentences.verdict(decision).startswith("FastAPI, ")
    assert sentences.points(decision.advice.margin) in sentences.verdict(decision)


def test_where_a_constraint_decides_points_are_left_out() -> None:
    answers = ["hosting=wsgi_only", "output_kind=json_api"]
    assert sentences.so_far(said(answers)) == (
        "So far: Flask, decided by a constraint (2 of 15 answered). No points can change that; an "
        "answer on team_skills, beyond_micro or must_have_component could."
    )
    answers += ["must_have_component=none", "team_skills=neutral", "beyond_micro=none"]
    assert sentences.constraint(said(answers).advice) == "No open question can change that."


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "1 point"),
        (-1, "-1 point"),
        (0, "0 points"),
        (2.5, "2.5 points"),
        (2 / 3, "0.67 points"),
    ],
)
def test_points_are_counted_in_words(number: float, text: str) -> None:
    assert sentences.points(number) == text


@pytest.mark.parametrize(("number", "text"), [(3, "+3"), (-2, "-2"), (0, "0"), (-61 / 3, "-20.33")])
def test_points_carry_their_sign(number: float, text: str) -> None:
    assert sentences.signed(number) == text


def test_a_framework_nobody_knows_stands_for_itself() -> None:
    assert KNOWLEDGE.name_of("litestar") == "litestar"
    assert KNOWLEDGE.name_of("fastapi") == "FastAPI"
