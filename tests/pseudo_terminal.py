"""What every test at a pseudo-terminal waits for."""

from __future__ import annotations

import re

import pexpect
import pytest

ENTER, UP, DOWN, RIGHT, CLEAR, CTRL_C = "\r", "\x1b[A", "\x1b[B", "\x1b[C", "\x15", "\x03"
#: Every prompt turns bracketed paste on once, when it begins to listen.
PROMPT = re.escape("\x1b[?2004h")
#: The child replaces itself by another program at once, so threads of the runner do no harm.
FORKS = pytest.mark.filterwarnings("ignore:.*multi-threaded, use of forkpty:DeprecationWarning")


def at(child: pexpect.spawn[str], words: str) -> None:
    """Wait for the prompt with these words; it listens before it shows itself."""
    child.expect(PROMPT)
    child.expect(words)


def end(child: pexpect.spawn[str]) -> tuple[str, int | None]:
    """Read to the end; return what was shown meanwhile, without escape codes, and the exit code."""
    child.expect(pexpect.EOF)
    child.close()
    assert child.before is not None
    shown = plain(child.before)
    assert "Traceback" not in shown, shown
    return shown, child.exitstatus


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).replace("\r", "")
