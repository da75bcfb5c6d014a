"""What a preset settles is not asked at a terminal, and the last look says so."""

from __future__ import annotations

import re
import sys
import tomllib
from typing import TYPE_CHECKING

import pexpect
import pytest

from ..pseudo_terminal import FORKS, PROMPT  # noqa: TID252 (shared by all)
from .house import HOUSE, Desk, desk

if TYPE_CHECKING:
    from pathlib import Path

#: The first question of a REST API.
CONTRACT = "Does anyone need machine-readable API docs"
pytestmark = FORKS


@pytest.fixture
def house(tmp_path: Path) -> Desk:
    made = desk(tmp_path)
    made.write("house.toml", HOUSE)
    return made


def start(house: Desk, *words: str) -> pexpect.spawn[str]:
    fast = ("new", "shop", "--no-git", "--no-install", "--preset", "house.toml")
    return pexpect.spawn(
        sys.executable,
        ["-m", "frameworkpick", *fast, *words],
        cwd=str(house.folder),
        env={**house.env, "TERM": "dumb", "PROMPT_TOOLKIT_NO_CPR": "1"},
        dimensions=(60, 100),
        encoding="utf-8",
        timeout=60,
    )


def until(child: pexpect.spawn[str], words: str) -> tuple[str, str]:
    """Accept everything up to a prompt; return all that was shown, and that prompt."""
    shown = ""
    for _ in range(12):
        asked = prompt(child)
        shown += asked
        if words in asked:
            return shown, asked
        child.send("\r")
    raise AssertionError(shown)


def prompt(child: pexpect.spawn[str]) -> str:
    """Wait for the next prompt; return what was shown before it."""
    child.expect(PROMPT)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", str(child.before)).replace("\r", "")


def test_what_is_locked_is_not_asked_and_is_shown_with_the_name_of_the_preset(
    house: Desk,
) -> None:
    house.write("house.toml", HOUSE.replace("[locked]", '[locked]\napi_contract = "nice"'))
    child = start(house)
    shown, review = until(child, "? Ready?")
    assert "1 of at most 5" in shown
    assert CONTRACT not in shown
    assert "What do you build?" not in shown
    options = shown[shown.index("? Options") : shown.index("? Ready?")]
    assert "Dockerfile" not in options
    assert "Continuous integration" in options
    assert "house.toml allows only FastAPI (one contract in the house)." in shown
    assert "Flask  " not in shown[shown.index("? Which framework") : shown.index("? Options")]
    assert re.search(r"docker +yes \(locked by house\.toml\)", review)
    assert re.search(r"ci +github \(required by house\.toml\)", review)
    row = re.search(r"(\d+)\. auth_style .*\(locked by house\.toml\)", review)
    assert row
    child.send(f"{row[1]}\r")
    assert "auth_style is locked by house.toml (the audit asks for it)." in prompt(child)
    child.send("\r")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    record = tomllib.loads((house.folder / "shop/.frameworkpick.toml").read_text())
    assert record["answers"]["auth_style"] == {"value": "api_tokens", "origin": "preset"}
    assert record["options"]["docker"] is True


@pytest.mark.matrix
def test_what_is_not_locked_is_asked(house: Desk) -> None:
    child = start(house)
    assert CONTRACT in prompt(child)
    child.close(force=True)


@pytest.mark.matrix
def test_a_required_choice_cannot_be_turned_off_on_the_screen(house: Desk) -> None:
    child = start(house)
    _, asked = until(child, "? Options")
    seen = []
    for _ in range(3):
        row = re.search(r"(\d+)\. Continuous integration +< (.+?) >", asked)
        assert row
        seen.append(row[2])
        child.send(f"{row[1]}\r")
        asked = prompt(child)
    assert seen == ["GitHub Actions", "GitLab CI/CD", "GitHub Actions"]
    child.sendintr()
    child.expect(pexpect.EOF)


@pytest.mark.matrix
def test_a_locked_framework_is_not_asked(house: Desk) -> None:
    house.write("house.toml", '[locked]\nframework = "flask"\n')
    shown, _ = until(start(house), "? Ready?")
    assert "Which framework" not in shown
    assert "(locked by house.toml)" in shown
