"""How a recommendation reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.core import wording
from frameworkpick.core.suggested import suggested, unconfirmed
from frameworkpick.report import bars, chart, sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frameworkpick.core.answers import Answers
    from frameworkpick.core.knowledge import Knowledge, Source
    from frameworkpick.core.recommendation import Reason, Recommendation
    from frameworkpick.core.sturdiness import Sturdiness
    from frameworkpick.core.suggested import Suggested
    from frameworkpick.report.page import Page, Tone

#: Single answers that would change the result, as many as a person reads.
_FLIPS_SHOWN = 5
_POINTS_COLUMN = 7
#: Reasons shown before a choice.
_BRIEF = 3
#: How a reason for the verdict is marked, and one against it.
_FOR: tuple[str, Tone] = ("  +", "good")
_AGAINST: tuple[str, Tone] = ("  -", "bad")


def recommendation(
    page: Page,
    knowledge: Knowledge,
    advice: Recommendation,
    answers: Answers,
    *,
    sturdy: Sturdiness | None = None,
    use_case: str | None = None,
    weights: Mapping[str, float] | None = None,
) -> None:
    """Write the verdict, what speaks for and against it, and what would change it.

    Args:
        page: Where to write.
        knowledge: The names of what the recommendation refers to.
        advice: The recommendation.
        answers: The answers it rests on.
        sturdy: How much it depends on the weights.
        use_case: Id of the use case that suggested answers.
        weights: The factors that somebody set, by criterion id.
    """
    guesses = suggested(knowledge, answers, use_case)
    page.line(wording.verdict_sentence(knowledge, advice), tone="strong")
    for line in sentences.standing(advice, guesses):
        page.line(line)
    picture = chart.chart(knowledge, advice, answers, weights or {})
    drawn = picture if picture and picture.bars else None
    if sturdy and drawn and advice.strength != "constraint":
        page.line(wording.sturdiness(knowledge, advice, sturdy))
    if weights:
        page.line(sentences.weights(weights))
    _instead(page, advice)
    if guesses:
        _guesses(page, guesses)
    if drawn:
        bars.write(page, drawn)
    sources = _Sources()
    _reasons(page, knowledge, advice, sources, unconfirmed(knowledge, answers))
    if advice.against:
        page.heading(
            f"The strongest point against {wording.framework_name(knowledge, advice.verdict)}"
        )
        told = sentences.told(knowledge, advice.against, advice.verdict)
        page.line(_cited(advice.against, sources, told), indent=2)
    if advice.advice:
        page.heading(
            "Whichever you take" if advice.verdict in sentences.NO_FRAMEWORK else "Keep in mind"
        )
        for reason in advice.advice:
            told = sentences.told(knowledge, reason, advice.verdict)
            page.line(_cited(reason, sources, told), indent=2)
    _flips(page, knowledge, advice)
    if advice.way_back:
        page.heading("If it proves wrong")
        page.line(_cited(advice.way_back, sources), indent=2)
    _open_questions(page, knowledge, answers)
    sources.write(page)


def brief(
    page: Page, knowledge: Knowledge, advice: Recommendation, guesses: Suggested | None = None
) -> None:
    """Write the verdict with its strongest reasons, as much as a person reads before a choice.

    Args:
        page: Where to write.
        knowledge: The names of what the recommendation refers to.
        advice: The recommendation.
        guesses: What only the use case says.
    """
    page.line(wording.verdict_sentence(knowledge, advice), tone="strong")
    for line in sentences.standing(advice, guesses):
        page.line(line)
    if guesses and guesses.answers:
        page.line(f"{guesses.title}: {sentences.guesses(guesses)}.")
    _instead(page, advice)
    mark, tone = _AGAINST if advice.verdict in sentences.NO_FRAMEWORK else _FOR
    for reason in _strongest(advice):
        told = sentences.told(knowledge, reason, advice.verdict)
        page.line(told, indent=4, mark=mark, tone=tone)
    if advice.against:
        told = sentences.told(knowledge, advice.against, advice.verdict)
        mark, tone = _AGAINST
        page.line(told, indent=4, mark=mark, tone=tone)


def _strongest(advice: Recommendation) -> list[Reason]:
    """Return what speaks most for the verdict; of a contradiction, what rules the rest out."""
    if advice.verdict in sentences.NO_FRAMEWORK:
        return [reason for reason in advice.reasons if reason.veto and not advice.instead]
    own = [r for r in advice.reasons if r.framework == advice.verdict and r.points > 0]
    others = [
        r for r in advice.reasons if r.framework != advice.verdict and (r.points < 0 or r.veto)
    ]
    return sorted([*own, *others], key=lambda r: (not r.veto, -abs(r.points)))[:_BRIEF]


class _Sources:
    """Numbers each source once, in the order of its first mention."""

    def __init__(self) -> None:
        self._seen: dict[Source, int] = {}

    def number(self, source: Source) -> int:
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


def _reasons(
    page: Page,
    knowledge: Knowledge,
    advice: Recommendation,
    sources: _Sources,
    guesses: frozenset[str],
) -> None:
    for standing in advice.ranking:
        own = [r for r in advice.reasons if r.framework == standing.framework]
        if not own and not standing.vetoed:
            continue
        name = wording.framework_name(knowledge, standing.framework)
        ruled_out = ", ruled out" if standing.vetoed else ""
        page.heading(f"{name}: {wording.points(standing.points)}{ruled_out}")
        for reason in sorted(own, key=lambda r: (not r.veto, -abs(r.points))):
            mark = "  never" if reason.veto else f"  {wording.signed(reason.points):>3}"
            hint = ", suggested" if reason.criterion in guesses else ""
            page.line(
                f"{_cited(reason, sources)} ({sentences.answer(reason)}{hint})",
                indent=_POINTS_COLUMN + (1 if reason.veto else 0),
                mark=mark,
                tone="bad" if reason.veto or reason.points < 0 else "good",
            )


def _flips(page: Page, knowledge: Knowledge, advice: Recommendation) -> None:
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


def _open_questions(page: Page, knowledge: Knowledge, answers: Answers) -> None:
    still_open = [c.id for c in knowledge.criteria if c.id not in answers]
    if not still_open:
        return
    page.heading("Not answered")
    page.line(", ".join(still_open), indent=2)
