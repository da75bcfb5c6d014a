"""A page of plain text with a little weight and colour: the only door to rich.

Colour only says again what the words say. It follows NO_COLOR, FORCE_COLOR and TERM=dumb, and a
pipe gets plain text of 80 columns (or COLUMNS).
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Literal, TextIO

from frameworkpick.core import bars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console
    from rich.status import Status

#: What the text is, and how that looks.
Tone = Literal["plain", "strong", "good", "bad", "faint"]
_STYLES = {"plain": "", "strong": "bold", "good": "green", "bad": "bold red", "faint": "dim"}
#: Longer lines are hard to read, however wide the terminal is.
_LONGEST_LINE = 100
#: Values of TERM for terminals that may show nothing but ASCII.
_PLAIN_TERMINALS = {"dumb", "unknown"}


class Page:
    """Writes lines to a stream, wrapped to its width.

    Args:
        file: The stream; standard output when not given.

    Attributes:
        width: Columns of the longest line.
        glyphs: What bars are made of, as far as the stream and the terminal can show it.
    """

    def __init__(self, file: TextIO | None = None) -> None:
        self._console = _console(file or sys.stdout)
        self.width = min(self._console.width, _LONGEST_LINE)
        plain = os.environ.get("TERM") in _PLAIN_TERMINALS
        plain = plain or self._console.options.ascii_only
        self.glyphs = bars.PLAIN if plain else bars.BLOCKS

    def line(
        self, text: str = "", *, indent: int = 0, mark: str = "", tone: Tone = "plain"
    ) -> None:
        """Write one paragraph.

        Args:
            text: The words; wrapped, and the further lines are indented like the first.
            indent: Columns in front of it.
            mark: Stands in the indentation of the first line, in the tone given.
            tone: Of the mark, or of the whole text when there is none.
        """
        from rich.text import Text  # noqa: PLC0415 (loaded with the console)

        if not text and not mark:
            self._console.print()
            return
        room = max(self.width - indent, 20)
        wrapped = Text(text, "" if mark else _STYLES[tone]).wrap(self._console, room)
        for number, part in enumerate(wrapped or [Text()]):
            part.rstrip()
            first = Text()  # without a style of its own, which would go on into the words
            if mark and not number:
                first.append(mark.ljust(indent), _STYLES[tone])
            else:
                first.append(" " * indent)
            self._print(first + part)

    def verbatim(self, text: str, *, indent: int = 0, tone: Tone = "plain") -> None:
        """Write lines as they are, never wrapped: commands, addresses, evidence."""
        from rich.text import Text  # noqa: PLC0415 (loaded with the console)

        for line in text.splitlines():
            self._print(Text((" " * indent + line).rstrip(), _STYLES[tone]))

    def pieces(self, *pieces: tuple[str, Tone]) -> None:
        """Write one line of parts that look different, never wrapped."""
        from rich.text import Text  # noqa: PLC0415 (loaded with the console)

        line = Text()
        for text, tone in pieces:
            line.append(text, _STYLES[tone])
        line.rstrip()
        self._print(line)

    def heading(self, text: str) -> None:
        """Write an empty line and a heading."""
        self.line()
        self.line(text, tone="strong")

    def _print(self, text: object) -> None:
        self._console.print(text, no_wrap=True, overflow="ignore", crop=False, soft_wrap=True)


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """Show what is being done now, on standard error.

    A terminal gets one line with a spinner that goes away at the end; anything else gets one plain
    line for each step.

    Args:
        quiet: Show nothing.

    Yields:
        The function to call with a few words whenever something long begins.
    """
    if quiet:
        yield lambda _: None
        return
    if not sys.stderr.isatty():
        yield _plain_line
        return
    with ExitStack() as until_the_end:
        status: Status | None = None

        def show(words: str) -> None:
            # Started by the first words, so that it never spins while a question is asked.
            nonlocal status
            if status is None:
                status = until_the_end.enter_context(_console(sys.stderr).status(""))
            status.update(_step(words))

        yield show


def _step(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]} ..."


def _plain_line(words: str) -> None:
    sys.stderr.write(f"{_step(words)}\n")
    sys.stderr.flush()


def _console(file: TextIO) -> Console:
    from rich.console import Console  # noqa: PLC0415 (takes 0.1 s)

    return Console(file=file, highlight=False, markup=False, emoji=False)
