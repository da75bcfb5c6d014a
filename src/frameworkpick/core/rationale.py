"""Why it was decided as it was, and what would turn it: the reasoned parts of a decision record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.core import wording
from frameworkpick.core.answers import chosen_options
from frameworkpick.core.suggested import suggested

if TYPE_CHECKING:
    from frameworkpick.core.answers import Answers
    from frameworkpick.core.knowledge import Criterion, Knowledge
    from frameworkpick.core.recommendation import Flip, Recommendation

#: So many changes of an answer are named as occasions to think again.
_REVISITS = 6


def use_case_named(knowledge: Knowledge, answers: Answers, use_case: str | None) -> list[str]:
    """Say what the project was called, and that its name alone answers nothing."""
    found = knowledge.use_case(use_case) if use_case else None
    if found is None:
        return []
    named = f"The use case: {found.label} (`{found.id}`)."
    guesses = suggested(knowledge, answers, found.id)
    if guesses is None:
        return [named]
    listed = ", ".join(f"`{name}`" for name, _ in guesses.answers)
    only = f" It alone suggests {listed}, which nobody confirmed." if listed else ""
    still = [f"{criterion.question} (`{criterion.id}`)" for criterion in guesses.asks]
    return [
        f"{named}{only} {found.misleads}{' Still to answer:' if still else ''}",
        bullets(still),
    ]


def outcome(
    knowledge: Knowledge,
    recommendation: Recommendation,
    answers: Answers,
    chosen: str,
    because: str | None,
) -> str:
    """Say what was chosen and why: the advice, against it, or because nothing decided.

    Args:
        knowledge: What the recommendation was computed from.
        recommendation: What was advised.
        answers: The decision answers.
        chosen: Id of the framework that was taken.
        because: The person's reason for choosing otherwise, if they did and gave one.
    """
    name = wording.framework_name(knowledge, chosen)
    advice = wording.verdict_sentence(knowledge, recommendation)
    reason = _one_line(because) if because else ""
    if recommendation.strength == "too_close":
        lines = _too_close(knowledge, recommendation, answers, chosen, reason)
    elif knowledge.framework(chosen) is None:
        lines = [f"No option is chosen. {advice}"]
    elif chosen == recommendation.verdict:
        lines = [f'Chosen option: "{name}", because the answers lead there. {advice}']
    elif reason:
        lines = [
            f'Chosen option: "{name}", against the advice, because: {reason}.',
            f"The advice: {advice}",
        ]
    else:
        lines = [
            f'Chosen option: "{name}", against the advice; no reason was given.',
            f"The advice: {advice}",
        ]
    lines += [
        f"Instead: [{way.name}]({way.url}), checked {way.checked}. {way.because}"
        for way in recommendation.instead
    ]
    return "\n\n".join(lines)


def _too_close(
    knowledge: Knowledge,
    recommendation: Recommendation,
    answers: Answers,
    chosen: str,
    reason: str,
) -> list[str]:
    """Say plainly that nothing decided, and what the default rule is."""
    name = wording.framework_name(knowledge, chosen)
    default = wording.framework_name(knowledge, recommendation.verdict)
    rule = f"the default rule gives {default}"
    if chosen == recommendation.verdict:
        first = f'Chosen option: "{name}", because the answers do not decide and {rule}.'
    elif reason:
        first = f'Chosen option: "{name}", because: {reason}. The answers do not decide; {rule}.'
    else:
        first = f'Chosen option: "{name}", though {rule}; no reason was given.'
    lead = recommendation.ranking[0]
    if not chosen_options(answers):
        state = "No question was answered, so nothing speaks for any option."
    elif not recommendation.margin:
        state = "The points are level."
    else:
        state = (
            f"{wording.framework_name(knowledge, lead.framework)} is ahead by "
            f"{wording.points(recommendation.margin)}, and a lead below "
            f"{wording.points(knowledge.lean_from)} is too close to call."
        )
    settlers = [criterion for criterion, _ in knowledge.tie_break]
    if recommendation.tie_break in settlers:
        rest = f"What is too close goes by the answer to `{recommendation.tie_break}`."
    else:
        looks_at = ", then at ".join(f"`{criterion}`" for criterion in settlers)
        rest = f"The default rule looks at {looks_at}; where none of it settles, it is {default}."
    return [first, f"{state} {rest}"]


def turns(knowledge: Knowledge, recommendation: Recommendation, chosen: str) -> list[str]:
    """Say what would favour another framework: single answers, else the smallest pair."""
    ids = {framework.id for framework in knowledge.frameworks} - {recommendation.verdict}
    single = [flip for flip in recommendation.flips if flip.verdict in ids][:_REVISITS]
    followed = chosen == recommendation.verdict
    if single:
        when = "Think again when" if followed else "The advice changes when"
        return [
            f"{when} one of these becomes true:",
            bullets([_turn(knowledge, flip) for flip in single]),
        ]
    if not recommendation.pairs:
        return ["No other answer, alone or with a second one, would favour another framework."]
    pair = recommendation.pairs[0]
    lines = [
        f"{criterion.question} **{label(criterion, option)}**"
        for name, _, option in pair.changes
        if (criterion := knowledge.criterion(name))
    ]
    then = wording.framework_name(knowledge, pair.verdict)
    strength = wording.STRENGTHS[pair.strength]
    advised = f"{then} would be the advice ({strength}) when both of these become true:"
    return [f"No single other answer would favour another framework. {advised}", bullets(lines)]


def _turn(knowledge: Knowledge, flip: Flip) -> str:
    criterion = knowledge.criterion(flip.criterion)
    question = (
        f"{criterion.question} **{label(criterion, flip.to)}**" if criterion else flip.criterion
    )
    then = wording.framework_name(knowledge, flip.verdict)
    return f"{question}: {then} ({wording.STRENGTHS[flip.strength]})"


def label(criterion: Criterion, option: str) -> str:
    """Return an answer as a person reads it; an option nobody knows stands for itself."""
    found = criterion.option(option)
    return found.label if found else option


def _one_line(text: str) -> str:
    return " ".join(text.split()).rstrip(".")


def bullets(lines: list[str]) -> str:
    """Write lines as a Markdown list."""
    return "\n".join(f"* {line}" for line in lines)
