"""Whole pages at a fixed width; the values are made up, so that knowledge may change freely."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from frameworkpick import report
from frameworkpick.core.decision import Decision
from frameworkpick.core.decision.answers import Answer, Origin, Situation
from frameworkpick.core.decision.knowledge import (
    Alternative,
    Citation,
    Criterion,
    Framework,
    Knowledge,
    Option,
    Serve,
    UseCase,
    Verdict,
)
from frameworkpick.core.decision.recommendation import (
    Change,
    Completeness,
    Flip,
    Pair,
    Reason,
    Recommendation,
    Standing,
)
from frameworkpick.core.decision.sturdiness import Sturdiness
from frameworkpick.core.plan import Plan, PlannedFile, Step, StepOutcome
from frameworkpick.core.selection import Selection
from frameworkpick.probes import ProbeResult, Status, VerifyResult

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.version

DOCS = Citation("FastAPI documentation, WebSockets", "https://example.org/ws", date(2026, 11, 20))
GUIDE = Citation("Flask documentation, async", "https://example.org/async", date(2026, 11, 21))
SERVE = Serve(("server", "{package}.app:create_app", "--port", "{port}"))


def framework(framework_id: str, name: str, rank: int) -> Framework:
    verdict = Verdict(0, "It is so.", DOCS)
    return Framework(framework_id, name, rank, {}, {}, verdict, verdict, SERVE)


def criterion(criterion_id: str) -> Criterion:
    options = (Option("few", "A few", "costs a thread each"), Option("core", "It is the core", ""))
    return Criterion(criterion_id, "Does it?", "It matters.", options)


KNOWLEDGE = Knowledge(
    version="2026-11-20",
    lean_from=2,
    clear_from=5,
    tie_break=(),
    criteria=tuple(criterion(c) for c in ("long_lived", "hosting", "app_size")),
    interactions=(),
    frameworks=(framework("fastapi", "FastAPI", 1), framework("flask", "Flask", 2)),
)
OPEN_CONNECTIONS = Reason(
    "fastapi",
    "long_lived",
    "core",
    4,
    "One process holds hundreds of open connections on its event loop, where a thread would be "
    "tied up for each of them.",
    DOCS,
)
WORKERS = Reason("flask", "long_lived", "core", -1, "Each open stream ties up a worker.", GUIDE)
YOUNG = Reason("fastapi", "app_size", "few", -1, "It is still below version 1.0.", DOCS)
CLEAR = Recommendation(
    verdict="fastapi",
    strength="clear",
    margin=5,
    ranking=(Standing("fastapi", 4, vetoed=False), Standing("flask", -1, vetoed=False)),
    instead=(),
    reasons=(YOUNG, OPEN_CONNECTIONS, WORKERS),
    against=YOUNG,
    flips=(
        Flip("hosting", None, "wsgi_only", "flask", "constraint"),
        Flip("long_lived", "core", "few", "fastapi", "too_close"),
    ),
    completeness=Completeness(1, 3, -2, 9, decided=False),
    advice=(),
    way_back=Reason("fastapi", "", "", 0, "Mount the Flask code inside.", DOCS),
    tie_break=None,
)
ANSWERS = {"long_lived": Answer("core", Origin.FLAG)}


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)


def shown(
    advice: Recommendation,
    *,
    sturdy: Sturdiness | None = None,
    weights: Mapping[str, float] | None = None,
) -> str:
    stream = io.StringIO()
    said = Situation(ANSWERS, weights=weights or {})
    report.advice.recommendation(report.Page(stream), Decision(KNOWLEDGE, said, advice, sturdy))
    return stream.getvalue()


def test_a_recommendation_reads_from_the_verdict_to_the_sources() -> None:
    assert (
        shown(CLEAR)
        == """\
FastAPI, clearly (ahead by 5 points).
1 of 3 questions that count are answered. The rest could make the lead -2 to +9,
which could still change it.

For and against FastAPI, in points of its lead over Flask
  long_lived: core    │██████████ +5
  app_size: few     ██│ -1
  all together        = +5

FastAPI: 4 points
   +4  One process holds hundreds of open connections on its event loop, where a
       thread would be tied up for each of them. [1] (long_lived: core)
   -1  It is still below version 1.0. [1] (app_size: few)

Flask: -1 point
   -1  Each open stream ties up a worker. [2] (long_lived: core)

The strongest point against FastAPI
  It is still below version 1.0. [1]

What would change the answer
  hosting = wsgi_only (now open): Flask, decided by a constraint
  long_lived = few (now core): FastAPI, too close to call

If it proves wrong
  Mount the Flask code inside. [1]

Not answered
  hosting, app_size

Sources
  [1]  FastAPI documentation, WebSockets (checked 2026-11-20)
       https://example.org/ws
  [2]  Flask documentation, async (checked 2026-11-21)
       https://example.org/async
"""
    )


def test_bars_are_plain_characters_where_nothing_else_shows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    text = shown(CLEAR)
    assert "  long_lived: core    |########## +5\n  app_size: few     ##| -1\n" in text
    assert text.isascii()


def test_many_points_and_long_names_stay_within_the_page() -> None:
    reasons = [
        replace(OPEN_CONNECTIONS, criterion="c" * size, points=points)
        for size, points in ((3, 37.5), (30, -21), (60, 2.5))
    ]
    lines = shown(replace(CLEAR, reasons=tuple(reasons))).splitlines()
    assert max(map(len, lines)) <= 80
    bars = [line.partition("│")[2] for line in lines if "│" in line]
    assert bars == ["█████████████████▌ +37.5", "█ +2.5", " -21"]


def test_weights_are_shown_where_they_count_and_as_set_by_somebody() -> None:
    text = shown(CLEAR, weights={"long_lived": 1.5, "hosting": 0.5})
    assert "\nWeights set for this: long_lived x 1.5, hosting x 0.5.\n" in text
    assert "│██████████ +5 (x 1.5)\n" in text


def test_sturdiness_is_labelled_as_what_it_is() -> None:
    text = " ".join(shown(CLEAR, sturdy=Sturdiness(870, 1000, {"fastapi": 870})).split())
    assert "The verdict stays in 870 of 1,000 redraws of our weights" in text
    assert "how much this depends on our weights, not how sure you can be." in text


def test_the_default_of_a_tie_is_no_verdict_that_stays() -> None:
    tie = replace(CLEAR, strength="too_close", margin=1, tie_break="default")
    sturdy = Sturdiness(1000, 1000, {"fastapi": 1000}, 940, {"fastapi": 60, "flask": 0})
    text = " ".join(shown(tie, sturdy=sturdy).split())
    assert (
        "It stays too close to call in 940 of 1,000 redraws of our weights (each from x 0.5 to x "
        "1.5); the lead goes to FastAPI in 60 and to Flask in 0: how much" in text
    )
    assert "verdict stays" not in text


def test_redraws_that_only_the_tie_break_settles_are_counted_apart() -> None:
    sturdy = Sturdiness(700, 1000, {"fastapi": 700, "flask": 300}, 350, {"fastapi": 600})
    text = " ".join(shown(replace(CLEAR, strength="lean"), sturdy=sturdy).split())
    assert "The verdict stays in 700 of 1,000 redraws" in text
    assert "to x 1.5), in 100 of them too close to call: how much" in text


def test_the_smallest_pair_is_named_when_no_single_answer_changes_the_verdict() -> None:
    pair = Pair(
        (Change("long_lived", "core", "few"), Change("hosting", None, "wsgi_only")), "flask", "lean"
    )
    text = " ".join(shown(replace(CLEAR, flips=(), pairs=(pair,))).split())
    assert (
        "No single answer would change the verdict. Two would: long_lived = few (now core) and "
        "hosting = wsgi_only (now open): Flask, only a lean" in text
    )


def test_neither_says_what_to_use_instead() -> None:
    django = Alternative(
        "Django", "It brings an admin.", "https://example.org/django", date(2026, 1, 2)
    )
    neither = replace(
        CLEAR, verdict="neither", strength="constraint", instead=(django,), against=None, flips=()
    )
    lines = shown(neither).splitlines()
    assert lines[:6] == [
        "Neither FastAPI nor Flask: something else fits better.",
        "1 of 3 questions that count are answered.",
        "",
        "Use instead",
        "  Django: It brings an admin. (checked 2026-01-02)",
        "  https://example.org/django",
    ]
    assert "  No single answer would change the verdict." in lines


def test_a_contradiction_shows_every_answer_that_rules_something_out() -> None:
    veto = replace(OPEN_CONNECTIONS, framework="flask", points=0, veto=True, because="No ASGI.")
    conflict = replace(
        CLEAR,
        verdict="conflict",
        strength="constraint",
        reasons=(veto,),
        ranking=(Standing("fastapi", 0, vetoed=True), Standing("flask", 0, vetoed=True)),
        against=None,
    )
    text = shown(conflict)
    assert text.startswith("The answers contradict each other: no framework can meet them all.")
    assert "Flask: 0 points, ruled out\n  never No ASGI. [1] (long_lived: core)\n" in text


def test_too_close_says_what_settled_it() -> None:
    close = replace(CLEAR, strength="too_close", margin=1, tie_break="team_skills")
    assert shown(close).startswith("Too close to call: FastAPI by default (ahead by 1 point).")
    assert "your answer on team_skills settles it" in " ".join(shown(close).split())


def test_only_the_nearest_changes_are_listed() -> None:
    many = replace(CLEAR, flips=CLEAR.flips * 4)
    assert "  ... and 3 more; --json lists them all." in shown(many)


def test_an_address_is_never_broken_over_two_lines() -> None:
    address = f"https://example.org/{'x' * 90}"
    far = replace(CLEAR, against=replace(YOUNG, source=replace(DOCS, url=address)))
    assert f"       {address}\n" in shown(far)


def test_the_choice_in_the_wizard_is_preceded_by_the_strongest_reasons_only() -> None:
    stream = io.StringIO()
    report.advice.brief(report.Page(stream), Decision(KNOWLEDGE, Situation(ANSWERS), CLEAR))
    assert (
        stream.getvalue()
        == """\
FastAPI, clearly (ahead by 5 points).
1 of 3 questions that count are answered. The rest could make the lead -2 to +9,
which could still change it.
  + One process holds hundreds of open connections on its event loop, where a
    thread would be tied up for each of them.
  + Against Flask: Each open stream ties up a worker.
  - It is still below version 1.0.
"""
    )


def test_before_the_choice_it_says_which_answers_nobody_confirmed() -> None:
    use_case = UseCase("feed", "A feed", "", {"long_lived": "core"}, (), "A feed may be polled.")
    stream = io.StringIO()
    said = Situation({"long_lived": Answer("core", Origin.USE_CASE)}, "feed")
    decision = Decision(replace(KNOWLEDGE, use_cases=(use_case,)), said, CLEAR)
    report.advice.brief(report.Page(stream), decision)
    words = " ".join(stream.getvalue().split())
    assert "1 of 3 questions that count are answered; 1 more is only suggested." in words
    assert 'Suggested by the use case "A feed", not confirmed: long_lived: core.' in words


FOR_FLASK = replace(WORKERS, points=1, because="It carries nothing that nobody asked for.")


def test_a_reason_about_another_framework_names_it() -> None:
    veto = replace(WORKERS, points=0, veto=True, because="It needs WSGI.")
    advice = replace(CLEAR, reasons=(veto, WORKERS, FOR_FLASK), against=FOR_FLASK)
    stream = io.StringIO()
    report.advice.brief(report.Page(stream), Decision(KNOWLEDGE, Situation(ANSWERS), advice))
    assert stream.getvalue().splitlines()[-3:] == [
        "  + Flask is ruled out: It needs WSGI.",
        "  + Against Flask: Each open stream ties up a worker.",
        "  - For Flask: It carries nothing that nobody asked for.",
    ]
    assert (
        "The strongest point against FastAPI\n"
        "  For Flask: It carries nothing that nobody asked for. [1]\n" in shown(advice)
    )


def test_a_contradiction_marks_no_reason_as_one_for_it() -> None:
    vetoes = tuple(
        replace(each, points=0, veto=True) for each in (WORKERS, replace(YOUNG, because="Old."))
    )
    conflict = replace(
        CLEAR, verdict="conflict", strength="constraint", reasons=vetoes, against=None
    )
    stream = io.StringIO()
    report.advice.brief(report.Page(stream), Decision(KNOWLEDGE, Situation(ANSWERS), conflict))
    assert stream.getvalue().splitlines()[-2:] == [
        "  - Flask is ruled out: Each open stream ties up a worker.",
        "  - FastAPI is ruled out: Old.",
    ]


def test_advice_for_several_frameworks_says_which_is_meant() -> None:
    advice = tuple(replace(each, points=0) for each in (YOUNG, WORKERS))
    text = shown(replace(CLEAR, verdict="conflict", strength="constraint", advice=advice))
    assert (
        "Whichever you take\n"
        "  FastAPI: It is still below version 1.0. [1]\n"
        "  Flask: Each open stream ties up a worker. [2]\n" in text
    )


def test_the_colour_of_a_mark_ends_with_the_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("FORCE_COLOR", "1")
    lines = shown(CLEAR).splitlines()
    assert "\x1b[1;31m   -1  \x1b[0mEach open stream ties up a worker. [2] " in "\n".join(lines)


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, False),
        ({}, False),
    ],
)
def test_colour_follows_the_environment(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], *, coloured: bool
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    text = shown(CLEAR)
    assert ("\x1b[32m" in text or "\x1b[1;31m" in text) == coloured
    assert "FastAPI, clearly (ahead by 5 points)." in text


SELECTION = Selection(
    framework="fastapi",
    followed=True,
    because=None,
    options={
        "framework": "fastapi",
        "project_name": "shop",
        "package_name": "shop",
        "docker": True,
        "auth": "tokens",
    },
    notes=("database = postgresql, because several processes will write.",),
)
INSTALL = Step("install", "Lock and install the dependencies", required=False)
GIT = Step("git", "Create the repository and the first commit", required=True)
PLAN = Plan(
    "shop",
    SELECTION,
    (PlannedFile("Dockerfile", 812), PlannedFile("src/shop/app.py", 1234)),
    (INSTALL, GIT),
)


def test_a_plan_lists_options_files_with_sizes_and_steps() -> None:
    stream = io.StringIO()
    report.project.planned(report.Page(stream), PLAN, "FastAPI")
    assert (
        stream.getvalue()
        == """\
Nothing is written: this is what a run would do.

shop: FastAPI, as recommended
  package_name  shop
  docker        yes
  auth          tokens
  Note: database = postgresql, because several processes will write.

shop: 2 files, 2.0 kB
    812  Dockerfile
  1,234  src/shop/app.py

Then
  Lock and install the dependencies
  Create the repository and the first commit
"""
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "FastAPI, as recommended"),
        ({"followed": False, "named": True}, "FastAPI, against the recommendation"),
        (
            {"tie_break": "default"},
            "FastAPI, chosen by the default (the answers were too close to call)",
        ),
        (
            {"tie_break": "team_skills"},
            "FastAPI, chosen by team_skills (the answers were too close to call)",
        ),
        (
            {"tie_break": "default", "named": True, "followed": False},
            "FastAPI, your choice (the answers were too close to call)",
        ),
    ],
)
def test_the_choice_says_how_it_relates_to_the_advice(changes: dict[str, Any], words: str) -> None:
    selection = replace(SELECTION, **changes)
    assert report.project.choice(selection, "FastAPI")[0] == f"shop: {words}"
    stream = io.StringIO()
    report.project.written(
        report.Page(stream),
        replace(PLAN, selection=selection),
        (),
        framework_name="FastAPI",
        next_commands=[],
        reproduce="",
    )
    assert " ".join(stream.getvalue().split()).startswith(f"shop is written: {words}.")


def test_a_written_project_says_what_was_done_and_what_was_not() -> None:
    stream = io.StringIO()
    outcomes = (
        StepOutcome(INSTALL, "not_done", "uv was not found.", "uv sync"),
        StepOutcome(GIT, "done", "", "", 0.25),
    )
    report.project.written(
        report.Page(stream),
        PLAN,
        outcomes,
        framework_name="FastAPI",
        next_commands=["cd shop", "uv run pytest"],
        reproduce="frameworkpick new shop --yes",
    )
    assert (
        stream.getvalue()
        == """\
shop is written: FastAPI, as recommended.
2 files, 2.0 kB.
Note: database = postgresql, because several processes will write.

  not done  Lock and install the dependencies
            uv was not found.
            Run in the project: uv sync
  done      Create the repository and the first commit (0.2 s)

Next
  cd shop
  uv run pytest

The same project again
  frameworkpick new shop --yes
"""
    )


def test_a_pass_table_says_where_each_probe_looked() -> None:
    stream = io.StringIO()
    probes = (
        ProbeResult("install", "setup", Status.PASSED, 1.0, "34 packages"),
        ProbeResult("image builds", "image", Status.PASSED, 2.0, "181 MB", place="image"),
        ProbeResult("migrations", "setup", Status.PASSED, 3.0, "done", place="image"),
    )
    report.proof.table(report.Page(stream), VerifyResult("shop", "flask", "sqlite", probes, 6.0))
    assert (
        stream.getvalue()
        == """\
shop (flask, sqlite)

setup
  passed  install        1.00 s

image
  passed  image builds   2.00 s  181 MB

image: setup
  passed  migrations     3.00 s

3 passed in 6.0 s
"""
    )


def test_a_pass_table_shows_the_evidence_of_what_failed() -> None:
    stream = io.StringIO()
    probes = (
        ProbeResult("install", "setup", Status.PASSED, 12.345, ""),
        ProbeResult("health", "service", Status.FAILED, 0.5, "GET /health -> 500\n\nboom"),
        ProbeResult("login", "accounts", Status.ABSENT, 0.0, "The route was taken out."),
        ProbeResult("me", "accounts", Status.SKIPPED, 0.0, "login did not pass"),
    )
    report.proof.table(report.Page(stream), VerifyResult("shop", "fastapi", "sqlite", probes, 20.0))
    assert (
        stream.getvalue()
        == """\
shop (fastapi, sqlite)

setup
  passed  install  12.35 s

service
  FAILED  health    0.50 s
            GET /health -> 500

            boom

accounts
  absent  login
            The route was taken out.
  skipped me
            login did not pass

1 passed, 1 failed, 1 absent, 1 skipped in 20.0 s
"""
    )


def test_progress_off_a_terminal_is_one_plain_line_for_each_step(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with report.progress() as progress:
        progress("installing")
        progress("probing: login")
    assert capsys.readouterr().err == "Installing ...\nProbing: login ...\n"


def test_quiet_shows_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    with report.progress(quiet=True) as progress:
        progress("installing")
    assert capsys.readouterr() == ("", "")
