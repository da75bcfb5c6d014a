"""The prompts themselves: one choice from a list, one line of text, one line said."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from frameworkpick.core import bars
from frameworkpick.errors import Cancelled, GoBack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from questionary import Question

#: Weight only, never colour: readable on light and dark backgrounds alike.
STYLE = [
    ("qmark", "bold"),
    ("question", "bold"),
    ("pointer", "bold"),
    ("label", "bold"),
    ("answer", "noinherit"),
]
_LONGEST_LINE = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One line to choose."""

    value: str  #: What choosing it returns.
    label: str  #: What it is.
    hint: str = ""  #: What follows from choosing it.
    key: str = ""  #: A key that chooses it at once.


#: The row, key and word that go back; no option's id begins with "?".
BACK = Row("?back", "Back", "or press <", key="<")


@contextmanager
def terminal() -> Iterator[None]:
    """Show every prompt inside this block on standard error."""
    from prompt_toolkit.application import create_app_session  # noqa: PLC0415 (takes 0.1 s)
    from prompt_toolkit.output import create_output  # noqa: PLC0415 (the same)

    with create_app_session(output=create_output(stdout=sys.stderr)):
        yield


def width() -> int:
    """Return how many columns a line may have."""
    return min(shutil.get_terminal_size().columns, _LONGEST_LINE) - 1


def height() -> int:
    """Return how many lines the terminal shows."""
    return shutil.get_terminal_size().lines


def asked(message: str, behind: str = "") -> str:
    """Break a question between words, with room for what questionary writes in front and behind."""
    *lines, last = textwrap.wrap(f"? {message}", width(), subsequent_indent="  ")
    if len(f"{last} {behind} ") > width():
        lines, last = [*lines, last], " "
    return "\n".join([*lines, last]).removeprefix("? ")


def say(line: str = "", *, indent: int = 0) -> None:
    """Show a line between two prompts, wrapped between words."""
    import questionary  # noqa: PLC0415 (takes 0.1 s)

    space = " " * indent
    questionary.print(
        textwrap.fill(
            line, width(), initial_indent=space, subsequent_indent=space, break_long_words=False
        )
    )


def glyphs() -> bars.Glyphs:
    """Return what bars are made of on this terminal."""
    encoding = (sys.stderr.encoding or "ascii").lower().replace("-", "")
    return bars.PLAIN if _dumb() or not encoding.startswith("utf") else bars.BLOCKS


def choose(
    message: str,
    rows: Sequence[Row],
    *,
    default: str,
    instruction: str = "(arrow keys, Enter)",
    turn: Callable[[str, int], Row] | None = None,
    back: bool = False,
) -> str:
    """Let a person choose one row with the arrow keys.

    Args:
        message: The question.
        rows: What can be chosen.
        default: Value of the row the pointer starts at.
        instruction: Which keys do what.
        turn: When given, the left and right keys (and space) call it with the value of the row
            under the pointer and -1 or +1, and the row it returns takes that place.
        back: Whether there is a question to go back to.

    Returns:
        The value of the chosen row.

    Raises:
        Cancelled: Ctrl-C.
        GoBack: The person wants the question before.
    """
    shown = [*rows, BACK] if back else rows
    if _dumb():
        from frameworkpick.wizard.numbers import by_number as pick  # noqa: PLC0415 (it needs this)
    else:
        from frameworkpick.wizard.arrows import by_arrows as pick  # noqa: PLC0415 (the same)
    value = pick(message, shown, default=default, instruction=instruction, turn=turn)
    if value == BACK.value:
        raise GoBack
    return value


def text(
    message: str,
    *,
    default: str = "",
    problem: Callable[[str], str | None] = lambda _: None,
    back: bool = False,
) -> str:
    """Let a person type one line.

    Args:
        message: The question.
        default: What Enter alone answers.
        problem: Says in a sentence why a line is not accepted; ``None`` when it is.
        back: Whether there is a question to go back to.

    Raises:
        Cancelled: Ctrl-C or Ctrl-D.
        GoBack: The person wants the question before.
    """
    import questionary  # noqa: PLC0415 (takes 0.1 s)

    def refused(line: str) -> str | bool:
        return (back and line.endswith(BACK.key)) or problem(line.strip()) or True

    question = questionary.text(
        asked(f"{message} (a line that ends in < goes back)" if back else message, default),
        default=default,
        validate=refused,
        qmark="?",
        style=questionary.Style(STYLE),
    )
    typed = str(answered(question)).strip()
    if back and typed.endswith(BACK.key):
        raise GoBack
    return typed


def _dumb() -> bool:
    """Tell a terminal that cannot move its cursor."""
    return os.environ.get("TERM", "") in {"dumb", "unknown"}


def answered(question: Question) -> object:
    """Put a prompt to the person and return the answer.

    Raises:
        Cancelled: Ctrl-C or Ctrl-D.
    """
    try:
        return question.unsafe_ask()
    except (KeyboardInterrupt, EOFError):
        raise Cancelled from None
