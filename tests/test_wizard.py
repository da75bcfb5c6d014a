"""The questions, driven by real key presses through a pipe, read off a terminal screen."""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import pyte
import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output

from frameworkpick import wizard
from frameworkpick.core.decision import decide
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
from frameworkpick.core.selection import Choice, Question
from frameworkpick.errors import Cancelled, GoBack
from frameworkpick.wizard.prompts import asked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

pytestmark = pytest.mark.version

ENTER, UP, DOWN, LEFT, RIGHT, CTRL_C, CTRL_D = (
    "\r", "\x1b[A", "\x1b[B", "\x1b[D", "\x1b[C", "\x03", "\x04",
)  # fmt: skip
SOURCE = Citation("A page", "https://example.org", date(2026, 11, 20))
#: Points for FastAPI and for Flask of the answers "yes" and "no", by criterion.
POINTS = {
    "streams": ((4, 0), (0, 0)),
    "pages": ((0, 3), (1, 0)),
    "contract": ((3, 0), (0, 1)),
    "skills": ((0, 2), (2, 0)),
    "small": ((0, 1), (0, 0)),
    "strict": ((2, 0), (0, 0)),
    "settled": ((0, 2), (0, 0)),
}


def sample() -> Knowledge:
    def verdicts(place: int) -> dict[str, dict[str, Verdict]]:
        return {
            criterion: {
                option: Verdict(points[place], f"{criterion} {option}.", SOURCE)
                for option, points in zip(("yes", "no"), both, strict=True)
            }
            | ({"leave": Verdict(0, "x", SOURCE)} if criterion == "small" else {})
            for criterion, both in POINTS.items()
        }

    def framework(place: int, name: str) -> Framework:
        verdict = Verdict(-1, "It is so.", SOURCE)
        serve = Serve(("server",))
        return Framework(name.lower(), name, place, verdicts(place), {}, verdict, verdict, serve)

    def criterion(name: str) -> Criterion:
        stage = 1 if name == "streams" else 2
        options = [Option("yes", "Yes", f"{name} it is"), Option("no", "No", f"no {name}")]
        if name == "small":
            django = Alternative("Django", "It has it.", "https://example.org", date(2026, 1, 2))
            options.append(Option("leave", "An admin", "Django", instead=(django,)))
        return Criterion(name, f"Is it {name}?", f"Because {name} matters.", tuple(options), stage)

    return Knowledge(
        version="2026-11-20",
        lean_from=2,
        clear_from=5,
        tie_break=(),
        criteria=tuple(criterion(name) for name in POINTS),
        interactions=(),
        frameworks=(framework(0, "FastAPI"), framework(1, "Flask")),
    )


KNOWLEDGE = sample()
OPEN = ("contract", "skills")
QUESTIONS = (
    Question("framework", "Framework", "text", ""),
    Question("auth", "How users sign in", "choice", "tokens", (
        Choice("tokens", "Bearer tokens"), Choice("none", "Nobody signs in"))),
    Question("docker", "Docker files", "flag", default=True),
    Question("description", "Description", "text", "A web API"),
)  # fmt: skip
DEFAULTS: dict[str, str | bool] = {"auth": "tokens", "docker": True}


@dataclass
class Terminal:
    """A terminal of 24 rows and 80 columns, and everything that scrolled off its top."""

    stream: io.StringIO

    @property
    def text(self) -> str:
        screen = pyte.HistoryScreen(80, 24, history=2000)
        pyte.Stream(screen).feed(self.stream.getvalue().replace("\n", "\r\n"))
        above = ["".join(row[c].data for c in range(80)) for row in screen.history.top]
        return "\n".join(line.rstrip() for line in [*above, *screen.display]).strip()


@contextmanager
def terminal(*keys: str) -> Iterator[Terminal]:
    stream = io.StringIO()
    output = Vt100_Output(stream, lambda: Size(rows=24, columns=80), term="xterm")
    with create_pipe_input() as pipe:
        pipe.send_text("".join(keys))
        with create_app_session(input=pipe, output=output):
            yield Terminal(stream)


def ask(answers: Mapping[str, Answer], limit: int | None = None) -> dict[str, Answer]:
    """Ask what is open; return what was asked."""
    said = wizard.ask_situation(KNOWLEDGE, Situation(answers), [], limit=limit)
    return {name: a for name, a in said.answers.items() if a.origin is Origin.ASKED}


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")


def test_enter_means_not_sure() -> None:
    with terminal(ENTER * 2):
        asked = ask({}, limit=2)
    assert list(asked.values()) == [Answer(None, Origin.ASKED)] * 2


def test_an_answer_is_chosen_with_the_arrow_keys() -> None:
    with terminal(UP, UP, ENTER) as screen:
        asked = ask({}, limit=1)
    assert asked == {"streams": Answer("yes", Origin.ASKED)}
    assert "? 1 of at most 1. Is it streams? Yes" in screen.text


def test_every_option_stands_with_its_consequence() -> None:
    with terminal(CTRL_C) as screen, pytest.raises(Cancelled):
        ask({}, limit=5)
    raw = screen.stream.getvalue()
    for words in ("Is it streams?", "Yes", "streams it is", "no streams", "Not sure"):
        assert words in raw


@pytest.mark.parametrize("keys", ["?", DOWN + ENTER])
def test_why_do_you_ask_is_answered_and_the_question_comes_again(keys: str) -> None:
    with terminal(keys, UP, ENTER) as screen:
        asked = ask({}, limit=1)
    assert asked == {"streams": Answer("no", Origin.ASKED)}
    assert "  Because streams matters." in screen.text.splitlines()


def test_the_standing_is_shown_after_each_answer() -> None:
    with terminal(UP, UP, ENTER, ENTER) as screen:
        ask({}, limit=2)
    standings = [line for line in screen.text.splitlines() if line.startswith("So far")]
    assert len(standings) == 2
    assert standings[0].startswith(
        "So far: FastAPI ahead by 4 points, only a lean (1 of 7 answered"
    )


def test_where_a_constraint_decides_no_bar_points_elsewhere() -> None:
    fastapi, flask = KNOWLEDGE.frameworks
    veto = Verdict(4, "No ASGI there.", SOURCE, veto=True)
    rows = {**fastapi.verdicts, "streams": {**fastapi.verdicts["streams"], "yes": veto}}
    knowledge = replace(KNOWLEDGE, frameworks=(replace(fastapi, verdicts=rows), flask))
    answers = {"streams": Answer("yes", Origin.FLAG)}
    with terminal() as screen:
        wizard.criteria.show_standing(decide(knowledge, Situation(answers)))
        wizard.criteria.show_standing(decide(KNOWLEDGE, Situation(answers)))
    assert screen.text.startswith("So far: Flask, decided by a constraint (1 of 7 answered).")
    assert screen.text.count("│") == 1


def test_it_stops_as_soon_as_the_rest_cannot_change_the_verdict() -> None:
    unsure = {name: Answer(None, Origin.FLAG) for name in ("contract", "skills", "strict")}
    yes = {name: Answer("yes", Origin.FLAG) for name in ("streams", "small")}
    with terminal(UP, ENTER, CTRL_C) as screen:
        asked = ask({**yes, **unsure})
    assert asked == {"pages": Answer("no", Origin.ASKED)}
    assert screen.text.endswith("The other question cannot change the verdict any more.")


def test_what_a_person_is_not_sure_about_is_named_as_the_open_rest() -> None:
    unsure = {name: Answer(None, Origin.FLAG) for name in POINTS if name not in OPEN}
    with terminal(UP, ENTER) as screen:
        asked = ask(unsure)
    assert asked == {"skills": Answer("no", Origin.ASKED)}
    assert screen.text.split("\n\n")[-1].replace("\n", " ") == (
        "The other question cannot change the verdict any more. "
        "What you are not sure about still can."
    )


def test_when_the_answers_settle_it_nothing_is_asked_and_that_is_said() -> None:
    yes = {name: Answer("yes", Origin.FLAG) for name in ("streams", "contract", "strict")}
    no = {name: Answer("no", Origin.FLAG) for name in ("pages", "small")}
    with terminal(CTRL_C) as screen:
        assert ask({**yes, **no}) == {}
    assert screen.text == "The answers so far settle the verdict; there is nothing to ask."


def test_at_the_limit_it_says_what_stays_open() -> None:
    with terminal(ENTER) as screen:
        ask({}, limit=1)
    words = " ".join(screen.text.split())
    assert "Enough for a start. Not asked, though some of it could change the verdict:" in words
    assert words.endswith("verdict: Is it skills? Is it settled? Is it pages? And 3 more.")


def test_what_is_answered_is_not_asked_again() -> None:
    known = {name: Answer(None, Origin.FLAG) for name in POINTS if name != "small"}
    with terminal(ENTER):
        assert list(ask(known)) == ["small"]


def test_enter_follows_the_advice() -> None:
    with terminal(ENTER):
        advice = decide(KNOWLEDGE, Situation({"pages": Answer("yes", Origin.FLAG)}))
        assert wizard.confirm_framework(advice, unasked) == ("flask", None)


def test_overriding_asks_for_a_reason() -> None:
    with terminal(DOWN, ENTER, "We know it.", ENTER) as screen:
        advice = decide(KNOWLEDGE, Situation({"pages": Answer("yes", Origin.FLAG)}))
        chosen = wizard.confirm_framework(advice, unasked)
    assert chosen == ("fastapi", "We know it.")
    assert "3 points behind" in screen.stream.getvalue()


def test_the_reason_may_be_skipped() -> None:
    with terminal(DOWN, ENTER, ENTER):
        advice = decide(KNOWLEDGE, Situation({"pages": Answer("yes", Origin.FLAG)}))
        assert wizard.confirm_framework(advice, unasked) == ("fastapi", None)


def test_the_reason_can_be_gone_back_from() -> None:
    with terminal(DOWN, ENTER, "<", ENTER, ENTER):
        advice = decide(KNOWLEDGE, Situation({"pages": Answer("yes", Origin.FLAG)}))
        assert wizard.confirm_framework(advice, unasked) == ("flask", None)


def test_every_reason_is_shown_on_demand_and_the_question_comes_again() -> None:
    shown: list[bool] = []
    with terminal("?", ENTER):
        advice = decide(KNOWLEDGE, Situation({"pages": Answer("yes", Origin.FLAG)}))
        chosen = wizard.confirm_framework(advice, lambda: shown.append(True))
    assert (chosen, shown) == (("flask", None), [True])


def test_when_neither_fits_enter_stops_and_continuing_is_possible() -> None:
    advice = decide(KNOWLEDGE, Situation({"small": Answer("leave", Origin.FLAG)}))
    assert advice.verdict == "neither"
    with terminal(ENTER), pytest.raises(Cancelled):
        wizard.confirm_framework(advice, unasked)
    with terminal(DOWN, ENTER, ENTER):
        assert wizard.confirm_framework(advice, unasked) == ("fastapi", None)


def test_options_stand_on_one_screen_and_enter_accepts_them() -> None:
    with terminal(ENTER) as screen:
        assert wizard.ask_options(QUESTIONS, DEFAULTS, ["Docker, because."]) == DEFAULTS
    assert screen.text == "Docker, because."
    for shown in ("How users sign in", "< Bearer tokens >", "Docker files", "< yes >"):
        assert shown in screen.stream.getvalue()


def test_left_and_right_change_an_option() -> None:
    with terminal(RIGHT, DOWN, LEFT, ENTER):
        options = wizard.ask_options(QUESTIONS, DEFAULTS)
    assert options == {"auth": "none", "docker": False}


def test_turning_an_option_all_the_way_round_leaves_it() -> None:
    with terminal(RIGHT, RIGHT, DOWN, " ", " ", ENTER):
        assert wizard.ask_options(QUESTIONS, DEFAULTS) == DEFAULTS


def test_a_name_no_project_can_have_is_refused_on_the_spot() -> None:
    with terminal("/x", ENTER, "\x7f" * 20, "shop", ENTER):
        assert wizard.ask_name() == "shop"


SAID = Situation({"pages": Answer("yes", Origin.ASKED), "skills": Answer(None, Origin.FILE)})


def test_the_review_shows_every_answer_with_its_origin_and_enter_writes() -> None:
    with terminal(ENTER) as screen:
        assert wizard.review(KNOWLEDGE, SAID, ["shop: Flask"]) == (SAID, "write")
    raw = screen.stream.getvalue()
    for shown in ("pages", "Yes (your answer)", "skills", "Not sure (from the file)"):
        assert shown in raw
    assert screen.text.startswith("shop: Flask\n? Ready? Write the project")


def test_the_review_can_lead_to_the_options_or_stop() -> None:
    with terminal(DOWN, ENTER):
        assert wizard.review(KNOWLEDGE, SAID, []) == (SAID, "options")
    with terminal(UP, UP, ENTER), pytest.raises(Cancelled):
        wizard.review(KNOWLEDGE, SAID, [])


def test_an_answer_is_changed_in_the_review_and_the_verdict_seen_to_move() -> None:
    with terminal(DOWN, DOWN, ENTER, DOWN, ENTER) as screen:
        said, then = wizard.review(KNOWLEDGE, SAID, [])
    assert then == "advice"
    assert said.answers["pages"] == Answer("no", Origin.ASKED)
    words = " ".join(screen.text.split())
    assert "The verdict moves: Too close to call: FastAPI by default (ahead by 1 point)." in words
    assert words.endswith("Flask ·········░░░░░│█░░░░░░░░░░░·· FastAPI")


def test_a_change_that_leaves_the_verdict_stays_in_the_review() -> None:
    with terminal(DOWN, DOWN, DOWN, ENTER, UP, UP, ENTER, ENTER) as screen:
        said, then = wizard.review(KNOWLEDGE, SAID, [])
    assert (said.answers["skills"].value, then) == ("yes", "write")
    assert "The verdict moves: Flask, clearly (ahead by 5 points)." in screen.text


def test_a_question_that_was_not_asked_can_be_answered_in_the_review() -> None:
    with terminal(UP, UP, UP, ENTER, ENTER, UP, UP, ENTER, ENTER):
        said, _ = wizard.review(KNOWLEDGE, SAID, [])
    assert said.answers["streams"] == Answer("yes", Origin.ASKED)


def test_back_inside_the_review_returns_to_it_and_back_of_it_to_the_question_before() -> None:
    with terminal(DOWN, DOWN, ENTER, "<", "<"), pytest.raises(GoBack):
        wizard.review(KNOWLEDGE, SAID, [])


def test_back_asks_the_question_before_again() -> None:
    with terminal(ENTER, "<", UP, UP, ENTER, ENTER) as screen:
        said = wizard.ask_situation(KNOWLEDGE, Situation(), [], limit=2)
    assert said.answers["streams"] == Answer("yes", Origin.ASKED)
    assert len(said.answers) == 2
    assert "? 1 of at most 2. Is it streams? Yes" in screen.text


def test_coming_back_later_asks_the_last_question_again() -> None:
    trail: list[wizard.Asked] = []
    with terminal(ENTER, ENTER):
        wizard.ask_situation(KNOWLEDGE, Situation(), trail, limit=2)
    last = trail[-1].question
    with terminal(UP, UP, ENTER):
        said = wizard.ask_situation(KNOWLEDGE, Situation(), trail, limit=2)
    assert said.answers[last].value == "no"
    assert len(said.answers) == len(trail) == 2


def test_the_first_question_has_nothing_to_go_back_to() -> None:
    with terminal(ENTER) as screen:
        ask({}, limit=1)
    assert "Back" not in screen.stream.getvalue()


@pytest.mark.parametrize(
    "prompt",
    [
        lambda: wizard.confirm_framework(decide(KNOWLEDGE, Situation()), unasked, back=True),
        lambda: wizard.ask_options(QUESTIONS, DEFAULTS, back=True),
        lambda: wizard.ask_name(back=True),
        lambda: wizard.review(KNOWLEDGE, SAID, []),
    ],
    ids=["framework", "options", "name", "review"],
)
@pytest.mark.parametrize("kind", ["xterm", "dumb"])
def test_every_later_prompt_goes_back(
    monkeypatch: pytest.MonkeyPatch, prompt: Callable[[], object], kind: str
) -> None:
    monkeypatch.setenv("TERM", kind)
    with terminal("<", ENTER), pytest.raises(GoBack):
        prompt()


DASHBOARD = UseCase(
    "dashboard", "A dashboard", "figures", {"streams": "yes"}, ("streams",), "It may only poll."
)
WITH_USE_CASES = replace(KNOWLEDGE, use_cases=(DASHBOARD,))


def test_the_use_case_comes_first_and_enter_is_something_else() -> None:
    with terminal(ENTER, ENTER) as screen:
        said = wizard.ask_situation(WITH_USE_CASES, Situation(), [], limit=1)
    assert (said.use_case, said.answers) == (None, {"streams": Answer(None, Origin.ASKED)})
    assert "? What do you build? Something else\n" in screen.text


def test_what_a_use_case_suggests_is_preselected_marked_and_still_asked() -> None:
    with terminal(UP, ENTER, ENTER) as screen:
        said = wizard.ask_situation(WITH_USE_CASES, Situation(), [], limit=1)
    assert said.use_case == "dashboard"
    assert said.answers == {"streams": Answer("yes", Origin.ASKED)}
    assert "asked. It may only poll." in " ".join(screen.text.split())
    assert "? 1 of at most 1. Is it streams? Yes (suggested)\n" in screen.text


def test_going_back_to_the_use_case_takes_its_suggestions_away() -> None:
    with terminal(UP, ENTER, "<", ENTER, ENTER):
        said = wizard.ask_situation(WITH_USE_CASES, Situation(), [], limit=1)
    assert said == Situation({"streams": Answer(None, Origin.ASKED)})


def test_the_lead_is_a_small_bar_after_each_answer() -> None:
    with terminal(UP, UP, ENTER) as screen:
        ask({}, limit=1)
    assert "  Flask ·········░░░░░│████░░░░░░░░·· FastAPI" in screen.text.splitlines()


@pytest.mark.parametrize(
    "prompt",
    [
        lambda: ask({}, limit=5),
        lambda: wizard.confirm_framework(decide(KNOWLEDGE, Situation()), unasked),
        lambda: wizard.ask_options(QUESTIONS, DEFAULTS),
        wizard.ask_name,
        lambda: wizard.review(KNOWLEDGE, SAID, []),
    ],
    ids=["criteria", "framework", "options", "name", "review"],
)
def test_ctrl_c_cancels_every_question(prompt: Callable[[], object]) -> None:
    with terminal(CTRL_C), pytest.raises(Cancelled) as cancelled:
        prompt()
    assert cancelled.value.exit_code == 130


@pytest.mark.parametrize(
    ("typed", "value"),
    [(["1", ENTER], "yes"), (["", ENTER], None), (["9", ENTER, "2", ENTER], "no")],
)
def test_a_terminal_without_a_cursor_gets_numbers(
    monkeypatch: pytest.MonkeyPatch, typed: Sequence[str], value: str | None
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    with terminal(*typed):
        asked = ask({}, limit=1)
    assert asked["streams"].value == value


def test_a_terminal_without_a_cursor_changes_options_by_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    with terminal("2", ENTER, ENTER):
        assert wizard.ask_options(QUESTIONS, DEFAULTS) == {"auth": "tokens", "docker": False}


def unasked() -> None:
    pytest.fail("nobody asked for every reason")


@pytest.mark.parametrize("behind", ["", "(arrow keys, Enter)"])
@pytest.mark.parametrize("columns", [30, 40, 80])
def test_no_line_of_a_question_is_broken_by_the_terminal(
    columns: int, behind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for size in range(1, 30):
        message = "word " * size + "end?"
        lines = f"? {asked(message, behind)} {behind}".split("\n")
        assert max(map(len, lines)) < columns
        assert " ".join(" ".join(lines).split()) == f"? {message} {behind}".strip()
