"""Whatever a preset says and whatever a person gives: locks and policies hold, or it is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from frameworkpick import catalog, render
from frameworkpick.commands.intake import NewRequest, gather
from frameworkpick.commands.interview import Draft, Interview
from frameworkpick.core.decision.answers import Origin
from frameworkpick.core.preset import Layer, Locked, Policy, Preset, resolve
from frameworkpick.errors import FrameworkpickError, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

KNOWLEDGE = catalog.load_knowledge()
QUESTIONS = render.load_questions(catalog.templates_root())
FRAMEWORKS = [framework.id for framework in KNOWLEDGE.frameworks]
CRITERIA = {
    criterion.id: [option.id for option in criterion.options]
    for criterion in KNOWLEDGE.criteria
    if criterion.id in {"auth_style", "hosting", "output_kind", "app_size"}
}
OPTIONS: dict[str, list[Any]] = {
    question.id: [True, False] if question.kind == "flag" else [c.value for c in question.choices]
    for question in QUESTIONS
    if question.kind != "text"
}


def some(values: Mapping[str, list[Any]], most: int = 2) -> st.SearchStrategy[dict[str, Any]]:
    names = st.lists(st.sampled_from(sorted(values)), max_size=most, unique=True)
    return names.flatmap(
        lambda chosen: st.fixed_dictionaries({n: st.sampled_from(values[n]) for n in chosen})
    )


LOCKS = some({**CRITERIA, **OPTIONS, "framework": FRAMEWORKS}, most=3)
LAYERS = st.builds(
    lambda locks, answers, options, frameworks, required: Layer(
        label="house.toml",
        answers=answers,
        options=options,
        locked={name: Locked(value, None, "house.toml") for name, value in locks.items()},
        policies=(Policy(frameworks, tuple(required), None, "house.toml"),),
    ),
    LOCKS,
    some(CRITERIA),
    some(OPTIONS),
    st.sampled_from([None, ("flask",), ("fastapi",), ("fastapi", "flask")]),
    st.lists(st.sampled_from(["auth", "docker", "ci"]), max_size=2, unique=True),
)


def drafted(request: NewRequest, preset: Preset | None) -> Draft:
    asked = gather(request, KNOWLEDGE, QUESTIONS, can_ask=False, preset=preset)
    return Interview(request, asked, KNOWLEDGE, QUESTIONS, (), None).hold()


def drafted_or_refused(request: NewRequest, preset: Preset) -> Draft | FrameworkpickError:
    try:
        return drafted(request, preset)
    except FrameworkpickError as error:
        return error


@settings(max_examples=100)
@given(LAYERS, some(CRITERIA), some(OPTIONS), st.sampled_from([None, *FRAMEWORKS]))
def test_a_draft_keeps_to_the_preset_or_there_is_none(
    layer: Layer, said: dict[str, str], options: dict[str, Any], framework: str | None
) -> None:
    try:
        preset = resolve([layer])
    except InputError:
        return  # it contradicts itself
    answers = [f"{name}={value}" for name, value in said.items()]
    request = NewRequest("a-name-nobody-has", Path(), answers, options=options, framework=framework)
    given = {**said, **options, **({"framework": framework} if framework else {})}
    against = [
        name
        for name, value in given.items()
        if name in preset.locked and preset.locked[name].value != value
    ]
    [policy] = preset.policies
    draft = drafted_or_refused(request, preset)
    if isinstance(draft, InputError):
        lines = "\n".join(draft.problems)
        assert all(f"{name} is locked to" in lines for name in against)
        off = [name for name in policy.required if given.get(name) in (False, "none")]
        limits = policy.frameworks or FRAMEWORKS
        assert against or off or given.get("framework", limits[0]) not in limits
        return
    if isinstance(draft, FrameworkpickError):
        assert "--framework" in draft.hint  # neither fits, and nobody named one
        return
    assert not against
    answered = {name: answer.value for name, answer in draft.decision.said.answers.items()}
    kept = {**answered, **draft.chosen.options}
    assert {name: kept[name] for name in preset.locked} == {
        name: lock.value for name, lock in preset.locked.items()
    }
    for name in preset.locked.keys() & CRITERIA.keys():
        assert draft.decision.said.answers[name].origin is Origin.PRESET
    assert policy.frameworks is None or kept["framework"] in policy.frameworks
    assert not [name for name in policy.required if kept[name] in (False, "none")]
    for name, value in options.items():
        assert kept[name] == value
    for name, value in layer.options.items():
        assert kept[name] == value or name in {**options, **preset.locked}


@settings(max_examples=20)
@given(some(CRITERIA, most=3), some(OPTIONS))
def test_an_empty_preset_changes_nothing(said: dict[str, str], options: dict[str, Any]) -> None:
    answers = [f"{name}={value}" for name, value in said.items()]
    request = NewRequest(
        "a-name-nobody-has", Path(), answers, options=options, framework="flask", date="2026-01-02"
    )
    empty = drafted(request, resolve([Layer("empty.toml")]))
    assert replace(empty, decision=replace(empty.decision, preset=None)) == drafted(request, None)
