"""The prompts themselves: one choice from a list, one line of text, one line said."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from frameworkpick.core import bars
from frameworkpick.errors import Cancelled, GoBack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from questionary import Question

#: Weight only, never colour: readable on light and dark backgrounds alike.
_STYLE = [
    ("qmark", "bold"),
    ("question", "bold"),
    ("pointer", "bold"),
    ("label", "bold"),
    ("answer", "noinherit"),
]
_LONGEST_LINE = 100
#: Columns in front of a row: a space, the pointer, a space.
_MARGIN = 3
#: Lines that a question may take above its rows.
_QUESTION = 2


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


def _width() -> int:
    """Return how many columns a line may have."""
    return min(shutil.get_terminal_size().columns, _LONGEST_LINE) - 1


def _height() -> int:
    """Return how many lines the terminal shows."""
    return shutil.get_terminal_size().lines


def asked(message: str, behind: str = "") -> str:
    """Break a question between words, with room for what questionary writes in front and behind."""
    *lines, last = textwrap.wrap(f"? {message}", _width(), subsequent_indent="  ")
    if len(f"{last} {behind} ") > _width():
        lines, last = [*lines, last], " "
    return "\n".join([*lines, last]).removeprefix("? ")


def say(line: str = "", *, indent: int = 0) -> None:
    """Show a line between two prompts, wrapped between words."""
    import questionary  # noqa: PLC0415 (takes 0.1 s)

    space = " " * indent
    questionary.print(
        textwrap.fill(
            line, _width(), initial_indent=space, subsequent_indent=space, break_long_words=False
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
        value = _by_number(message, shown, default=default, turn=turn)
    else:
        value = _by_arrows(message, shown, default=default, instruction=instruction, turn=turn)
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
        style=questionary.Style(_STYLE),
    )
    typed = str(_answered(question)).strip()
    if back and typed.endswith(BACK.key):
        raise GoBack
    return typed


def _dumb() -> bool:
    """Tell a terminal that cannot move its cursor."""
    return os.environ.get("TERM", "") in {"dumb", "unknown"}


def _answered(question: Question) -> object:
    """Put a prompt to the person and return the answer.

    Raises:
        Cancelled: Ctrl-C or Ctrl-D.
    """
    try:
        return question.unsafe_ask()
    except (KeyboardInterrupt, EOFError):
        raise Cancelled from None


def _by_arrows(
    message: str,
    rows: Sequence[Row],
    *,
    default: str,
    instruction: str,
    turn: Callable[[str, int], Row] | None,
) -> str:
    import questionary  # noqa: PLC0415 (takes 0.1 s)

    wide = _fits(rows)
    choices = [questionary.Choice(_title(row, rows, wide=wide), row.value) for row in rows]
    question = questionary.select(
        asked(message, instruction),
        choices=choices,
        default=default,
        instruction=instruction,
        qmark="?",
        pointer=">",
        style=questionary.Style(_STYLE),
        erase_when_done=True,
    )
    _bind_keys(question, rows)
    if turn:
        _bind_turning(question, lambda row: _title(row, rows, wide=wide), turn)
    value = _answered(question)
    assert isinstance(value, str)  # noqa: S101 (every row's value is text) # nosec B101
    if turn is None:
        say(f"? {message} {next(row.label for row in rows if row.value == value)}")
    return value


def _fits(rows: Sequence[Row]) -> bool:
    labels = max(len(row.label) for row in rows)
    hints = max(len(row.hint) for row in rows)
    return _MARGIN + labels + 2 + hints <= _width()


def _title(row: Row, rows: Sequence[Row], *, wide: bool) -> list[tuple[str, str]]:
    """Put the hint behind the label when every row of the question has the room, else below it.

    Where that makes more lines than the terminal has, each row that has the room goes without.
    """
    label = ("class:label", row.label)
    if not row.hint:
        return [label]
    if wide:
        gap = max(len(other.label) for other in rows) - len(row.label) + 2
        return [label, ("class:hint", " " * gap + row.hint)]
    if (
        2 * len(rows) + _QUESTION > _height()
        and _MARGIN + len(row.label + row.hint) + 2 <= _width()
    ):
        return [label, ("class:hint", f"  {row.hint}")]
    below = " " * (_MARGIN + 2)
    return [
        label,
        (
            "class:hint",
            "\n" + textwrap.fill(row.hint, _width(), initial_indent=below, subsequent_indent=below),
        ),
    ]


def _bind_keys(question: Question, rows: Sequence[Row]) -> None:
    """Let a row's own key choose it."""
    bindings: Any = question.application.key_bindings

    def chooser(value: str) -> Callable[[Any], None]:
        return lambda event: event.app.exit(result=value)

    for row in rows:
        if row.key:
            bindings.add(row.key, eager=True)(chooser(row.value))


def _bind_turning(
    question: Question,
    title: Callable[[Row], list[tuple[str, str]]],
    turn: Callable[[str, int], Row],
) -> None:
    """Let the left and right keys change the row under the pointer."""
    from questionary.prompts.common import InquirerControl  # noqa: PLC0415 (takes 0.1 s)

    controls = question.application.layout.find_all_controls()
    control = next(each for each in controls if isinstance(each, InquirerControl))
    bindings: Any = question.application.key_bindings

    def turner(by: int) -> Callable[[Any], None]:
        def change(_event: Any) -> None:
            choice = control.get_pointed_at()
            if choice.value == BACK.value:
                return
            choice.title = title(turn(str(choice.value), by))

        return change

    for key in ("left", "h"):
        bindings.add(key, eager=True)(turner(-1))
    for key in ("right", "l", " "):
        bindings.add(key, eager=True)(turner(+1))


def _by_number(
    message: str,
    rows: Sequence[Row],
    *,
    default: str,
    turn: Callable[[str, int], Row] | None,
) -> str:
    """Choose by its number: for terminals without cursor movement, and for screen readers."""
    shown = list(rows)
    while True:
        say(f"? {message}")
        for number, row in enumerate(shown, 1):
            say(f"  {number}. {row.label}{'  ' + row.hint if row.hint else ''}")
        what = "Number to change, or Enter to accept all:" if turn else "Number, or Enter for"
        usual = (
            "" if turn else f" {next(n for n, row in enumerate(rows, 1) if row.value == default)}:"
        )
        typed = text(what + usual)
        if not typed:
            return default
        by_key = next((row.value for row in shown if row.key == typed), None)
        if by_key:
            return by_key
        if typed.isdecimal() and 1 <= int(typed) <= len(shown):
            place = int(typed) - 1
            if turn is None or shown[place] == BACK:
                return shown[place].value
            shown[place] = turn(shown[place].value, 1)
        else:
            say(f"  {typed!r} is not one of the numbers.")
