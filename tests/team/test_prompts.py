"""What only a team's template asks is asked at a terminal too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pexpect
import pytest

from ..pseudo_terminal import FORKS, PROMPT  # noqa: TID252 (shared by all)
from .house import answers, make_template

if TYPE_CHECKING:
    from pathlib import Path

    from .house import Shell

pytestmark = [pytest.mark.matrix, FORKS]

QUESTIONS = """
cache: {type: bool, help: Keep answers, default: true}
zone: {type: str, help: Where it runs, choices: [eu, us]}
team: {type: str, help: Who is called at night}
"""


def test_its_options_stand_on_the_screen_and_a_text_without_default_is_asked(
    shell: Shell, tmp_path: Path
) -> None:
    template = make_template(tmp_path / "small", QUESTIONS)
    words = ("new", "shop", "--no-git", "--no-install", "--template-url", str(template))
    child = pexpect.spawn(
        str(shell.installation / "bin/frameworkpick"),
        [*words, "--framework", "tiny"],
        cwd=str(tmp_path),
        env={**shell.env, "TERM": "dumb", "PROMPT_TOOLKIT_NO_CPR": "1"},
        dimensions=(60, 100),
        encoding="utf-8",
        timeout=60,
    )
    shown = ""
    while "Where it runs" not in shown:
        child.expect(PROMPT)
        shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", str(child.before))
        child.send("\r")
    assert "Keep answers" in shown
    child.expect("Who is called at night")
    child.send("\r")
    child.expect("The template has no default for this")
    child.send("platform\r")
    child.expect("Ready")
    child.expect(PROMPT)
    child.send("\r")
    child.expect(pexpect.EOF)
    kept = answers(tmp_path / "shop")
    assert (kept["team"], kept["zone"], kept["cache"]) == ("platform", "eu", True)
