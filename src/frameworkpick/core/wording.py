"""Sentences about a recommendation, shared by the wizard and the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from frameworkpick.core.knowledge import Knowledge
    from frameworkpick.core.scoring import Recommendation
    from frameworkpick.core.sturdiness import Sturdiness

#: How a strength reads after a framework's name.
STRENGTHS = {
    "too_close": "too close to call",
    "lean": "only a lean",
    "clear": "clearly",
    "constraint": "decided by a constraint",
}


def points(number: float) -> str:
    """Write points as a person reads them: ``1 point``, ``3 points``."""
    return f"{_short(number)} point{'' if abs(number) == 1 else 's'}"


def signed(number: float) -> str:
    """Write points with their sign, ``+3`` or ``-2``; zero has none."""
    return f"{'+' if number > 0 else ''}{_short(number)}"


def _short(number: float) -> str:
    """Write a number with two decimals at most: a mean of weights may have any number of them."""
    return f"{round(number, 2):g}"


def framework_name(knowledge: Knowledge, framework: str) -> str:
    """Return the name of a framework; an id nobody knows stands for itself."""
    return next((f.name for f in knowledge.frameworks if f.id == framework), framework)


def all_names(knowledge: Knowledge, *, joined: str = "and") -> str:
    """Return the frameworks' names as a list in a sentence: ``FastAPI and Flask``."""
    *most, last = [framework.name for framework in knowledge.frameworks]
    return f"{', '.join(most)} {joined} {last}" if most else last


def verdict_sentence(knowledge: Knowledge, recommendation: Recommendation) -> str:
    """Say the verdict and its strength in one sentence."""
    match recommendation.verdict, recommendation.strength:
        case "neither", _:
            return f"Neither {all_names(knowledge, joined='nor')}: something else fits better."
        case "conflict", _:
            return "The answers contradict each other: no framework can meet them all."
        case verdict, "too_close":
            return (
                f"Too close to call: {framework_name(knowledge, verdict)} by default "
                f"({_lead(recommendation)})."
            )
        case verdict, "lean":
            return (
                f"{framework_name(knowledge, verdict)}, but only a lean "
                f"(ahead by {points(recommendation.margin)})."
            )
        case verdict, "constraint":
            return f"{framework_name(knowledge, verdict)}, because a constraint rules the rest out."
        case verdict, _:
            return (
                f"{framework_name(knowledge, verdict)}, clearly "
                f"(ahead by {points(recommendation.margin)})."
            )


def _lead(recommendation: Recommendation) -> str:
    # A tie-break may favour the one with fewer points.
    leads = recommendation.ranking[0].framework == recommendation.verdict
    margin = recommendation.margin if leads else -recommendation.margin
    if not margin:
        return "level"
    return f"{'ahead' if margin > 0 else 'behind'} by {points(abs(margin))}"


def standing(knowledge: Knowledge, recommendation: Recommendation) -> str:
    """Say in one line where the answers lead so far, and how far open questions could move it."""
    done = recommendation.completeness
    answered = f"{done.answered} of {done.of} answered"
    match recommendation.verdict:
        case "neither":
            return f"So far: neither {all_names(knowledge, joined='nor')} ({answered})."
        case "conflict":
            return f"So far: the answers contradict each other ({answered})."
        case verdict:
            if recommendation.strength == "constraint":
                name = framework_name(knowledge, verdict)
                way = constraint(recommendation)
                return f"So far: {name}, {STRENGTHS['constraint']} ({answered}). {way}"
            lead = _lead(recommendation)
            if recommendation.margin:
                lead = f"{framework_name(knowledge, verdict)} {lead}"
            return (
                f"So far: {lead}, {STRENGTHS[recommendation.strength]} ({answered}; "
                f"open ones could make it {signed(done.worst)} to {signed(done.best)})."
            )


def constraint(advice: Recommendation) -> str:
    """Say what could still change a verdict that a constraint decides: never points."""
    if advice.completeness.decided:
        return "No open question can change that."
    flips = (f for f in advice.flips if f.from_ is None and f.verdict != advice.verdict)
    *most, last = dict.fromkeys(flip.criterion for flip in flips) or ("several open questions",)
    listed = f"{', '.join(most)} or {last}" if most else last
    return f"No points can change that; an answer on {listed} could."


def sturdiness(knowledge: Knowledge, advice: Recommendation, sturdy: Sturdiness) -> str:
    """Say what redraws of the weights make of the verdict, and what that means."""
    count = f"{sturdy.draws:,} redraws of our weights (each from x 0.5 to x 1.5)"
    if advice.strength == "too_close":
        lean = " and ".join(
            f"to {framework_name(knowledge, framework)} in {number:,}"
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
