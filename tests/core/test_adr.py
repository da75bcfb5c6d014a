"""The decision record: MADR 4.0, complete, and honest about an overridden advice."""

from __future__ import annotations

import re
from typing import Any

import pytest

from frameworkpick.core.decision.answers import Answer, Origin
from frameworkpick.core.decision.engine import recommend
from frameworkpick.core.sentences import as_clause
from frameworkpick.report.record import decision_record

from .samples import KNOWLEDGE, decided, flags

PAGES: dict[str, Any] = {
    "output_kind": "html_pages",
    "auth_style": "browser_sessions",
    "hosting": None,
}


def written(chosen: str, because: str | None = None, **said: str | None) -> str:
    return weighted(chosen, None, because, **said)


def weighted(
    chosen: str, weights: dict[str, float] | None, because: str | None = None, **said: str | None
) -> str:
    return decision_record(
        decided(flags(said), weights=weights),
        chosen=chosen,
        because=because,
        date="2026-11-22",
        tool_version="1.2.3",
    )


def section(text: str, title: str) -> str:
    """Return what stands under a heading, up to the next heading of any level."""
    found = re.search(rf"^#+ {re.escape(title)}\n\n(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def test_the_headings_are_those_of_madr() -> None:
    text = written("flask", **PAGES)

    assert re.findall(r"^#+ .*", text, re.MULTILINE) == [
        "# Use Flask as the web framework",
        "## Context and Problem Statement",
        "## Decision Drivers",
        "## Considered Options",
        "## Decision Outcome",
        "### Consequences",
        "### Confirmation",
        "## Pros and Cons of the Options",
        "### FastAPI",
        "### Flask",
        "## More Information",
    ]
    assert text.startswith("---\nstatus: accepted\ndate: 2026-11-22\n---\n\n# ")
    assert text.endswith("\n")
    assert "\n\n\n" not in text


def test_the_context_holds_the_answers_in_words() -> None:
    context = section(written("flask", **PAGES), "Context and Problem Statement")

    assert "**HTML pages for people** (`output_kind`)" in context
    assert "**not sure** (`hosting`)" in context


def test_every_reason_is_cited_with_its_date() -> None:
    text = written("flask", **PAGES)

    for reason in recommend(KNOWLEDGE, flags(PAGES)).reasons:
        assert f"]({reason.source.url}), checked {reason.source.checked}" in text


def test_the_outcome_names_option_and_strength() -> None:
    outcome = section(written("flask", **PAGES), "Decision Outcome")

    assert outcome.startswith('Chosen option: "Flask", because the answers lead there.')


def test_an_override_says_so_with_the_reason_on_one_line() -> None:
    text = written("fastapi", because="we want\n\n# to learn it.", **PAGES)

    outcome = section(text, "Decision Outcome")
    assert (
        'Chosen option: "FastAPI", against the advice, because: we want # to learn it.' in outcome
    )
    assert "The advice: Flask" in outcome
    assert "no reason was given" in written("fastapi", **PAGES)


UNDECIDED = "The answers do not decide; the default rule gives"
NOTHING_DECIDES = "because the answers do not decide and the default rule gives"


@pytest.mark.parametrize(
    ("chosen", "because", "said", "first", "state"),
    [
        (
            "fastapi",
            None,
            {},
            f'"FastAPI", {NOTHING_DECIDES} FastAPI.',
            "`starting_point`, then at `output_kind`; where none of it settles, it is FastAPI.",
        ),
        (
            "flask",
            "It is ours.",
            {"output_kind": "json_api", "peak_concurrency": "low"},
            f'"Flask", because: It is ours. {UNDECIDED} FastAPI.',
            "FastAPI is ahead by 1 point, and a lead below 2 points is too close to call.",
        ),
        (
            "flask",
            None,
            {"output_kind": "both"},
            '"Flask", though the default rule gives FastAPI; no reason was given.',
            "The points are level. The default rule",
        ),
        (
            "flask",
            None,
            {"output_kind": "json_api", "team_skills": "flask"},
            f'"Flask", {NOTHING_DECIDES} Flask.',
            "What is too close goes by the answer to `team_skills`.",
        ),
    ],
)
def test_what_is_too_close_says_that_nothing_decided_and_what_the_rule_is(
    chosen: str, because: str | None, said: dict[str, str | None], first: str, state: str
) -> None:
    outcome = section(written(chosen, because, **said), "Decision Outcome")

    assert outcome.startswith(f"Chosen option: {first}\n")
    assert state in outcome
    assert "the answers lead there" not in outcome
    assert "against the advice" not in outcome


def test_it_says_how_to_confirm_now_and_later() -> None:
    confirmation = section(written("flask", **PAGES), "Confirmation")

    assert "frameworkpick verify" in confirmation
    assert "frameworkpick recommend --from ." in confirmation


def test_a_firm_decision_names_the_pair_that_would_turn_it() -> None:
    more = section(
        written("flask", starting_point="flask_happy", team_skills="flask", **PAGES),
        "More Information",
    )

    assert "FastAPI would be the advice (too close to call) when both of these become true:" in more
    assert "* What exists already? **A Flask app that hurts**\n" in more
    assert "* What does the team know? **FastAPI or async Python**\n" in more


def test_against_the_advice_one_reads_when_the_advice_would_change() -> None:
    more = section(written("fastapi", **PAGES), "More Information")

    assert "The advice changes when one of these becomes true:" in more


def test_weights_set_by_hand_are_named() -> None:
    more = section(weighted("flask", {"output_kind": 1.5}, **PAGES), "More Information")

    assert "Weights set by hand, where the knowledge has 1: `output_kind` counts 1.5 times." in more
    assert "Weights" not in written("flask", **PAGES)


def test_a_suggestion_of_the_use_case_is_marked_as_one() -> None:
    said = {"output_kind": Answer("json_api", Origin.USE_CASE)}
    text = decision_record(decided(said), chosen="fastapi", because=None, date="2026-11-22")

    context = section(text, "Context and Problem Statement")
    assert "**JSON for other programs** (`output_kind`, only suggested by the use case)" in context


def test_going_past_an_exit_ramp_keeps_what_was_advised_instead() -> None:
    outcome = section(written("flask", beyond_micro="admin_orm_cms"), "Decision Outcome")

    assert "against the advice" in outcome
    assert "Instead: [Django](https://docs.djangoproject.com/" in outcome


def test_what_is_advised_instead_was_considered_with_its_reason_and_date() -> None:
    (django,) = KNOWLEDGE.criterion("beyond_micro").option("admin_orm_cms").instead  # type: ignore[union-attr]
    text = written("flask", beyond_micro="admin_orm_cms")

    cited = f"[Django]({django.url}), checked {django.checked}"
    assert section(text, "Considered Options") == "* FastAPI\n* Flask\n* Django\n\n"
    assert section(text, "Decision Drivers") == f"* Django: {django.because} {cited}\n\n"
    assert f"Instead: {cited}. " in section(text, "Decision Outcome")
    assert "* Bad, because it goes without Django: admin, ORM" in section(text, "Consequences")
    assert section(text, "Django").startswith("* Good, because admin, ORM, migrations")
    assert cited in section(text, "Django")


def test_consequences_are_good_and_bad_and_heed_the_advice() -> None:
    good_and_bad = section(
        written("fastapi", library_style="mostly_blocking", **PAGES), "Consequences"
    )

    assert "* Bad, because blocking calls must stay out of async def" in good_and_bad
    assert "* Bad, because it goes without what speaks for Flask: " in good_and_bad
    assert "* Bad, because in any case it is still 0.x" in good_and_bad
    assert "* Neutral, because there is something to heed: keep blocking" in good_and_bad
    assert "* Good, because Jinja is always configured" in written("flask", **PAGES)


def test_it_says_when_to_think_again_and_how_to_go_back() -> None:
    more = section(written("flask", **PAGES), "More Information")

    assert "Think again when one of these becomes true:" in more
    assert "* What will the app mainly send back? **JSON for other programs**: FastAPI (" in more
    assert "The way back: The Flask app can be mounted under FastAPI" in more
    assert "frameworkpick 1.2.3 from its knowledge of" in more


def test_a_decision_without_answers_is_still_a_record() -> None:
    text = written("fastapi")

    assert "* Nothing was known yet." in text
    assert "* No answer speaks for or against any option." in text
    assert text.count("* Neutral, because no answer speaks for or against it.") == 2
    assert "* Neutral, because no answer speaks for it." in section(text, "Consequences")


def test_only_names_keep_their_capital_after_because() -> None:
    sentences = [
        verdict.because
        for framework in KNOWLEDGE.frameworks
        for row in (*framework.verdicts.values(), framework.effects)
        for verdict in row.values()
    ]

    kept = {s.split()[0].strip(",.:;") for s in sentences if as_clause(s) == s}

    names = "ASGI FastAPI Flask Jinja OpenAPI Pydantic Starlette WebSockets WSGI"
    assert kept <= set(names.split())
