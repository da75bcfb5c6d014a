"""The knowledge itself: faithful to the research, short enough to read, sourced, not stale."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from frameworkpick import catalog
from frameworkpick.core.decision.answers import Answer, Origin, use_case_answers
from frameworkpick.core.decision.engine import recommend
from frameworkpick.core.decision.outlook import assignments

if TYPE_CHECKING:
    from frameworkpick.core.decision.knowledge import Framework, UseCase, Verdict

KNOWLEDGE = catalog.load_knowledge()
DOCS = Path(__file__).parents[2] / "docs"
CRITERIA = Path(catalog.__file__).parents[1] / "data" / "criteria.toml"
FASTAPI = catalog.templates_root() / "fastapi" / "framework.toml"
ARTICLE = (DOCS / "concepts" / "article.md").read_text(encoding="utf-8")

#: FastAPI's points less Flask's, by criterion and option.
DIFFERENCES = {
    "output_kind": {"json_api": 2, "both": 0, "html_pages": -3},
    "long_lived": {"none": 0, "few": 1, "core": 4},
    "bottleneck": {"trivial": -1, "database": 0, "waiting_upstream": 2, "cpu_or_model": 0},
    "peak_concurrency": {"low": -1, "medium": 0, "high": 1},
    "api_contract": {"none": -1, "nice": 1, "essential": 3},
    "payload_complexity": {"simple": -1, "moderate": 1, "complex": 2},
    "starting_point": {
        "greenfield": 0, "flask_happy": -4, "flask_pain": 1, "asgi_stack": 3, "other_stack": 0,
    },
    "must_have_component": {"none": 0, "flask_ecosystem": -3, "asgi_ecosystem": 4},
    "hosting": {"any": 0, "wsgi_only": 0, "no_native_wheels": 0},
    "team_skills": {"flask": -2, "fastapi": 2, "beginner": -1, "neutral": 0, "not_python": 0},
    "library_style": {"mostly_blocking": -1, "mixed": 0, "mostly_awaitable": 3},
    "auth_style": {"none": 0, "browser_sessions": -2, "api_tokens": 1, "external_idp": 0},
    "project_stage": {"learning": -1, "mvp": 0, "long_lived": 0},
    "app_size": {"few_endpoints": -1, "medium": 0, "many_services": 1},
    "stability_policy": {"minimal_stable": -2, "normal": 0, "latest_ok": 0},
    "beyond_micro": {
        "none": 0, "admin_orm_cms": 0, "static_only": 0, "extreme_latency_or_cpu": 0,
        "other_language_team": 0, "quart_like": 0, "other_asgi": 0, "data_dashboard": 0,
        "stdlib_enough": 0,
    },
}  # fmt: skip

OPTIONS = [(c, o) for c in KNOWLEDGE.criteria for o in c.options]
FRAMEWORKS = pytest.mark.parametrize("framework", KNOWLEDGE.frameworks, ids=lambda f: f.id)


def statements(framework: Framework) -> list[Verdict]:
    rows = (*framework.verdicts.values(), framework.effects)
    return [*chain(*(row.values() for row in rows)), framework.caveat, framework.way_back]


def test_criteria_and_options_are_those_of_the_research_in_its_order() -> None:
    found = {c.id: [option.id for option in c.options] for c in KNOWLEDGE.criteria}

    assert found == {name: list(options) for name, options in DIFFERENCES.items()}
    assert list(found) == list(DIFFERENCES)


def test_the_difference_of_the_absolute_points_is_the_table() -> None:
    fastapi, flask = KNOWLEDGE.frameworks

    found = {
        c.id: {
            o.id: fastapi.verdicts[c.id][o.id].points - flask.verdicts[c.id][o.id].points
            for o in c.options
        }
        for c in KNOWLEDGE.criteria
    }
    assert found == DIFFERENCES


def test_only_the_host_rules_fastapi_out_and_nothing_alone_rules_flask_out() -> None:
    vetoes = [
        (framework.id, criterion, option)
        for framework in KNOWLEDGE.frameworks
        for criterion, row in framework.verdicts.items()
        for option, verdict in row.items()
        if verdict.veto
    ]

    assert vetoes == [
        ("fastapi", "hosting", "wsgi_only"),
        ("fastapi", "hosting", "no_native_wheels"),
    ]


def test_the_exit_ramps_are_everything_beyond_and_a_team_without_python() -> None:
    ramps = {(c.id, o.id) for c, o in OPTIONS if o.instead}

    assert ramps == {
        *(("beyond_micro", name) for name in DIFFERENCES["beyond_micro"] if name != "none"),
        ("team_skills", "not_python"),
    }


def test_every_exit_ramp_says_in_one_sentence_why_and_where_to_read_on() -> None:
    ways = {way.name: way for _, option in OPTIONS for way in option.instead}

    for expected in ("Django", "Quart", "Litestar", "Starlette", "Go", "Rust", "http.server",
                     "Dash", "Streamlit", "static site"):  # fmt: skip
        assert any(expected in name for name in ways), expected
    for way in ways.values():
        assert way.because.endswith(".")
        assert len(way.because) <= 160
        assert way.url.startswith("https://")


def test_the_use_cases_are_those_of_the_article_and_something_else() -> None:
    assert [use_case.label for use_case in KNOWLEDGE.use_cases] == [
        "Real-time dashboard",
        "AI-driven platform",
        "IoT system",
        "Complex API",
        "REST API",
        "Small business application",
        "Prototype or MVP",
        "Microservice",
        "Monolith or traditional site",
        "Something else",
    ]


@pytest.mark.parametrize("use_case", KNOWLEDGE.use_cases[:-1], ids=lambda use_case: use_case.id)
def test_what_a_use_case_asks_can_turn_or_unsettle_what_it_suggests(use_case: UseCase) -> None:
    suggested = use_case_answers(KNOWLEDGE, use_case.id)
    now = recommend(KNOWLEDGE, suggested).verdict
    asked = [c for c in KNOWLEDGE.criteria if c.id in use_case.asks]

    results = [
        recommend(KNOWLEDGE, suggested | {n: Answer(o, Origin.ASKED) for n, o in more.items()})
        for more in assignments(asked)
    ]

    others = {framework.id for framework in KNOWLEDGE.frameworks} - {now}
    turned = any(result.verdict in others for result in results)
    strengths = {result.strength for result in results}
    assert turned or {"too_close", "clear"} <= strengths


@pytest.mark.parametrize("use_case", KNOWLEDGE.use_cases, ids=lambda use_case: use_case.id)
def test_a_use_case_reads_well(use_case: UseCase) -> None:
    assert len(use_case.label) + len(use_case.hint) <= 75
    assert use_case.misleads.endswith(".")
    assert use_case.misleads.count(". ") == 0
    assert len(use_case.misleads) <= 160
    assert len(use_case.asks) <= 4


def test_something_else_suggests_nothing() -> None:
    other = KNOWLEDGE.use_cases[-1]

    assert (other.id, dict(other.provisional), other.asks) == ("other", {}, ())


def test_texts_fit_a_terminal() -> None:
    assert [c.id for c in KNOWLEDGE.criteria if len(c.question) > 80] == []
    assert [(c.id, o.id) for c, o in OPTIONS if len(o.label) + len(o.hint) > 95] == []


@FRAMEWORKS
def test_a_reason_is_one_or_two_sentences_without_a_multiplier(framework: Framework) -> None:
    for statement in statements(framework):
        assert statement.because.endswith("."), statement.because
        assert len(statement.because) <= 160, statement.because
        assert not re.search(r"\d\s*(x|times|%)|times (as|faster|more)", statement.because)


@FRAMEWORKS
def test_sources_are_the_projects_own_pages_and_none_lies_about(framework: Framework) -> None:
    path = catalog.templates_root() / framework.id / "framework.toml"
    declared = set(re.findall(r"^url = '(.*)'$", path.read_text(encoding="utf-8"), re.MULTILINE))

    cited = {statement.source.url for statement in statements(framework)}

    assert cited == declared
    assert [url for url in cited if not url.startswith("https://")] == []
    assert [url for url in cited if re.search(r"pypi\.|npmjs|medium\.com|dev\.to", url)] == []


def test_nothing_was_checked_over_a_year_before_the_date_of_the_knowledge_or_after_it() -> None:
    today = date.fromisoformat(KNOWLEDGE.version)
    read = {
        (statement.source.url, statement.source.checked)
        for framework in KNOWLEDGE.frameworks
        for statement in statements(framework)
    }
    ramps = {(way.url, way.checked) for _, option in OPTIONS for way in option.instead}

    assert len(ramps) > 5
    assert {
        (url, day) for url, day in read | ramps if not today - timedelta(days=365) <= day <= today
    } == set()


def test_the_date_of_the_knowledge_is_not_in_the_future() -> None:
    # Somewhere it is a day later already.
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    assert date.fromisoformat(KNOWLEDGE.version) <= tomorrow


@FRAMEWORKS
def test_a_framework_says_how_it_is_served(framework: Framework) -> None:
    assert framework.serve.command == ("python", "-m", "{package}")


def test_every_criterion_has_a_place_in_the_article() -> None:
    named = set(re.findall(r"`([a-z_]+)\.([a-z_]+)`", ARTICLE))

    assert {criterion for criterion, _ in named} == {c.id for c in KNOWLEDGE.criteria}
    assert named <= {(c.id, o.id) for c, o in OPTIONS}


def test_every_claim_of_the_article_is_marked() -> None:
    rows = re.findall(r"^\| (\d+) \| (.+?) \| (.*?) \| (.+) \|$", ARTICLE, re.MULTILINE)

    assert [int(number) for number, *_ in rows] == list(range(1, 45))
    assert {mark for _, _, mark, _ in rows} == {"right", "half right", "wrong"}


def test_every_dimension_of_the_article_is_covered() -> None:
    assert re.findall(r"^## (.+)$", ARTICLE, re.MULTILINE) == [
        "The choice itself",
        "Performance and speed",
        "Ease of use and developer experience",
        "Scalability",
        "Security",
        "Documentation and community",
        "Use cases and best fit",
        "AI-driven insight",
        "Development costs and project timelines",
        "Integration with modern technologies",
        "Conclusion",
    ]


def test_the_examples_of_the_scoring_page_are_of_the_form_that_is_read() -> None:
    page = (DOCS / "concepts" / "scoring.md").read_text(encoding="utf-8")

    questions, use_cases, framework = map(
        tomllib.loads, re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    )
    assert set(questions) < set(tomllib.loads(CRITERIA.read_text(encoding="utf-8")))
    (example,) = use_cases["use_case"].values()
    real = tomllib.loads(CRITERIA.with_name("use_cases.toml").read_text(encoding="utf-8"))
    assert all(set(example) == set(use_case) for use_case in real["use_case"].values())
    assert set(framework) < set(tomllib.loads(FASTAPI.read_text(encoding="utf-8")))
    assert f"below {KNOWLEDGE.lean_from:g} is `too_close`" in page
    assert f"from {KNOWLEDGE.clear_from:g} `clear`" in page
    for interaction in ("I5", "I6", "I7", "I8", "I9", "I10"):
        assert f"`{interaction}`" in page
