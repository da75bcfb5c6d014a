"""The prompts themselves: one choice from a list, one line of text, one line said."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from frameworkpick.errors import Cancelled

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
#: Columns in front of a row: a space, the pointer, a space.
_MARGIN = 3
_LONGEST_LINE = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One line to choose."""

    value: str  #: What choosing it returns.
    label: str  #: What it is.
    hint: str = ""  #: What follows from choosing it.
    key: str = ""  #: A key that chooses it at once.


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


def say(line: str = "", *, indent: int = 0) -> None:
    """Show a line between two prompts, wrapped between words."""
    import questionary  # noqa: PLC0415 (takes 0.1 s)

    space = " " * indent
    questionary.print(
        textwrap.fill(
            line, width(), initial_indent=space, subsequent_indent=space, break_long_words=False
        )
    )


def choose(
    message: str,
    rows: Sequence[Row],
    *,
    default: str,
    instruction: str = "(arrow keys, Enter)",
    turn: Callable[[str, int], Row] | None = None,
) -> str:
    """Let a person choose one row with the arrow keys.

    Args:
        message: The question.
        rows: What can be chosen.
        default: Value of the row the pointer starts at.
        instruction: Which keys do what.
        turn: When given, the left and right keys (and space) call it with the value of the row
            under the pointer and -1 or +1, and the row it returns takes that place.

    Returns:
        The value of the chosen row.

    Raises:
        Cancelled: Ctrl-C.
    """
    import questionary  # noqa: PLC0415 (takes 0.1 s)

    if _dumb():
        return _choose_by_number(message, rows, default=default, turn=turn)
    wide = _fits(rows)
    choices = [questionary.Choice(_title(row, rows, wide=wide), row.value) for row in rows]
    question = questionary.select(
        message,
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
    value = _ask(question)
    assert isinstance(value, str)  # noqa: S101 (every row's value is text)
    if turn is None:
        say(f"? {message} {next(row.label for row in rows if row.value == value)}")
    return value


def text(
    message: str, *, default: str = "", problem: Callable[[str], str | None] = lambda _: None
) -> str:
    """Let a person type one line.

    Args:
        message: The question.
        default: What Enter alone answers.
        problem: Says in a sentence why a line is not accepted; ``None`` when it is.

    Raises:
        Cancelled: Ctrl-C or Ctrl-D.
    """
    import questionary  # noqa: PLC0415 (takes 0.1 s)

    question = questionary.text(
        message,
        default=default,
        validate=lambda line: problem(line.strip()) or True,
        qmark="?",
        style=questionary.Style(_STYLE),
    )
    return str(_ask(question)).strip()


def _ask(question: Question) -> object:
    try:
        return question.unsafe_ask()
    except (KeyboardInterrupt, EOFError):
        raise Cancelled from None


def _fits(rows: Sequence[Row]) -> bool:
    labels = max(len(row.label) for row in rows)
    hints = max(len(row.hint) for row in rows)
    return _MARGIN + labels + 2 + hints <= width()


def _title(row: Row, rows: Sequence[Row], *, wide: bool) -> list[tuple[str, str]]:
    """Put the hint behind the label when every row of the question has the room, else below it."""
    label = ("class:label", row.label)
    if not row.hint:
        return [label]
    if wide:
        gap = max(len(other.label) for other in rows) - len(row.label) + 2
        return [label, ("class:hint", " " * gap + row.hint)]
    below = " " * (_MARGIN + 2)
    return [
        label,
        (
            "class:hint",
            "\n" + textwrap.fill(row.hint, width(), initial_indent=below, subsequent_indent=below),
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
            choice.title = title(turn(str(choice.value), by))

        return change

    for key in ("left", "h"):
        bindings.add(key, eager=True)(turner(-1))
    for key in ("right", "l", " "):
        bindings.add(key, eager=True)(turner(+1))


def _dumb() -> bool:
    """Tell a terminal that cannot move its cursor."""
    return os.environ.get("TERM", "") in {"dumb", "unknown"}


def _choose_by_number(
    message: str, rows: Sequence[Row], *, default: str, turn: Callable[[str, int], Row] | None
) -> str:
    """Choose by typing a number: for terminals without cursor movement, and for screen readers."""
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
        if typed.isdecimal() and 1 <= int(typed) <= len(shown):
            place = int(typed) - 1
            if turn is None:
                return shown[place].value
            shown[place] = turn(shown[place].value, 1)
        else:
            say(f"  {typed!r} is not one of the numbers.")
