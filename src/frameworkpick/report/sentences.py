"""Sentences about a recommendation that the terminal, the picture and the page share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.core import wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frameworkpick.core.knowledge import Knowledge
    from frameworkpick.core.recommendation import Flip, Pair, Reason, Recommendation
    from frameworkpick.core.suggested import Suggested

#: Verdicts that are no framework.
NO_FRAMEWORK = ("neither", "conflict")


def standing(advice: Recommendation, guesses: Suggested | None = None) -> list[str]:
    """Say how complete the answers are, what the rest could change, and what settled a tie."""
    done = advice.completeness
    more = len(guesses.answers) if guesses else 0
    only = f"; {more} more {'is' if more == 1 else 'are'} only suggested" if more else ""
    lines = [f"{done.answered} of {done.of} questions that count are answered{only}."]
    if advice.verdict in NO_FRAMEWORK:
        return lines
    if advice.strength == "constraint":
        return [f"{lines[0]} {wording.constraint(advice)}"]
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


def weights(factors: Mapping[str, float]) -> str:
    """Name the weights that somebody set."""
    listed = ", ".join(f"{name} x {factor:g}" for name, factor in factors.items())
    return f"Weights set for this: {listed}."


def guesses(found: Suggested) -> str:
    """Name the answers that only the use case suggests."""
    return ", ".join(f"{name}: {option}" for name, option in found.answers)


def flip(knowledge: Knowledge, change: Flip) -> str:
    """Say what one other answer would make of the verdict, by the names of files and flags."""
    now = change.from_ or "open"
    then = outcome(knowledge, change.verdict, change.strength)
    return f"{change.criterion} = {change.to} (now {now}): {then}"


def pair(knowledge: Knowledge, change: Pair) -> str:
    """Say what two other answers would make of the verdict together."""
    both = " and ".join(f"{name} = {to} (now {now or 'open'})" for name, now, to in change.changes)
    return f"{both}: {outcome(knowledge, change.verdict, change.strength)}"


def outcome(knowledge: Knowledge, verdict: str, strength: str) -> str:
    """Name a verdict and its strength in a few words."""
    named = {"neither": "none of them", "conflict": "a contradiction"}
    name = wording.framework_name(knowledge, verdict)
    return named.get(verdict, f"{name}, {wording.STRENGTHS.get(strength, strength)}")


def told(knowledge: Knowledge, reason: Reason, verdict: str) -> str:
    """Say a reason; one that is not about the verdict names its framework."""
    if reason.framework == verdict:
        return reason.because
    name = wording.framework_name(knowledge, reason.framework)
    if reason.veto:
        return f"{name} is ruled out: {reason.because}"
    side = "For " if reason.points > 0 else "Against " if reason.points < 0 else ""
    return f"{side}{name}: {reason.because}"


def answer(reason: Reason) -> str:
    """Name the answer that a reason rests on."""
    return f"{reason.criterion}: {reason.option}" if reason.option else reason.criterion
