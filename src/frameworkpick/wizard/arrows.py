"""One choice from a list with the arrow keys."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from frameworkpick.wizard.prompts import BACK, STYLE, Row, answered, asked, height, say, width

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from questionary import Question

#: Columns in front of a row: a space, the pointer, a space.
_MARGIN = 3
#: Lines that a question may take above its rows.
_QUESTION = 2


def by_arrows(
    message: str,
    rows: Sequence[Row],
    *,
    default: str,
    instruction: str,
    turn: Callable[[str, int], Row] | None,
) -> str:
    """Choose with the arrow keys; see :func:`~frameworkpick.wizard.prompts.choose`."""
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
        style=questionary.Style(STYLE),
        erase_when_done=True,
    )
    _bind_keys(question, rows)
    if turn:
        _bind_turning(question, lambda row: _title(row, rows, wide=wide), turn)
    value = answered(question)
    assert isinstance(value, str)  # noqa: S101 (every row's value is text) # nosec B101
    if turn is None:
        say(f"? {message} {next(row.label for row in rows if row.value == value)}")
    return value


def _fits(rows: Sequence[Row]) -> bool:
    labels = max(len(row.label) for row in rows)
    hints = max(len(row.hint) for row in rows)
    return _MARGIN + labels + 2 + hints <= width()


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
    if 2 * len(rows) + _QUESTION > height() and _MARGIN + len(row.label + row.hint) + 2 <= width():
        return [label, ("class:hint", f"  {row.hint}")]
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
            if choice.value == BACK.value:
                return
            choice.title = title(turn(str(choice.value), by))

        return change

    for key in ("left", "h"):
        bindings.add(key, eager=True)(turner(-1))
    for key in ("right", "l", " "):
        bindings.add(key, eager=True)(turner(+1))
