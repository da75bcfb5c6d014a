"""The decision record of a project, in the form of MADR 4.0 (https://adr.github.io/madr/)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick import __version__
from frameworkpick.core import sentences
from frameworkpick.core.decision.answers import chosen_options
from frameworkpick.core.decision.recommendation import CONFLICT, NEITHER
from frameworkpick.core.preset import paragraphs
from frameworkpick.core.sentences import as_clause, cited, read
from frameworkpick.report.templates import templates

if TYPE_CHECKING:
    from frameworkpick.core.decision import Decision
    from frameworkpick.core.decision.recommendation import Flip, Reason

#: So many reasons are named as drivers; all of them stand under the pros and cons.
_DRIVERS = 6
#: So many changes of an answer are named as occasions to think again.
_REVISITS = 6


def decision_record(
    decision: Decision,
    *,
    chosen: str,
    because: str | None,
    date: str,
    tool_version: str = __version__,
    supersedes: str | None = None,
    built_on: str | None = None,
    kept: bool = False,
) -> str:
    """Write the decision as a Markdown document.

    Args:
        decision: What was decided.
        chosen: Id of the framework that was taken.
        because: The person's reason for choosing otherwise, if they did and gave one.
        date: The day of the decision, ``YYYY-MM-DD``.
        tool_version: Version of frameworkpick.
        supersedes: File name of the decision record that this one takes the place of.
        built_on: Id of the framework that the project's code is built on, if there is code.
        kept: Whether the project's ``.frameworkpick.toml`` holds the same answers and verdict.
    """
    knowledge, name = decision.knowledge, decision.name_of(chosen)
    titles = {
        NEITHER: f"Use neither {knowledge.names(joined='nor')}",
        CONFLICT: "Leave the web framework open: the answers contradict each other",
    }
    return templates().get_template("decision.md.jinja").render(
        date=date,
        title=titles.get(chosen, f"Use {name} as the web framework"),
        # Nothing is decided yet where no framework was taken, or nobody has ported the code.
        proposed=chosen in titles or built_on not in (None, chosen),
        supersedes=supersedes,
        built_on=decision.name_of(built_on) if built_on else "",
        answers=_answers(decision),
        use_case=knowledge.use_case(decision.said.use_case) if decision.said.use_case else None,
        guesses=decision.guesses,
        drivers=_drivers(decision),
        options=[f.name for f in knowledge.frameworks] + [w.name for w in decision.advice.instead],
        outcome=_outcome(decision, chosen, " ".join((because or "").split()).rstrip(".")),
        instead=decision.advice.instead,
        consequences=_consequences(decision, chosen),
        reasons=[(each.name, _reasons(decision, each.id)) for each in knowledge.frameworks],
        more=_more(decision),
        framework=knowledge.framework(chosen),
        turns=_turns(decision, chosen),
        knowledge=knowledge,
        tool_version=tool_version,
        kept=kept,
        as_clause=as_clause,
        read=read,
        link=sentences.link,
    )  # fmt: skip


def _answers(decision: Decision) -> list[str]:
    lines = []
    for criterion in decision.knowledge.criteria:
        answer = decision.said.answers.get(criterion.id)
        if answer is None:
            continue
        label = decision.knowledge.label(criterion.id, answer.value) if answer.value else "not sure"
        hint = ", only suggested by the use case" if answer.provisional else ""
        lines.append(f"{criterion.question} **{label}** (`{criterion.id}`{hint})")
    return lines


def _counted(decision: Decision) -> list[Reason]:
    """Return the reasons without what only corrects a double count and is no argument."""
    caps = _caps(decision)
    return [reason for reason in decision.advice.reasons if reason.criterion not in caps]


def _caps(decision: Decision) -> set[str]:
    return {each.id for each in decision.knowledge.interactions if each.kind == "cap"}


def _drivers(decision: Decision) -> list[str]:
    guesses = decision.unconfirmed
    ordered = sorted(_counted(decision), key=lambda r: (not r.veto, -abs(r.points)))
    return [f"{way.name}: {read(way)}" for way in decision.advice.instead] + [
        f"{decision.name_of(reason.framework)}: {cited(reason, guess=reason.criterion in guesses)}"
        for reason in ordered[:_DRIVERS]
    ]


def _reasons(decision: Decision, framework: str) -> list[str]:
    caps, guesses = _caps(decision), decision.unconfirmed
    return [
        f"{'Neutral' if r.criterion in caps else 'Good' if r.points > 0 else 'Bad'}, because "
        f"{as_clause(cited(r, guess=r.criterion in guesses))}"
        for r in decision.advice.reasons
        if r.framework == framework
    ]


def _outcome(decision: Decision, chosen: str, reason: str) -> list[str]:
    """Say what was chosen and why: the advice, against it, or because nothing decided."""
    advice = sentences.verdict(decision)
    option = f'Chosen option: "{decision.name_of(chosen)}",'
    if decision.advice.strength == "too_close":
        return _too_close(decision, chosen, option, reason)
    if decision.knowledge.framework(chosen) is None:
        return [f"No option is chosen. {advice}"]
    if chosen == decision.verdict:
        return [f"{option} because the answers lead there. {advice}"]
    why = f", because: {reason}." if reason else "; no reason was given."
    return [f"{option} against the advice{why}", f"The advice: {advice}"]


def _too_close(decision: Decision, chosen: str, option: str, reason: str) -> list[str]:
    """Say plainly that nothing decided, and what the default rule is."""
    knowledge, advice = decision.knowledge, decision.advice
    default = decision.name_of(advice.verdict)
    rule = f"the default rule gives {default}"
    if chosen == advice.verdict:
        first = f"{option} because the answers do not decide and {rule}."
    elif reason:
        first = f"{option} because: {reason}. The answers do not decide; {rule}."
    else:
        first = f"{option} though {rule}; no reason was given."
    if not chosen_options(decision.said.answers):
        state = "No question was answered, so nothing speaks for any option."
    elif not advice.margin:
        state = "The points are level."
    else:
        state = (
            f"{decision.name_of(advice.ranking[0].framework)} is ahead by "
            f"{sentences.points(advice.margin)}, and a lead below "
            f"{sentences.points(knowledge.lean_from)} is too close to call."
        )
    settlers = [criterion for criterion, _ in knowledge.tie_break]
    if advice.tie_break in settlers:
        rest = f"What is too close goes by the answer to `{advice.tie_break}`."
    else:
        looks_at = ", then at ".join(f"`{criterion}`" for criterion in settlers)
        rest = f"The default rule looks at {looks_at}; where none of it settles, it is {default}."
    return [first, f"{state} {rest}"]


def _consequences(decision: Decision, chosen: str) -> list[str]:
    knowledge, counted = decision.knowledge, _counted(decision)
    own = [reason for reason in counted if reason.framework == chosen]
    good = [f"Good, because {as_clause(r.because)}" for r in own if r.points > 0]
    lines = good or ["Neutral, because no answer speaks for it."]
    lines += [f"Bad, because {as_clause(r.because)}" for r in own if r.points < 0 or r.veto]
    lines += [
        f"Bad, because it goes without what speaks for "
        f"{decision.name_of(r.framework)}: {as_clause(r.because)}"
        for r in counted
        if r.framework != chosen and r.points > 0
    ]
    framework = knowledge.framework(chosen)
    if framework is None:
        return lines
    lines += [
        f"Bad, because it goes without {way.name}: {as_clause(way.because)}"
        for way in decision.advice.instead
    ]
    lines.append(f"Bad, because in any case {as_clause(framework.caveat.because)}")
    options = chosen_options(decision.said.answers)
    return lines + [
        f"Neutral, because there is something to heed: {as_clause(effect.because)}"
        for interaction in knowledge.interactions
        if interaction.kind == "advice" and interaction.applies(options)
        if (effect := framework.effects.get(interaction.id))
    ]


def _more(decision: Decision) -> list[str]:
    """Say how many points there are, what they rest on, and what a person or a team set."""
    advice, weights = decision.advice, decision.said.weights
    done = advice.completeness
    standings = ", ".join(
        f"{decision.name_of(place.framework)} {place.points:g}" for place in advice.ranking
    )
    answered = f"{done.answered} of {done.of} questions that give points"
    reach = (
        f"the lead to anything from {sentences.signed(done.worst)} to {sentences.signed(done.best)}"
    )
    rest = f"; the open ones could move {reach}."
    if advice.strength == "constraint":
        rest = f". {sentences.constraint(advice)}"
    parts = [
        f"Points: {standings}. Answered: {answered}{rest}",
        sentences.sturdiness(decision),
    ]
    if weights:
        listed = ", ".join(f"`{name}` counts {factor:g} times" for name, factor in weights.items())
        parts.append(f"Weights set by hand, where the knowledge has 1: {listed}.")
    if decision.preset:
        parts += paragraphs(decision.preset)
    return [part for part in parts if part]


def _turns(decision: Decision, chosen: str) -> tuple[str, list[str]]:
    """Say what would favour another framework: single answers, else the smallest pair."""
    knowledge, advice = decision.knowledge, decision.advice
    others = {framework.id for framework in knowledge.frameworks} - {advice.verdict}
    single = [flip for flip in advice.flips if flip.verdict in others][:_REVISITS]
    if single:
        followed = chosen == advice.verdict
        when = "Think again when" if followed else "The advice changes when"
        return f"{when} one of these becomes true:", [_turn(decision, flip) for flip in single]
    if not advice.pairs:
        return "No other answer, alone or with a second one, would favour another framework.", []
    pair = advice.pairs[0]
    then = f"{decision.name_of(pair.verdict)} would be the advice"
    when = f"{then} ({sentences.STRENGTHS[pair.strength]}) when both of these become true:"
    return (
        f"No single other answer would favour another framework. {when}",
        [_changed(decision, criterion, option) for criterion, _, option in pair.changes],
    )


def _turn(decision: Decision, flip: Flip) -> str:
    then = f"{decision.name_of(flip.verdict)} ({sentences.STRENGTHS[flip.strength]})"
    return f"{_changed(decision, flip.criterion, flip.to)}: {then}"


def _changed(decision: Decision, criterion_id: str, option: str) -> str:
    criterion = decision.knowledge.criterion(criterion_id)
    question = criterion.question if criterion else criterion_id
    return f"{question} **{decision.knowledge.label(criterion_id, option)}**"
