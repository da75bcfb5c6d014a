"""Text of somebody else's: made so that no terminal obeys it, and the word that it may mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Who an address names in front of its host: with https a token, before a colon with a password.
_WHO = re.compile(r"(?i)(https?:)//[^/]*@|//[^/@]*:(?!\d+(?:/|$))[^@]*@")


def printable(text: str) -> str:
    """Show control characters as codes."""
    return "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in text)


def shown_address(text: str) -> str:
    """Write an address without the secret that may stand in it."""
    return _WHO.sub(lambda found: f"{found[1] or ''}//...@", text)


def one_line(text: str) -> str:
    """Join lines with blanks: GitHub takes a line that begins with ``::`` for a command."""
    return printable(" ".join(text.split()))


_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
#: What some editors begin UTF-8 with.
BYTE_ORDER_MARK = "\ufeff"


def decoded(content: bytes) -> str:
    """Return the text of a file in UTF-8, without a byte order mark.

    Raises:
        ValueError: It is other text; the message says so, as the rest of a sentence.
    """
    if content.startswith(_UTF_16) or b"\0" in content[:4]:
        raise ValueError("it is UTF-16 text; save it as UTF-8")
    try:
        return content.decode("utf-8").removeprefix(BYTE_ORDER_MARK)
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text; save it as UTF-8") from None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `` Did you mean 'x'?`` for the nearest known word, else an empty string."""
    from difflib import get_close_matches  # noqa: PLC0415 (only a wrong word pays for it)

    near = get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return f" Did you mean {near[0]!r}?" if near else ""
