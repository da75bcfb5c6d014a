"""What a preset means for one project: what it settles, and what is left to choose."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from frameworkpick.core.decision.answers import Answer, Origin, parse_answers
from frameworkpick.core.preset import FRAMEWORK, is_off, name_of, reason

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from frameworkpick.core.decision import Decision
    from frameworkpick.core.decision.knowledge import Knowledge
    from frameworkpick.core.preset import Locked, Preset
    from frameworkpick.core.selection import Question


def locked_answers(preset: Preset, knowledge: Knowledge) -> dict[str, Locked]:
    """Return the locks on decision answers, by criterion."""
    return {name: lock for name, lock in preset.locked.items() if knowledge.criterion(name)}


def answers_of(preset: Preset, knowledge: Knowledge) -> dict[str, Answer]:
    """Return the decision answers that a preset gives or locks, by criterion.

    Raises:
        InputError: One of them is not valid.
    """
    soft = {name: each.value for name, each in preset.answers.items()}
    hard = {name: lock.value for name, lock in locked_answers(preset, knowledge).items()}
    return parse_answers(knowledge, soft | hard, Origin.PRESET)


def locked_options(preset: Preset | None, questions: Sequence[Question]) -> dict[str, object]:
    """Return the values of project options that nobody may change."""
    asked = {question.id for question in questions} - {FRAMEWORK}
    locked = preset.locked if preset else {}
    return {name: lock.value for name, lock in locked.items() if name in asked}


def allowed(preset: Preset | None, knowledge: Knowledge) -> tuple[str, ...]:
    """Return the ids of the frameworks that every policy allows, by rank."""
    limits = [each.frameworks for each in preset.policies] if preset else []
    ids = (framework.id for framework in knowledge.frameworks)
    return tuple(each for each in ids if all(only is None or each in only for only in limits))


def limit(preset: Preset | None, knowledge: Knowledge) -> str:
    """Say who allows only some frameworks and why, without a full stop; empty if nobody does."""
    said = []
    for policy in preset.policies if preset else ():
        if policy.frameworks is not None:
            names = [knowledge.name_of(each) for each in policy.frameworks]
            only = f"allows only {' or '.join(names)}"
            said.append(f"{name_of(policy.layer)} {only}{reason(policy.because)}")
    return "; ".join(said)


def instead(decision: Decision) -> tuple[str, str] | None:
    """Say what to take when the advice is a framework that a policy rules out.

    Returns:
        The best-ranked framework that is allowed, and the reason; None when the advice may be
        followed, or names no framework.
    """
    left = allowed(decision.preset, decision.knowledge)
    if not left or decision.verdict in left or not decision.advises:
        return None
    first = next(place.framework for place in decision.advice.ranking if place.framework in left)
    return first, limit(decision.preset, decision.knowledge)


def with_required(
    preset: Preset | None,
    questions: Sequence[Question],
    values: Mapping[str, str | bool],
    given: Collection[str] = (),
) -> tuple[dict[str, str | bool], tuple[str, ...]]:
    """Turn on what a policy requires.

    Args:
        preset: The preset, if there is one.
        questions: The template's questionnaire.
        values: The defaults of the options.
        given: Options that somebody gave a value.

    Returns:
        The defaults, and a sentence for each that had to be turned on.
    """
    turned, notes = dict(values), []
    for policy in preset.policies if preset else ():
        for question in questions:
            if question.id not in policy.required or question.id in given:
                continue
            if not is_off(turned.get(question.id, "")):
                continue
            turned[question.id] = value = _first_on(question)
            shown = "yes" if value is True else value
            by = f"{name_of(policy.layer)} requires it{reason(policy.because)}"
            notes.append(f"{question.id} = {shown}, because {by}.")
    return turned, tuple(notes)


def choosable(preset: Preset | None, questions: Sequence[Question]) -> list[Question]:
    """Return the questions that a preset leaves to choose, with the values that it allows."""
    required = {name for policy in preset.policies for name in policy.required} if preset else ()
    free = []
    for question in questions:
        if preset and question.id in preset.locked:
            continue
        if question.id not in required:
            free.append(question)
            continue
        left = tuple(choice for choice in question.choices if not is_off(choice.value))
        if len(left) > 1:
            free.append(replace(question, choices=left))
    return free


def new_answers(
    preset: Preset | None, asked: Sequence[Question]
) -> tuple[dict[str, object], list[Question]]:
    """Say what a preset gives or locks of the questions that a newer template asks.

    Args:
        preset: The preset, if there is one.
        asked: The new questions, with the defaults that they have in this project.

    Returns:
        The answers that the preset has, and the questions that are left to a person, standing at
        those answers.
    """
    soft = {name: each.value for name, each in preset.options.items()} if preset else {}
    values = {q.id: v for q in asked if isinstance(v := soft.get(q.id, q.default), str | bool)}
    hard = locked_options(preset, asked)
    turned, _ = with_required(preset, asked, values, hard)
    standing = [replace(each, default=turned.get(each.id, each.default)) for each in asked]
    before = {question.id: question.default for question in asked}
    settled = {name: value for name, value in turned.items() if value != before[name]}
    return {**settled, **hard}, choosable(preset, standing)


def marks(preset: Preset | None, options: Mapping[str, object]) -> dict[str, str]:
    """Say of each option that is not free, and of the framework, who settled it."""
    if preset is None:
        return {}
    said = {
        name: f"required by {name_of(policy.layer)}"
        for policy in reversed(preset.policies)
        for name in policy.required
    }
    said |= {name: f"locked by {name_of(lock.layer)}" for name, lock in preset.locked.items()}
    return {name: text for name, text in said.items() if name in options}


def _first_on(question: Question) -> str | bool:
    """Return the value that turns an option on: its default, if that does."""
    if not is_off(question.default):
        return question.default
    on = (choice.value for choice in question.choices if not is_off(choice.value))
    return next(on, question.kind == "flag")
