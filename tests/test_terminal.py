"""The whole program at a real pseudo-terminal, with a person's keys."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from typing import TYPE_CHECKING

import pexpect
import pyte
import pytest

from .pseudo_terminal import CTRL_C, DOWN, ENTER, FORKS, PROMPT, UP, at, end

if TYPE_CHECKING:
    from pathlib import Path

FAST = ["--no-git", "--no-install"]

pytestmark = FORKS


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def start(
    place: Path, *words: str, size: tuple[int, int] = (40, 100), **variables: str
) -> pexpect.spawn[str]:
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(place.parent),
        "TERM": "xterm-256color",
        "PROMPT_TOOLKIT_NO_CPR": "1",  # nobody answers "where is the cursor?" here
    }
    return pexpect.spawn(
        sys.executable,
        ["-m", "frameworkpick", *words],
        cwd=str(place),
        env={**env, **variables},
        dimensions=size,
        encoding="utf-8",
        timeout=30,
    )


def test_enter_all_the_way_makes_a_project_in_ten_prompts(place: Path) -> None:
    child = start(place, "new", *FAST)
    prompts = 0
    while child.expect([PROMPT, pexpect.EOF]) == 0:
        prompts += 1
        child.send(ENTER)
    child.close()
    assert child.exitstatus == 0
    assert prompts == 10
    assert (place / "my-service" / "pyproject.toml").is_file()


def shown(child: pexpect.spawn[str], last: str) -> list[str]:
    """Return what a terminal of 80 columns and 24 lines shows when these words have come."""
    seen = child.logfile_read = io.StringIO()
    child.expect(last)
    screen = pyte.Screen(80, 24)
    pyte.Stream(screen).feed(seen.getvalue())
    child.send(CTRL_C)
    end(child)
    return [line.rstrip() for line in screen.display if line.strip()]


def test_a_question_is_broken_between_words(place: Path) -> None:
    child = start(place, "recommend", "--use-case", "real_time_dashboard", size=(24, 80))
    lines = shown(child, "Why do you ask")
    first = next(n for n, line in enumerate(lines) if line.startswith("? "))
    assert lines[first : first + 2] == [
        "? 1. Do clients keep a connection open (WebSocket, live updates, streamed",
        "  tokens)? (arrow keys, Enter)",
    ]


def test_the_longest_list_shows_its_last_line_on_24(place: Path) -> None:
    answers = ("hosting=wsgi_only", "must_have_component=none", "team_skills=neutral")
    words = [word for answer in answers for word in ("-a", answer)]
    child = start(place, "recommend", *words, size=(24, 80))
    at(child, "What do you build")
    child.send(ENTER)
    lines = shown(child, "or press <")
    assert lines[-13].startswith("? 1. Does one of these describe you?")
    assert lines[-12] == "   None of them  on with FastAPI or Flask"
    assert lines[-1] == "   Back  or press <"


def test_the_review_does_not_repeat_why_the_options_stand_where_they_do(place: Path) -> None:
    answers = (
        "hosting=wsgi_only", "must_have_component=none", "team_skills=neutral",
        "beyond_micro=none", "app_size=many_services",
    )  # fmt: skip
    child = start(place, "new", "shop", *FAST, *[w for a in answers for w in ("-a", a)])
    seen = child.logfile_read = io.StringIO()
    for question in ("Which framework", "Options", "Ready"):
        at(child, question)
        if question != "Ready":
            child.send(ENTER)
    assert seen.getvalue().count("because several services will write") == 1
    child.send(CTRL_C)
    assert end(child)[1] == 130


@pytest.mark.matrix
def test_with_a_name_given_the_name_is_not_asked(place: Path) -> None:
    child = start(place, "new", "shop", *FAST)
    while child.expect([PROMPT, pexpect.EOF]) == 0:
        assert "called?" not in str(child.before)
        child.send(ENTER)
    child.close()
    assert (place / "shop" / "pyproject.toml").is_file()


@pytest.mark.parametrize(
    "prompts", [1, 7, 10, *(pytest.param(n, marks=pytest.mark.matrix) for n in (2, 8, 9))]
)
def test_ctrl_c_at_any_prompt_is_130_and_nothing_is_written(place: Path, prompts: int) -> None:
    child = start(place, "new", *FAST)
    for _ in range(prompts - 1):
        child.expect(PROMPT)
        child.send(ENTER)
    child.expect(PROMPT)
    child.send(CTRL_C)
    shown, code = end(child)
    assert code == 130
    assert "Cancelled" in shown
    assert "Traceback" not in shown
    assert list(place.iterdir()) == []


def test_answers_given_as_flags_are_not_asked_and_a_settled_verdict_asks_nothing(
    place: Path,
) -> None:
    answers = ("hosting=wsgi_only", "must_have_component=none", "beyond_micro=none")
    words = [w for a in (*answers, "team_skills=neutral") for w in ("-a", a)]
    child = start(place, "recommend", *words)
    shown, code = end(child)
    assert code == 0
    assert "there is nothing to ask" in shown
    assert "Flask, because a constraint rules the rest out." in shown


def test_why_do_you_ask_and_an_answer(place: Path) -> None:
    child = start(place, "recommend", "-a", "beyond_micro=none")
    child.expect(PROMPT)
    child.send(ENTER)
    child.expect(PROMPT)
    child.send("?")
    child.expect(PROMPT)
    child.send(UP + ENTER)
    child.expect("So far: ")
    child.expect(PROMPT)
    child.send(CTRL_C)
    assert end(child)[1] == 130


@pytest.mark.matrix
def test_overriding_the_advice_is_recorded_with_its_reason(place: Path) -> None:
    child = start(place, "new", "shop", *FAST)
    for _ in range(6):
        child.expect(PROMPT)
        child.send(ENTER)
    child.expect(PROMPT)
    child.send(DOWN + ENTER)
    child.expect(PROMPT)
    child.send("The team knows it." + ENTER)
    for _ in range(2):
        child.expect(PROMPT)
        child.send(ENTER)
    assert end(child)[1] == 0
    record = (place / "shop" / ".frameworkpick.toml").read_text()
    assert "The team knows it." in record


@pytest.mark.parametrize(
    "flag",
    [
        "--yes",
        *(pytest.param(f, marks=pytest.mark.matrix) for f in ("-y", "--defaults", "--no-input")),
    ],
)
def test_no_flag_that_forbids_questions_asks_one(place: Path, flag: str) -> None:
    shown, code = end(start(place, "new", "shop", flag, *FAST, "--dry-run"))
    assert code == 0
    assert "? " not in shown


def test_json_at_a_terminal_asks_nothing(place: Path) -> None:
    shown, code = end(start(place, "recommend", "--json"))
    assert code == 0
    assert json.loads(shown)["verdict"]


def test_a_terminal_without_a_cursor_is_asked_by_number(place: Path) -> None:
    child = start(place, "recommend", TERM="dumb")
    child.expect("Number, or Enter for ")
    child.send("1\r")
    child.expect("So far: ")
    child.sendintr()
    shown, code = end(child)
    assert code == 130
    assert "\x1b[" not in shown


def test_no_color_leaves_weight_but_no_colour(place: Path) -> None:
    child = start(place, "recommend", "--yes", NO_COLOR="1")
    child.expect(pexpect.EOF)
    assert child.before is not None
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", child.before)


def test_back_asks_the_question_before_again(place: Path) -> None:
    child = start(place, "new", *FAST)
    for _ in range(2):
        child.expect(PROMPT)
        child.send(ENTER)
    at(child, "2 of at most 5")
    child.send("<")
    at(child, "1 of at most 5")
    child.send("<")
    at(child, "What do you build")
    child.send(CTRL_C)
    assert end(child)[1] == 130
    assert list(place.iterdir()) == []


@pytest.mark.matrix
def test_back_leads_from_the_review_to_the_first_question(place: Path) -> None:
    child = start(place, "new", *FAST)
    for _ in range(9):
        child.expect(PROMPT)
        child.send(ENTER)
    for question in (
        "Ready", "Options", "called", "Which framework", "5 of", "4 of", "3 of", "2 of", "1 of",
    ):  # fmt: skip
        at(child, question)
        child.send("<\r" if question == "called" else "<")
    at(child, "What do you build")
    child.send(CTRL_C)
    assert end(child)[1] == 130


def test_an_answer_changed_in_the_review_moves_the_verdict_and_the_project(place: Path) -> None:
    child = start(place, "new", "shop", *FAST, "-a", "output_kind=json_api")
    for _ in range(8):
        child.expect(PROMPT)
        child.send(ENTER)
    at(child, "JSON for other programs .from the command line")
    child.send(DOWN * 3 + ENTER)
    child.expect(PROMPT)
    child.send(DOWN * 2 + ENTER)
    child.expect("The verdict moves: Flask")
    for question in ("Which framework", "Ready"):
        at(child, question)
        child.send(ENTER)
    assert "Flask, as recommended" in end(child)[0]
    record = (place / "shop" / ".frameworkpick.toml").read_text()
    assert 'framework = "flask"' in record
    assert 'output_kind = { value = "html_pages", origin = "asked" }' in record


def test_it_stops_early_and_says_why(place: Path) -> None:
    answers = ("hosting=wsgi_only", "must_have_component=none", "team_skills=neutral")
    child = start(place, "recommend", *[w for a in answers for w in ("-a", a)])
    at(child, "What do you build")
    child.send(ENTER)
    at(child, "Does one of these describe you")
    child.send("\x1b[B" * 3 + ENTER)
    shown, code = end(child)
    assert code == 0
    assert "questions cannot change the verdict any more." in shown


def test_an_exit_ramp_is_said_with_the_way_and_enter_stops_there(place: Path) -> None:
    child = start(place, "new", "shop", *FAST, "-a", "beyond_micro=admin_orm_cms")
    child.expect("Neither FastAPI nor Flask: something else fits better.")
    child.expect("https://[a-z.]*djangoproject.com")
    child.expect(PROMPT)
    child.send(ENTER)
    assert end(child)[1] == 130
    assert list(place.iterdir()) == []


@pytest.mark.matrix
def test_behind_an_exit_ramp_a_person_may_continue_with_a_reason(place: Path) -> None:
    child = start(place, "new", "shop", *FAST, "-a", "beyond_micro=admin_orm_cms")
    at(child, "Which framework")
    child.send(DOWN + ENTER)
    child.expect(PROMPT)
    child.send("We build our own admin." + ENTER)
    for _ in range(2):
        child.expect(PROMPT)
        child.send(ENTER)
    shown, code = end(child)
    assert code == 0
    assert "FastAPI, against the recommendation." in shown
    adr = (place / "shop" / "docs" / "adr" / "0001-web-framework.md").read_text()
    assert "We build our own admin" in adr
