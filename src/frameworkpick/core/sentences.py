"""Sentences about a decision: the wizard, the report and the decision record say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frameworkpick.core.decision import Decision
    from frameworkpick.core.decision.knowledge import Alternative, Citation, Knowledge
    from frameworkpick.core.decision.recommendation import Flip, Pair, Reason, Recommendation
    from frameworkpick.core.decision.suggested import Suggested

#: How a strength reads after a framework's name.
STRENGTHS = {
    "too_close": "too close to call",
    "lean": "only a lean",
    "clear": "clearly",
    "constraint": "decided by a constraint",
}
#: Names that start a sentence in the knowledge and look like plain words.
_NAMES = frozenset(
    {"Django", "Flask", "Gunicorn", "Jinja", "Pydantic", "Python", "Quart", "Starlette"}
)


def points(number: float) -> str:
    """Write points as a person reads them: ``1 point``, ``3 points``."""
    return f"{_short(number)} point{'' if abs(number) == 1 else 's'}"


def signed(number: float) -> str:
    """Write points with their sign, ``+3`` or ``-2``; zero has none."""
    return f"{'+' if number > 0 else ''}{_short(number)}"


def _short(number: float) -> str:
    """Write a number with two decimals at most: a mean of weights may have any number of them."""
    return f"{round(number, 2):g}"


def verdict(decision: Decision) -> str:
    """Say the verdict and its strength in one sentence."""
    knowledge, advice = decision.knowledge, decision.advice
    if advice.verdict == "neither":
        return f"Neither {knowledge.names(joined='nor')}: something else fits better."
    if advice.verdict == "conflict":
        return "The answers contradict each other: no framework can meet them all."
    name = knowledge.name_of(advice.verdict)
    match advice.strength:
        case "too_close":
            return f"Too close to call: {name} by default ({_lead(advice)})."
        case "lean":
            return f"{name}, but only a lean (ahead by {points(advice.margin)})."
        case "constraint":
            return f"{name}, because a constraint rules the rest out."
        case "clear":
            return f"{name}, clearly (ahead by {points(advice.margin)})."


def _lead(advice: Recommendation) -> str:
    # A tie-break may favour the one with fewer points.
    leads = advice.ranking[0].framework == advice.verdict
    margin = advice.margin if leads else -advice.margin
    if not margin:
        return "level"
    return f"{'ahead' if margin > 0 else 'behind'} by {points(abs(margin))}"


def so_far(decision: Decision) -> str:
    """Say in one line where the answers lead so far, and how far open questions could move it."""
    advice = decision.advice
    done = advice.completeness
    answered = f"{done.answered} of {done.of} answered"
    if advice.verdict == "neither":
        return f"So far: neither {decision.knowledge.names(joined='nor')} ({answered})."
    if advice.verdict == "conflict":
        return f"So far: the answers contradict each other ({answered})."
    name, strength = decision.name_of(advice.verdict), STRENGTHS[advice.strength]
    if advice.strength == "constraint":
        return f"So far: {name}, {strength} ({answered}). {constraint(advice)}"
    lead = f"{name} {_lead(advice)}" if advice.margin else _lead(advice)
    reach = f"open ones could make it {signed(done.worst)} to {signed(done.best)}"
    return f"So far: {lead}, {strength} ({answered}; {reach})."


def standing(decision: Decision) -> list[str]:
    """Say how complete the answers are, what the rest could change, and what settled a tie."""
    advice, guesses = decision.advice, decision.guesses
    done = advice.completeness
    more = len(guesses.answers) if guesses else 0
    only = f"; {more} more {'is' if more == 1 else 'are'} only suggested" if more else ""
    lines = [f"{done.answered} of {done.of} questions that count are answered{only}."]
    if not decision.advises:
        return lines
    if advice.strength == "constraint":
        return [f"{lines[0]} {constraint(advice)}"]
    if done.answered < done.of:
        reach = f"{signed(done.worst)} to {signed(done.best)}"
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


def constraint(advice: Recommendation) -> str:
    """Say what could still change a verdict that a constraint decides: never points."""
    if advice.completeness.decided:
        return "No open question can change that."
    flips = (f for f in advice.flips if f.from_ is None and f.verdict != advice.verdict)
    *most, last = dict.fromkeys(flip.criterion for flip in flips) or ("several open questions",)
    listed = f"{', '.join(most)} or {last}" if most else last
    return f"No points can change that; an answer on {listed} could."


def sturdiness(decision: Decision) -> str:
    """Say what redraws of the weights make of the verdict; nothing where none could change it."""
    advice, sturdy = decision.advice, decision.sturdiness
    if sturdy is None or advice.strength == "constraint":
        return ""
    count = f"{sturdy.draws:,} redraws of our weights (each from x 0.5 to x 1.5)"
    if advice.strength == "too_close":
        lean = " and ".join(
            f"to {decision.name_of(framework)} in {number:,}"
            for framework, number in sturdy.leading.items()
        )
        said = (
            f"It stays too close to call in {sturdy.too_close:,} of {count}; the lead goes {lean}"
        )
    else:
        said = f"The verdict stays in {sturdy.same:,} of {count}"
        by_rule = sturdy.same - sturdy.leading.get(advice.verdict, sturdy.same)
        said += f", in {by_rule:,} of them too close to call" if by_rule else ""
    return f"{said}: how much this depends on our weights, not how sure you can be."


def weights(factors: Mapping[str, float]) -> str:
    """Name the weights that somebody set; nothing when nobody did."""
    listed = ", ".join(f"{name} x {factor:g}" for name, factor in factors.items())
    return f"Weights set for this: {listed}." if listed else ""


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
    name = knowledge.name_of(verdict)
    return named.get(verdict, f"{name}, {STRENGTHS.get(strength, strength)}")


def told(decision: Decision, reason: Reason) -> str:
    """Say a reason; one that is not about the verdict names its framework."""
    if reason.framework == decision.verdict:
        return reason.because
    name = decision.name_of(reason.framework)
    if reason.veto:
        return f"{name} is ruled out: {reason.because}"
    side = "For " if reason.points > 0 else "Against " if reason.points < 0 else ""
    return f"{side}{name}: {reason.because}"


def answer(reason: Reason) -> str:
    """Name the answer that a reason rests on."""
    return f"{reason.criterion}: {reason.option}" if reason.option else reason.criterion


def cited(reason: Reason, *, guess: bool = False) -> str:
    """Give a reason in Markdown with its weight and its source."""
    weight = "ruled out" if reason.veto else signed(reason.points)
    weight += ", suggested" if guess else ""
    return f"{reason.because} ({weight}) {link(reason.source)}"


def read(way: Alternative) -> str:
    """Give in Markdown what to use instead with the page that says why."""
    return f"{way.because} [{way.name}]({way.url}), checked {way.checked.isoformat()}"


def link(source: Citation) -> str:
    """Link a source in Markdown, with the day it was checked."""
    return f"[{source.title}]({source.url}), checked {source.checked.isoformat()}"


def as_clause(sentence: str) -> str:
    """Let a sentence go on after "because": its first word starts small unless it is a name."""
    first, _, _ = sentence.partition(" ")
    is_name = first in _NAMES or first[1:].lower() != first[1:]
    return sentence if is_name else sentence[:1].lower() + sentence[1:]
