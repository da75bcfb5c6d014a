"""The recommendation as one SVG picture: text stays text, nothing is fetched, light or dark."""

from __future__ import annotations

import textwrap
from html import escape
from typing import TYPE_CHECKING

from frameworkpick.core import wording
from frameworkpick.core.suggested import suggested
from frameworkpick.report import chart, sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frameworkpick.core.answers import Answers
    from frameworkpick.core.knowledge import Knowledge
    from frameworkpick.core.recommendation import Recommendation
    from frameworkpick.core.sturdiness import Sturdiness
    from frameworkpick.core.suggested import Suggested
    from frameworkpick.report.chart import Bar, Chart

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

# The card brings its own ground, so that it reads on any page it is put into.
_STYLE = """\
.ground{fill:#fff;stroke:#d0d7de}
text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.strong{font-weight:600}
.ink{fill:#1f2328}.soft{fill:#57606a}
.for{fill:#0a62b8}.against{fill:#b04a00}.guess{fill-opacity:.5}
.axis{stroke:#8c959f;stroke-width:1}
@media (prefers-color-scheme:dark){
.ground{fill:#161b22;stroke:#3d444d}
.ink{fill:#e6edf3}.soft{fill:#a3adb8}
.for{fill:#58a6ff}.against{fill:#f0883e}
.axis{stroke:#767f89}
}"""


def svg(
    knowledge: Knowledge,
    advice: Recommendation,
    answers: Answers,
    *,
    sturdy: Sturdiness,
    use_case: str | None,
    weights: Mapping[str, float],
    signature: str,
) -> str:
    """Draw the verdict, what speaks for and against it, and how far it can be trusted.

    Args:
        knowledge: Questions, labels and names.
        advice: The recommendation.
        answers: The answers it rests on.
        sturdy: How much it depends on the weights.
        use_case: Id of the use case that suggested answers.
        weights: The factors that somebody set, by criterion id.
        signature: What made the picture, and from which knowledge.
    """
    card = _Card()
    verdict = wording.verdict_sentence(knowledge, advice)
    card.paragraph(verdict, size=21, look="ink strong")
    guesses = suggested(knowledge, answers, use_case)
    for line in sentences.standing(advice, guesses):
        card.paragraph(line)
    if guesses:
        _guesses(card, guesses)
    for way in advice.instead:
        card.space(10)
        card.paragraph(way.name, size=15, look="ink strong")
        card.paragraph(way.because, look="ink")
        card.paragraph(f"{way.url} (checked {way.checked})", size=12)
    name = wording.framework_name(knowledge, advice.verdict)
    drawn = chart.chart(knowledge, advice, answers, weights)
    if drawn and drawn.bars:
        card.space(14)
        _bars(card, drawn)
    for reason in advice.reasons:
        if reason.veto:
            out = wording.framework_name(knowledge, reason.framework)
            card.space(6)
            told = f"{out} is ruled out ({sentences.answer(reason)}): {reason.because}"
            card.paragraph(told, look="against")
    if advice.against:
        card.space(12)
        told = sentences.told(knowledge, advice.against, advice.verdict)
        card.paragraph(f"The strongest point against {name}. {told}", look="ink")
    if drawn and drawn.bars and advice.strength != "constraint":
        card.paragraph(wording.sturdiness(knowledge, advice, sturdy))
    if weights:
        card.paragraph(sentences.weights(weights))
    card.space(8)
    card.paragraph(signature, size=11)
    return card.finish(verdict, _told(drawn))


class _Card:
    """Collects the elements of the picture from top to bottom.

    Attributes:
        y: Where the next element begins, in pixels from the top.
    """

    def __init__(self) -> None:
        self.y = float(_MARGIN)
        self._parts: list[str] = []

    def space(self, height: float) -> None:
        """Leave some room."""
        self.y += height

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
        self._parts.append(
            f'<text class="{look}" x="{x:.1f}" y="{y:.1f}" font-size="{size}"'
            f' text-anchor="{anchor}">{escape(words, quote=False)}</text>'
        )

    def box(self, x: float, y: float, width: float, look: str) -> None:
        """Draw a bar."""
        self._parts.append(
            f'<rect class="{look}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}"'
            f' height="{_BAR_HEIGHT}" rx="2"/>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw an axis."""
        self._parts.append(
            f'<line class="axis" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'
        )

    def finish(self, title: str, description: str) -> str:
        """Return the whole document."""
        height = round(self.y + _MARGIN - 6)
        return "\n".join(
            [
                (
                    f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}"'
                    f' viewBox="0 0 {_WIDTH} {height}" role="img" aria-labelledby="title desc">'
                ),
                f'<title id="title">{escape(title, quote=False)}</title>',
                f'<desc id="desc">{escape(description, quote=False)}</desc>',
                f"<style>\n{_STYLE}\n</style>",
                (
                    f'<rect class="ground" x="0.5" y="0.5" width="{_WIDTH - 1}"'
                    f' height="{height - 1}" rx="10"/>'
                ),
                *self._parts,
                "</svg>",
                "",
            ]
        )


def _guesses(card: _Card, guesses: Suggested) -> None:
    card.space(10)
    card.paragraph(guesses.title, size=15, look="ink strong")
    if guesses.answers:
        card.paragraph(sentences.guesses(guesses), look="ink")
    card.paragraph(guesses.use_case.misleads)
    if guesses.asks:
        still = " ".join(criterion.question for criterion in guesses.asks)
        card.paragraph(f"Still to answer: {still}", look="ink")


def _bars(card: _Card, drawn: Chart) -> None:
    low = max((-bar.points for bar in drawn.bars if bar.points < 0), default=0)
    high = max((bar.points for bar in drawn.bars if bar.points > 0), default=0)
    room = _INNER - _LABELS - (_NUMBER if low else 8) - _NUMBER
    unit = min(room / (low + high), _LONGEST_POINT)
    axis = _MARGIN + _LABELS + (_NUMBER if low else 8) + low * unit
    if low:
        card.text(f"for {drawn.rival}", axis - 8, card.y + 12, 12, "against strong", "end")
    card.text(f"for {drawn.subject}", axis + 8, card.y + 12, 12, "for strong")
    card.space(20)
    top = card.y
    for bar in drawn.bars:
        _row(card, bar, axis, unit)
    card.line(axis, top, axis, card.y)
    card.line(_MARGIN, card.y, _WIDTH - _MARGIN, card.y)
    card.space(20)
    card.text("All together", _MARGIN, card.y, 13, "ink strong")
    card.text(drawn.sum, axis + 8, card.y, 13, "ink strong")
    card.space(10)


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
    if bar.points > 0:
        card.box(axis, middle - _BAR_HEIGHT / 2, length, f"for{guess}")
        card.text(bar.number, axis + length + 6, middle + 4.5, 13, "ink")
    else:
        card.box(axis - length, middle - _BAR_HEIGHT / 2, length, f"against{guess}")
        card.text(bar.number, axis - length - 6, middle + 4.5, 13, "ink", "end")
    card.y = end + 9


def _told(drawn: Chart | None) -> str:
    """Say in words what the bars show, for those who cannot see them."""
    if drawn is None or not drawn.bars:
        return "No answer speaks for or against a framework."
    told = ", ".join(f"{bar.label}{bar.hint} {wording.signed(bar.points)}" for bar in drawn.bars)
    return f"Points for {drawn.subject} over {drawn.rival}: {told}."
