"""How a decision record in Markdown cites what the knowledge says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.core import wording

if TYPE_CHECKING:
    from frameworkpick.core.knowledge import Alternative, Source
    from frameworkpick.core.recommendation import Reason

#: Names that start a sentence in the knowledge and look like plain words.
_NAMES = frozenset(
    {"Django", "Flask", "Gunicorn", "Jinja", "Pydantic", "Python", "Quart", "Starlette"}
)


def cited(reason: Reason, *, guess: bool = False) -> str:
    """Give a reason with its weight and its source."""
    weight = "ruled out" if reason.veto else wording.signed(reason.points)
    weight += ", suggested" if guess else ""
    return f"{reason.because} ({weight}) {link(reason.source)}"


def read(way: Alternative) -> str:
    """Give what to use instead with the page that says why."""
    return f"{way.because} [{way.name}]({way.url}), checked {way.checked.isoformat()}"


def link(source: Source) -> str:
    """Link a source, with the day it was checked."""
    return f"[{source.title}]({source.url}), checked {source.checked.isoformat()}"


def as_clause(sentence: str) -> str:
    """Let a sentence go on after "because": its first word starts small unless it is a name."""
    first, _, _ = sentence.partition(" ")
    is_name = first in _NAMES or first[1:].lower() != first[1:]
    return sentence if is_name else sentence[:1].lower() + sentence[1:]
