"""What only a use case says, as long as nobody confirmed it."""

from __future__ import annotations

from frameworkpick.core.decision.answers import merge, use_case_answers
from frameworkpick.core.decision.suggested import suggested, unconfirmed
from frameworkpick.core.forms import plain

from .samples import KNOWLEDGE, decided, flags


def test_an_answer_takes_a_suggestion_and_a_question_off_the_list() -> None:
    guessed = use_case_answers(KNOWLEDGE, "iot_system")
    said = merge(guessed, flags({"output_kind": "json_api", "hosting": None}))

    before = suggested(KNOWLEDGE, guessed, "iot_system")
    after = suggested(KNOWLEDGE, said, "iot_system")

    assert before
    assert after
    assert dict(before.answers) == {name: answer.value for name, answer in guessed.items()}
    assert [criterion.id for criterion in before.asks] == [
        "hosting", "long_lived", "peak_concurrency",
    ]  # fmt: skip
    assert after.answers == (("long_lived", "core"), ("peak_concurrency", "high"))
    assert [criterion.id for criterion in after.asks] == ["long_lived", "peak_concurrency"]


def test_with_everything_said_nothing_is_suggested() -> None:
    said = flags({"hosting": "any", "long_lived": "core", "peak_concurrency": "low"})

    assert suggested(KNOWLEDGE, said, "iot_system") is None
    assert suggested(KNOWLEDGE, said, None) is None
    assert suggested(KNOWLEDGE, {}, "other") is None


def test_with_the_suggestions_confirmed_the_questions_stay() -> None:
    said = flags(dict(KNOWLEDGE.use_case("rest_api").provisional))  # type: ignore[union-attr]

    left = suggested(KNOWLEDGE, said, "rest_api")

    assert left
    assert left.title == 'Left open by the use case "REST API"'
    assert [criterion.id for criterion in left.asks] == ["api_contract", "app_size"]


def test_what_meets_a_suggestion_is_no_more_than_suggested() -> None:
    guessed = use_case_answers(KNOWLEDGE, "monolith_site")

    half = merge(guessed, flags({"auth_style": "browser_sessions"}))
    whole = flags({"output_kind": "html_pages", "auth_style": "browser_sessions"})

    assert "I7" in unconfirmed(KNOWLEDGE, half)
    assert unconfirmed(KNOWLEDGE, whole) == frozenset()


def test_the_json_says_what_is_only_suggested_and_what_is_still_to_answer() -> None:
    guessed = use_case_answers(KNOWLEDGE, "rest_api")
    guesses = suggested(KNOWLEDGE, guessed, "rest_api")

    data = plain(decided(guessed, "rest_api"))

    assert guesses
    assert data["suggested"] == {
        "answers": ["output_kind", "long_lived", "payload_complexity"],
        "misleads": guesses.use_case.misleads,
        "asks": ["api_contract", "payload_complexity", "app_size"],
    }
