"""The decision record of a generated project, in the form of MADR 4.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.core import wording
from frameworkpick.core.answers import chosen_options
from frameworkpick.core.citing import as_clause, cited, link, read
from frameworkpick.core.preset import paragraphs
from frameworkpick.core.rationale import bullets, label, outcome, turns, use_case_named
from frameworkpick.core.suggested import unconfirmed

if TYPE_CHECKING:
    from frameworkpick.core.answers import Answers
    from frameworkpick.core.knowledge import Framework, Knowledge
    from frameworkpick.core.preset import Preset
    from frameworkpick.core.recommendation import Recommendation
    from frameworkpick.core.sturdiness import Sturdiness
    from frameworkpick.core.tally import Weights

#: So many reasons are named as drivers; all of them stand under the pros and cons.
_DRIVERS = 6

_CONFIRMATION = """\
`frameworkpick verify` proves that it works: the real server, its HTTP contract, tests and checks.
`frameworkpick recommend --from .` looks at the decision again with what is known by then."""


def decision_record(  # noqa: PLR0913 (each is one line of the record)
    knowledge: Knowledge,
    recommendation: Recommendation,
    answers: Answers,
    *,
    chosen: str,
    because: str | None,
    date: str,
    tool_version: str,
    supersedes: str | None = None,
    use_case: str | None = None,
    sturdy: Sturdiness | None = None,
    built_on: str | None = None,
    kept: bool = False,
    weights: Weights | None = None,
    preset: Preset | None = None,
) -> str:
    """Write the decision as a Markdown document.

    The form is MADR 4.0 (https://adr.github.io/madr/): context, drivers, options, outcome,
    consequences, confirmation, and when to think again.

    Args:
        knowledge: What the recommendation was computed from.
        recommendation: What was advised.
        answers: The decision answers.
        chosen: Id of the framework that was taken.
        because: The person's reason for choosing otherwise, if they did and gave one.
        date: The day of the decision, ``YYYY-MM-DD``.
        tool_version: Version of frameworkpick.
        supersedes: File name of the decision record that this one takes the place of.
        use_case: Id of the use case that suggested answers.
        sturdy: How much the advice depends on the weights.
        built_on: Id of the framework that the project's code is built on, if there is code.
        kept: Whether the project's ``.frameworkpick.toml`` holds the same answers and verdict.
        weights: What a person let count more or less: a factor by criterion id.
        preset: What a team decided.
    """
    titles = {
        "neither": f"Use neither {wording.all_names(knowledge, joined='nor')}",
        "conflict": "Leave the web framework open: the answers contradict each other",
    }
    name = wording.framework_name(knowledge, chosen)
    title = titles.get(chosen, f"Use {name} as the web framework")
    guesses = unconfirmed(knowledge, answers)
    # Nothing is decided yet where no framework was taken, or nobody has ported the code.
    proposed = chosen in titles or built_on not in (None, chosen)
    sections = [
        f"---\nstatus: {'proposed' if proposed else 'accepted'}\ndate: {date}\n---",
        f"# {title}",
        "## Context and Problem Statement",
        f"This supersedes [{supersedes}]({supersedes})." if supersedes else "",
        _unported(knowledge, built_on) if built_on and proposed else "",
        "Which web framework fits this project? The answers, as far as they were known:",
        bullets(_said(knowledge, answers)) or "* Nothing was known yet.",
        *use_case_named(knowledge, answers, use_case),
        "## Decision Drivers",
        _drivers(knowledge, recommendation, guesses),
        "## Considered Options",
        bullets([f.name for f in knowledge.frameworks] + [w.name for w in recommendation.instead]),
        "## Decision Outcome",
        outcome(knowledge, recommendation, answers, chosen, because),
        "### Consequences",
        _consequences(knowledge, recommendation, answers, chosen),
        "" if proposed else f"### Confirmation\n\n{_CONFIRMATION}",
        "## Pros and Cons of the Options",
        *(
            _pros_and_cons(knowledge, recommendation, each, guesses)
            for each in knowledge.frameworks
        ),
        *(
            f"### {way.name}\n\n* Good, because {as_clause(read(way))}"
            for way in recommendation.instead
        ),
        "## More Information",
        _more(knowledge, recommendation, chosen, sturdy, weights, preset),
        _computed(knowledge, tool_version, kept=kept),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _unported(knowledge: Knowledge, built_on: str) -> str:
    name = wording.framework_name(knowledge, built_on)
    return (
        f"The code is built on {name}, and nobody has ported it: this is proposed. Accept it when "
        "the code follows, or reject it."
    )


def _said(knowledge: Knowledge, answers: Answers) -> list[str]:
    lines = []
    for criterion in knowledge.criteria:
        answer = answers.get(criterion.id)
        if answer is None:
            continue
        said = label(criterion, answer.value) if answer.value else "not sure"
        hint = ", only suggested by the use case" if answer.provisional else ""
        lines.append(f"{criterion.question} **{said}** (`{criterion.id}`{hint})")
    return lines


def _drivers(knowledge: Knowledge, recommendation: Recommendation, guesses: frozenset[str]) -> str:
    caps = _caps(knowledge)
    counted = [reason for reason in recommendation.reasons if reason.criterion not in caps]
    ordered = sorted(counted, key=lambda reason: (not reason.veto, -abs(reason.points)))
    lines = [f"{way.name}: {read(way)}" for way in recommendation.instead]
    lines += [
        f"{wording.framework_name(knowledge, reason.framework)}: "
        f"{cited(reason, guess=reason.criterion in guesses)}"
        for reason in ordered[:_DRIVERS]
    ]
    return bullets(lines) or "* No answer speaks for or against any option."


def _consequences(
    knowledge: Knowledge, recommendation: Recommendation, answers: Answers, chosen: str
) -> str:
    caps = _caps(knowledge)
    counted = [reason for reason in recommendation.reasons if reason.criterion not in caps]
    own = [reason for reason in counted if reason.framework == chosen]
    good = [f"Good, because {as_clause(r.because)}" for r in own if r.points > 0]
    lines = good or ["Neutral, because no answer speaks for it."]
    lines += [f"Bad, because {as_clause(r.because)}" for r in own if r.points < 0 or r.veto]
    lines += [
        f"Bad, because it goes without what speaks for "
        f"{wording.framework_name(knowledge, r.framework)}: {as_clause(r.because)}"
        for r in counted
        if r.framework != chosen and r.points > 0
    ]
    framework = knowledge.framework(chosen)
    if framework:
        lines += [
            f"Bad, because it goes without {way.name}: {as_clause(way.because)}"
            for way in recommendation.instead
        ]
        options = chosen_options(answers)
        lines.append(f"Bad, because in any case {as_clause(framework.caveat.because)}")
        lines += [
            f"Neutral, because there is something to heed: {as_clause(effect.because)}"
            for interaction in knowledge.interactions
            if interaction.kind == "advice" and interaction.applies(options)
            if (effect := framework.effects.get(interaction.id))
        ]
    return bullets(lines)


def _pros_and_cons(
    knowledge: Knowledge,
    recommendation: Recommendation,
    framework: Framework,
    guesses: frozenset[str],
) -> str:
    caps = _caps(knowledge)
    lines = [
        f"{'Neutral' if r.criterion in caps else 'Good' if r.points > 0 else 'Bad'}, because "
        f"{as_clause(cited(r, guess=r.criterion in guesses))}"
        for r in recommendation.reasons
        if r.framework == framework.id
    ]
    text = bullets(lines) or "* Neutral, because no answer speaks for or against it."
    return f"### {framework.name}\n\n{text}"


def _more(
    knowledge: Knowledge,
    recommendation: Recommendation,
    chosen: str,
    sturdy: Sturdiness | None,
    weights: Weights | None,
    preset: Preset | None,
) -> str:
    done = recommendation.completeness
    standings = ", ".join(
        f"{wording.framework_name(knowledge, place.framework)} {place.points:g}"
        for place in recommendation.ranking
    )
    reach = f"the lead to anything from {wording.signed(done.worst)} to {wording.signed(done.best)}"
    rest = f"; the open ones could move {reach}."
    if recommendation.strength == "constraint":
        rest = f". {wording.constraint(recommendation)}"
    points = (
        f"Points: {standings}. Answered: {done.answered} of {done.of} questions that give points"
        f"{rest}"
    )
    parts = [points]
    if sturdy and recommendation.strength != "constraint":
        parts.append(wording.sturdiness(knowledge, recommendation, sturdy))
    if weights:
        listed = ", ".join(f"`{name}` counts {factor:g} times" for name, factor in weights.items())
        parts.append(f"Weights set by hand, where the knowledge has 1: {listed}.")
    if preset:
        parts += paragraphs(preset)
    parts += turns(knowledge, recommendation, chosen)
    framework = knowledge.framework(chosen)
    if framework:
        parts.append(
            f"The way back: {framework.way_back.because} {link(framework.way_back.source)}"
        )
    return "\n\n".join(parts)


def _computed(knowledge: Knowledge, tool_version: str, *, kept: bool) -> str:
    where = "; `.frameworkpick.toml` holds the answers and the verdict" if kept else ""
    knows = f"its knowledge of {knowledge.version}"
    return f"Computed by frameworkpick {tool_version} from {knows}{where}."


def _caps(knowledge: Knowledge) -> set[str]:
    """Return the ids of what only corrects a double count and is no argument."""
    return {interaction.id for interaction in knowledge.interactions if interaction.kind == "cap"}
