"""How a recommendation reads in a terminal, in a pipe, and where only plain characters show."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from frameworkpick.core import bars, sentences

if TYPE_CHECKING:
    from frameworkpick.core.bars import Bar, Chart
    from frameworkpick.core.decision import Decision
    from frameworkpick.core.decision.knowledge import Citation
    from frameworkpick.core.decision.recommendation import Reason, Recommendation
    from frameworkpick.core.decision.suggested import Suggested
    from frameworkpick.report.page import Page, Tone

#: Single answers that would change the result, as many as a person reads.
_FLIPS_SHOWN = 5
_POINTS_COLUMN = 7
#: Reasons shown before a choice.
_BRIEF = 3
#: How a reason for the verdict is marked, and one against it.
_FOR: tuple[str, Tone] = ("  +", "good")
_AGAINST: tuple[str, Tone] = ("  -", "bad")
_INDENT = 2
#: Columns between the parts of a bar's line: before the axis, and before the number.
_GAP = 2
_LONGEST_LABEL = 34
#: Columns for the number behind a bar, with the factor it was multiplied by.
_NUMBER = 12
#: Cells for one point, as long as all bars have room.
_CELLS = 2.0


def recommendation(page: Page, decision: Decision) -> None:
    """Write the verdict, what speaks for and against it, and what would change it."""
    advice, guesses = decision.advice, decision.guesses
    _verdict(page, decision)
    chart = bars.chart(decision)
    drawn = chart if chart and chart.bars else None
    if drawn and (sturdy := sentences.sturdiness(decision)):
        page.line(sturdy)
    if factors := sentences.weights(decision.said.weights):
        page.line(factors)
    _instead(page, advice)
    if guesses:
        _guesses(page, guesses)
    if drawn:
        _bars(page, drawn)
    sources = _Sources()
    _reasons(page, decision, sources)
    if advice.against:
        page.heading(f"The strongest point against {decision.name_of(advice.verdict)}")
        told = sentences.told(decision, advice.against)
        page.line(_cited(advice.against, sources, told), indent=2)
    if advice.advice:
        page.heading("Keep in mind" if decision.advises else "Whichever you take")
        for reason in advice.advice:
            page.line(_cited(reason, sources, sentences.told(decision, reason)), indent=2)
    _flips(page, decision)
    if advice.way_back:
        page.heading("If it proves wrong")
        page.line(_cited(advice.way_back, sources), indent=2)
    still_open = [c.id for c in decision.knowledge.criteria if c.id not in decision.said.answers]
    if still_open:
        page.heading("Not answered")
        page.line(", ".join(still_open), indent=2)
    sources.write(page)


def brief(page: Page, decision: Decision) -> None:
    """Write the verdict with its strongest reasons, as much as a person reads before a choice."""
    advice, guesses = decision.advice, decision.guesses
    _verdict(page, decision)
    if guesses and guesses.answers:
        page.line(f"{guesses.title}: {sentences.guesses(guesses)}.")
    _instead(page, advice)
    mark, tone = _FOR if decision.advises else _AGAINST
    for reason in _strongest(decision):
        page.line(sentences.told(decision, reason), indent=4, mark=mark, tone=tone)
    if advice.against:
        mark, tone = _AGAINST
        page.line(sentences.told(decision, advice.against), indent=4, mark=mark, tone=tone)


def _verdict(page: Page, decision: Decision) -> None:
    page.line(sentences.verdict(decision), tone="strong")
    for line in sentences.standing(decision):
        page.line(line)


def _bars(page: Page, chart: Chart) -> None:
    """Write one bar for each answer: to the right for the verdict, to the left against it."""
    page.heading(f"For and against {chart.subject}, in points of its lead over {chart.rival}")
    label = min(max(len(bar.label) for bar in chart.bars), _LONGEST_LABEL)
    hint = max(len(bar.hint) for bar in chart.bars)
    room = page.width - _INDENT - label - 2 * _GAP - 1 - _NUMBER - hint
    cells = min(_CELLS, max(room, 8) / (chart.low + chart.high))
    left = -(-round(chart.low * cells * 2) // 2)  # rounded as bars are
    for bar in chart.bars:
        _bar(page, bar, label, cells, left)
    total = sentences.signed(chart.total)
    page.verbatim(f"{'all together':<{label}}{' ' * (_GAP + left)}= {total}", indent=_INDENT)
    for name in chart.ruled_out:
        page.line(f"{name} is ruled out, whatever the points say.", indent=_INDENT)


def _bar(page: Page, bar: Bar, label: int, cells: float, left: int) -> None:
    first, *more = textwrap.wrap(bar.label, label)
    drawn = bars.length(bar.points, cells, page.glyphs)
    tone: Tone = "good" if bar.points > 0 else "bad"
    before, after = ("", drawn) if bar.points > 0 else (drawn, "")
    page.pieces(
        (" " * _INDENT + f"{first:<{label}}" + " " * _GAP, "plain"),
        (f"{before:>{left}}", tone),
        (page.glyphs.axis, "plain"),
        (after, tone),
        (f" {bar.number}{bar.hint}", "plain"),
    )
    for part in more:
        page.verbatim(part, indent=_INDENT)


def _strongest(decision: Decision) -> list[Reason]:
    """Return what speaks most for the verdict; of a contradiction, what rules the rest out."""
    advice = decision.advice
    if not decision.advises:
        return [reason for reason in advice.reasons if reason.veto and not advice.instead]
    own = [r for r in advice.reasons if r.framework == advice.verdict and r.points > 0]
    others = [
        r for r in advice.reasons if r.framework != advice.verdict and (r.points < 0 or r.veto)
    ]
    return sorted([*own, *others], key=lambda r: (not r.veto, -abs(r.points)))[:_BRIEF]


class _Sources:
    """Numbers each source once, in the order of its first mention."""

    def __init__(self) -> None:
        self._seen: dict[Citation, int] = {}

    def number(self, source: Citation) -> int:
        return self._seen.setdefault(source, len(self._seen) + 1)

    def write(self, page: Page) -> None:
        if self._seen:
            page.heading("Sources")
        for source, number in self._seen.items():
            mark = f"  [{number}]"
            page.line(
                f"{source.title} (checked {source.checked})", indent=_POINTS_COLUMN, mark=mark
            )
            page.verbatim(source.url, indent=_POINTS_COLUMN, tone="faint")


def _cited(reason: Reason, sources: _Sources, told: str = "") -> str:
    return f"{told or reason.because} [{sources.number(reason.source)}]"


def _instead(page: Page, advice: Recommendation) -> None:
    if not advice.instead:
        return
    page.heading("Use instead")
    for alternative in advice.instead:
        read = f"(checked {alternative.checked})"
        page.line(f"{alternative.name}: {alternative.because} {read}", indent=2)
        page.verbatim(alternative.url, indent=2, tone="faint")


def _guesses(page: Page, guesses: Suggested) -> None:
    page.heading(guesses.title)
    if guesses.answers:
        page.line(sentences.guesses(guesses), indent=2)
    page.line(guesses.use_case.misleads, indent=2)
    if guesses.asks:
        page.line("Still to answer:", indent=2)
    for criterion in guesses.asks:
        page.line(f"{criterion.id}: {criterion.question}", indent=4)


def _reasons(page: Page, decision: Decision, sources: _Sources) -> None:
    advice, guesses = decision.advice, decision.unconfirmed
    for standing in advice.ranking:
        own = [r for r in advice.reasons if r.framework == standing.framework]
        if not own and not standing.vetoed:
            continue
        ruled_out = ", ruled out" if standing.vetoed else ""
        name = decision.name_of(standing.framework)
        page.heading(f"{name}: {sentences.points(standing.points)}{ruled_out}")
        for reason in sorted(own, key=lambda r: (not r.veto, -abs(r.points))):
            mark = "  never" if reason.veto else f"  {sentences.signed(reason.points):>3}"
            hint = ", suggested" if reason.criterion in guesses else ""
            page.line(
                f"{_cited(reason, sources)} ({sentences.answer(reason)}{hint})",
                indent=_POINTS_COLUMN + (1 if reason.veto else 0),
                mark=mark,
                tone="bad" if reason.veto or reason.points < 0 else "good",
            )


def _flips(page: Page, decision: Decision) -> None:
    knowledge, advice = decision.knowledge, decision.advice
    page.heading("What would change the answer")
    if not any(flip.verdict != advice.verdict for flip in advice.flips):
        page.line("No single answer would change the verdict.", indent=2)
    for pair in advice.pairs:
        page.line(f"Two would: {sentences.pair(knowledge, pair)}", indent=2)
    # Smallest change first; another verdict says more than another strength of the same one.
    nearest = sorted(advice.flips, key=lambda flip: flip.verdict == advice.verdict)
    for flip in nearest[:_FLIPS_SHOWN]:
        page.line(sentences.flip(knowledge, flip), indent=2)
    more = len(advice.flips) - _FLIPS_SHOWN
    if more > 0:
        page.line(f"... and {more} more; --json lists them all.", indent=2, tone="faint")
