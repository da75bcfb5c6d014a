"""How a recommendation reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.core import wording

if TYPE_CHECKING:
    from frameworkpick.core.answers import Answers
    from frameworkpick.core.knowledge import Knowledge, Source
    from frameworkpick.core.recommendation import Flip, Reason, Recommendation
    from frameworkpick.report.page import Page

#: Single answers that would change the result, as many as a person reads.
_FLIPS_SHOWN = 5
_POINTS_COLUMN = 7
#: Reasons shown before a choice.
_BRIEF = 3
_NO_FRAMEWORK = ("neither", "conflict")


def recommendation(
    page: Page, knowledge: Knowledge, advice: Recommendation, answers: Answers
) -> None:
    """Write the verdict, what speaks for and against it, and what would change it.

    Args:
        page: Where to write.
        knowledge: The names of what the recommendation refers to.
        advice: The recommendation.
        answers: The answers it rests on.
    """
    page.line(wording.verdict_sentence(knowledge, advice), tone="strong")
    for line in _standing(advice):
        page.line(line)
    _instead(page, advice)
    sources = _Sources()
    _reasons(page, knowledge, advice, sources)
    if advice.against:
        page.heading(
            f"The strongest point against {wording.framework_name(knowledge, advice.verdict)}"
        )
        page.line(_cited(advice.against, sources), indent=2)
    if advice.advice:
        page.heading("Whichever you take" if advice.verdict in _NO_FRAMEWORK else "Keep in mind")
        for reason in advice.advice:
            page.line(_cited(reason, sources), indent=2)
    _flips(page, knowledge, advice)
    if advice.way_back:
        page.heading("If it proves wrong")
        page.line(_cited(advice.way_back, sources), indent=2)
    _open_questions(page, knowledge, answers)
    sources.write(page)


def brief(page: Page, knowledge: Knowledge, advice: Recommendation) -> None:
    """Write the verdict with its strongest reasons, as much as a person reads before a choice."""
    page.line(wording.verdict_sentence(knowledge, advice), tone="strong")
    for line in _standing(advice):
        page.line(line)
    _instead(page, advice)
    own = [r for r in advice.reasons if r.framework == advice.verdict and r.points > 0]
    others = [
        r for r in advice.reasons if r.framework != advice.verdict and (r.points < 0 or r.veto)
    ]
    for reason in sorted([*own, *others], key=lambda r: (not r.veto, -abs(r.points)))[:_BRIEF]:
        page.line(reason.because, indent=4, mark="  +", tone="good")
    if advice.against:
        page.line(advice.against.because, indent=4, mark="  -", tone="bad")


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


def _cited(reason: Reason, sources: _Sources) -> str:
    return f"{reason.because} [{sources.number(reason.source)}]"


def _standing(advice: Recommendation) -> list[str]:
    done = advice.completeness
    lines = [f"{done.answered} of {done.of} questions that count are answered."]
    if advice.verdict in _NO_FRAMEWORK:
        return lines
    if done.answered < done.of:
        reach = f"{wording.signed(done.worst)} to {wording.signed(done.best)}"
        decided = "which cannot change it" if done.decided else "which could still change it"
        lines = [f"{lines[0]} The rest could make the lead {reach}, {decided}."]
    if advice.strength == "too_close" and advice.tie_break:
        settled = (
            "nothing settles it, so the default stands"
            if advice.tie_break == "default"
            else f"your answer on {advice.tie_break} settles it"
        )
        lines.append(f"The lead is too small to mean anything; {settled}.")
    return lines


def _instead(page: Page, advice: Recommendation) -> None:
    if not advice.instead:
        return
    page.heading("Use instead")
    for alternative in advice.instead:
        page.line(f"{alternative.name}: {alternative.because}", indent=2)
        page.verbatim(alternative.url, indent=2, tone="faint")


def _reasons(page: Page, knowledge: Knowledge, advice: Recommendation, sources: _Sources) -> None:
    for standing in advice.ranking:
        own = [r for r in advice.reasons if r.framework == standing.framework]
        if not own and not standing.vetoed:
            continue
        name = wording.framework_name(knowledge, standing.framework)
        ruled_out = ", ruled out" if standing.vetoed else ""
        page.heading(f"{name}: {wording.points(standing.points)}{ruled_out}")
        for reason in sorted(own, key=lambda r: (not r.veto, -abs(r.points))):
            mark = "  never" if reason.veto else f"  {wording.signed(reason.points):>3}"
            page.line(
                f"{_cited(reason, sources)} ({_answer(reason)})",
                indent=_POINTS_COLUMN + (1 if reason.veto else 0),
                mark=mark,
                tone="bad" if reason.veto or reason.points < 0 else "good",
            )


def _answer(reason: Reason) -> str:
    return f"{reason.criterion}: {reason.option}" if reason.option else reason.criterion


def _flips(page: Page, knowledge: Knowledge, advice: Recommendation) -> None:
    page.heading("What would change the answer")
    if not advice.flips:
        page.line("No single answer would.", indent=2)
    # Another verdict says more than another strength of the same one.
    nearest = sorted(advice.flips, key=lambda flip: flip.verdict == advice.verdict)
    for flip in nearest[:_FLIPS_SHOWN]:
        page.line(_flip(knowledge, flip), indent=2)
    more = len(advice.flips) - _FLIPS_SHOWN
    if more > 0:
        page.line(f"... and {more} more; --json lists them all.", indent=2, tone="faint")


def _flip(knowledge: Knowledge, flip: Flip) -> str:
    then = {"neither": "none of them", "conflict": "a contradiction"}.get(
        flip.verdict,
        f"{wording.framework_name(knowledge, flip.verdict)}, {wording.STRENGTHS[flip.strength]}",
    )
    return f"{flip.criterion} = {flip.to} (now {flip.from_ or 'open'}): {then}"


def _open_questions(page: Page, knowledge: Knowledge, answers: Answers) -> None:
    still_open = [c.id for c in knowledge.criteria if c.id not in answers]
    if not still_open:
        return
    page.heading("Not answered")
    page.line(", ".join(still_open), indent=2)
