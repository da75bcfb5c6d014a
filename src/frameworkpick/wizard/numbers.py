"""One choice from a list by its number: for terminals without a cursor, and screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.wizard.prompts import BACK, Row, say, text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def by_number(
    message: str,
    rows: Sequence[Row],
    *,
    default: str,
    instruction: str,  # noqa: ARG001 (there are no arrows to explain)
    turn: Callable[[str, int], Row] | None,
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
