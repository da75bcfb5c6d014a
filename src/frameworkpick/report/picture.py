"""The recommendation as one SVG picture: text stays text, nothing is fetched, light or dark."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal

from frameworkpick.core import bars, sentences
from frameworkpick.report.templates import templates

if TYPE_CHECKING:
    from frameworkpick.core.bars import Bar, Chart
    from frameworkpick.core.decision import Decision
    from frameworkpick.core.decision.suggested import Suggested

_WIDTH = 820
_MARGIN = 28
_INNER = _WIDTH - 2 * _MARGIN
_LABELS = 330
#: Room beside the longest bar for its number.
_NUMBER = 72
_BAR_HEIGHT = 16
_LONGEST_POINT = 44
#: Widths of an average character of a wide sans-serif font, in parts of its size.
_CHARACTER = 0.54
_STRONG_CHARACTER = 0.64


def svg(decision: Decision, *, signature: str) -> str:
    """Draw the verdict, what speaks for and against it, and how far it can be trusted.

    Args:
        decision: What was decided.
        signature: What made the picture, and from which knowledge.
    """
    card, advice = _Card(), decision.advice
    verdict = sentences.verdict(decision)
    card.paragraph(verdict, size=21, look="ink strong")
    for line in sentences.standing(decision):
        card.paragraph(line)
    if guesses := decision.guesses:
        _guesses(card, guesses)
    for way in advice.instead:
        card.y += 10
        card.paragraph(way.name, size=15, look="ink strong")
        card.paragraph(way.because, look="ink")
        card.paragraph(f"{way.url} (checked {way.checked})", size=12)
    chart = bars.chart(decision)
    drawn = chart if chart and chart.bars else None
    if drawn:
        card.y += 14
        _bars(card, drawn)
    for reason in advice.reasons:
        if reason.veto:
            out = decision.name_of(reason.framework)
            card.y += 6
            told = f"{out} is ruled out ({sentences.answer(reason)}): {reason.because}"
            card.paragraph(told, look="against")
    if advice.against:
        card.y += 12
        told = sentences.told(decision, advice.against)
        name = decision.name_of(advice.verdict)
        card.paragraph(f"The strongest point against {name}. {told}", look="ink")
    if drawn and (sturdy := sentences.sturdiness(decision)):
        card.paragraph(sturdy)
    if factors := sentences.weights(decision.said.weights):
        card.paragraph(factors)
    card.y += 8
    card.paragraph(signature, size=11)
    environment = templates()
    environment.filters["xml"] = lambda text: escape(text, quote=False)
    environment.filters["tenths"] = "{:.1f}".format
    return environment.get_template("decision.svg.jinja").render(
        title=verdict,
        description=_told(drawn),
        width=_WIDTH,
        height=round(card.y + _MARGIN - 6),
        bar_height=_BAR_HEIGHT,
        marks=card.marks,
    )


@dataclass(frozen=True, slots=True)
class _Mark:
    """One line of text, one bar or one axis at its place."""

    kind: Literal["text", "bar", "axis"]  #: What it is.
    x: float  #: From the left.
    y: float  #: From the top; of a text, its baseline.
    look: str = ""  #: The classes of its style.
    words: str = ""  #: The text.
    size: int = 0  #: Height of the text.
    anchor: str = "start"  #: Which end of the text stands at ``x``.
    width: float = 0  #: Of a bar or an axis.
    height: float = 0  #: Of an axis.


class _Card:
    """Collects the marks of the picture from top to bottom.

    Attributes:
        y: Where the next mark begins, in pixels from the top.
        marks: Those so far.
    """

    def __init__(self) -> None:
        self.y = float(_MARGIN)
        self.marks: list[_Mark] = []

    def paragraph(self, words: str, *, size: int = 13, look: str = "soft") -> None:
        """Write text over the whole width, wrapped."""
        self.y = self.block(words, _MARGIN, self.y, _INNER, size, look) + 4

    def block(self, words: str, x: float, y: float, width: float, size: int, look: str) -> float:
        """Write wrapped text at a place; return where it ends."""
        character = _STRONG_CHARACTER if "strong" in look else _CHARACTER
        for line in textwrap.wrap(words, int(width / size / character)):
            y += size * 1.32
            self.text(line, x, y - size * 0.32, size, look)
        return y

    def text(
        self, words: str, x: float, y: float, size: int, look: str, anchor: str = "start"
    ) -> None:
        """Write one line, its baseline at ``y``."""
        self.marks.append(_Mark("text", x, y, look, words, size, anchor))


def _guesses(card: _Card, guesses: Suggested) -> None:
    card.y += 10
    card.paragraph(guesses.title, size=15, look="ink strong")
    if guesses.answers:
        card.paragraph(sentences.guesses(guesses), look="ink")
    card.paragraph(guesses.use_case.misleads)
    if guesses.asks:
        still = " ".join(criterion.question for criterion in guesses.asks)
        card.paragraph(f"Still to answer: {still}", look="ink")


def _bars(card: _Card, drawn: Chart) -> None:
    low, high = drawn.low, drawn.high
    room = _INNER - _LABELS - (_NUMBER if low else 8) - _NUMBER
    unit = min(room / (low + high), _LONGEST_POINT)
    axis = _MARGIN + _LABELS + (_NUMBER if low else 8) + low * unit
    if low:
        card.text(f"for {drawn.rival}", axis - 8, card.y + 12, 12, "against strong", "end")
    card.text(f"for {drawn.subject}", axis + 8, card.y + 12, 12, "for strong")
    card.y += 20
    top = card.y
    for bar in drawn.bars:
        _row(card, bar, axis, unit)
    card.marks.append(_Mark("axis", axis, top, height=card.y - top))
    card.marks.append(_Mark("axis", _MARGIN, card.y, width=_INNER))
    card.y += 20
    card.text("All together", _MARGIN, card.y, 13, "ink strong")
    card.text(drawn.sum, axis + 8, card.y, 13, "ink strong")
    card.y += 10


def _row(card: _Card, bar: Bar, axis: float, unit: float) -> None:
    top = card.y
    room = _LABELS - 16
    end = top
    if bar.answer:
        end = card.block(f"{bar.answer}{bar.hint}", _MARGIN, top, room, 13, "ink strong")
    look, size = ("soft", 12) if bar.answer else ("ink strong", 13)
    question = bar.question if bar.answer else f"{bar.question}{bar.hint}"
    end = card.block(question, _MARGIN, end, room, size, look)
    middle = (top + end) / 2
    length = abs(bar.points) * unit
    guess = " guess" if bar.suggested else ""
    top = middle - _BAR_HEIGHT / 2
    if bar.points > 0:
        card.marks.append(_Mark("bar", axis, top, f"for{guess}", width=length))
        card.text(bar.number, axis + length + 6, middle + 4.5, 13, "ink")
    else:
        card.marks.append(_Mark("bar", axis - length, top, f"against{guess}", width=length))
        card.text(bar.number, axis - length - 6, middle + 4.5, 13, "ink", "end")
    card.y = end + 9


def _told(drawn: Chart | None) -> str:
    """Say in words what the bars show, for those who cannot see them."""
    if drawn is None or not drawn.bars:
        return "No answer speaks for or against a framework."
    told = ", ".join(f"{bar.label}{bar.hint} {sentences.signed(bar.points)}" for bar in drawn.bars)
    return f"Points for {drawn.subject} over {drawn.rival}: {told}."
