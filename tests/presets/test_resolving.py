from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frameworkpick.core.preset import Layer, Locked, Policy, TemplateChoice, resolve
from frameworkpick.errors import InputError

NAMES = ["hosting", "docker", "framework"]
VALUES = st.sampled_from(["a", "b"])
TABLES = st.dictionaries(st.sampled_from(NAMES[:2]), VALUES)


@st.composite
def chains(draw: st.DrawFn) -> list[Layer]:
    """Draw files that build on each other, base first, with few names so that they meet."""
    layers = []
    for place in range(draw(st.integers(1, 4))):
        label = f"{place}.toml"
        locks = draw(st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=2))
        layers.append(
            Layer(
                label=label,
                framework=draw(st.none() | VALUES),
                use_case=draw(st.none() | VALUES),
                answers=draw(TABLES),
                weights=draw(TABLES),
                locked={name: Locked(value, None, label) for name, value in locks.items()},
                ignore=tuple(draw(st.lists(VALUES, max_size=2))),
            )
        )
    return layers


def said(layer: Layer) -> list[tuple[str, object]]:
    """Everything that a file says about what can be locked."""
    found = [*layer.answers.items(), *((name, lock.value) for name, lock in layer.locked.items())]
    return [*found, ("framework", layer.framework)] if layer.framework else found


def contradicted(layers: list[Layer]) -> bool:
    """Whether a file says otherwise than a lock of its own or of a farther file."""
    return any(
        name == locked and value != lock.value
        for place, layer in enumerate(layers)
        for name, value in said(layer)
        for farther in layers[: place + 1]
        for locked, lock in farther.locked.items()
    )


@given(chains())
def test_the_nearer_wins_and_no_lock_is_ever_overridden(layers: list[Layer]) -> None:
    if contradicted(layers):
        with pytest.raises(InputError, match="locks it to") as caught:
            resolve(layers)
        assert caught.value.exit_code == 2
        return
    preset = resolve(layers)
    for layer in layers:
        for name, lock in layer.locked.items():
            assert preset.locked[name].value == lock.value
            assert name not in preset.answers
    for name in NAMES[:2]:
        nearest = [each.answers[name] for each in layers if name in each.answers][-1:]
        if nearest and name not in preset.locked:
            assert preset.answers[name].value == nearest[0]
            assert layers[int(preset.answers[name].layer[0])].answers[name] == nearest[0]
        weights = [each.weights[name] for each in layers if name in each.weights]
        assert (
            [preset.weights[name].value] == weights[-1:]
            if weights
            else not preset.weights.get(name)
        )
    use_cases = [each.use_case for each in layers if each.use_case]
    assert ([preset.use_case.value] if preset.use_case else []) == use_cases[-1:]
    assert set(preset.ignore) == {pattern for layer in layers for pattern in layer.ignore}


def lock(value: object, because: str | None = None, layer: str = "house.toml") -> dict[str, Locked]:
    return {"docker": Locked(value, because, layer)}


def test_the_farthest_lock_is_the_one_that_is_named() -> None:
    base = Layer("base.toml", locked=lock(True, "audit", "base.toml"))  # noqa: FBT003
    near = Layer("near.toml", locked=lock(True, "taste", "near.toml"))  # noqa: FBT003
    assert resolve([base, near]).locked["docker"] == Locked(True, "audit", "base.toml")  # noqa: FBT003


def test_a_contradicted_lock_names_both_files_and_the_reason() -> None:
    base = Layer("base.toml", locked=lock(True, "images only.", "base.toml"))  # noqa: FBT003
    near = Layer("near.toml", options={"docker": False})
    with pytest.raises(InputError) as caught:
        resolve([base, near])
    assert caught.value.problems == (
        "near.toml sets docker to false, but base.toml locks it to true (images only).",
    )


def test_true_is_not_one_and_not_sure_has_two_spellings() -> None:
    with pytest.raises(InputError):
        resolve([Layer("a", locked=lock(True)), Layer("b", options={"docker": 1})])  # noqa: FBT003
    unsure = {"hosting": Locked(None, None, "a")}
    resolve([Layer("a", locked=unsure), Layer("b", answers={"hosting": "unknown"})])


def test_what_is_given_against_a_lock_or_a_policy_is_named_with_how_it_was_given() -> None:
    policy = Policy(("fastapi",), ("ci",), "one stack", "base.toml")
    preset = resolve([Layer("base.toml", locked=lock(True, "images only"), policies=(policy,))])  # noqa: FBT003
    given = {
        "docker": (False, "--no-docker"),
        "framework": ("flask", "a.toml"),
        "ci": ("none", "FRAMEWORKPICK_CI"),
        "auth": ("none", "--auth"),
    }
    assert preset.contradictions(given) == [
        "docker is locked to true by house.toml (images only); you gave false with --no-docker.",
        "The framework is limited to fastapi by base.toml (one stack); you gave flask in a.toml.",
        "ci is required by base.toml (one stack); you gave none with FRAMEWORKPICK_CI.",
    ]
    kept = {"docker": (True, "--docker"), "framework": ("fastapi", "-"), "ci": ("gitlab", "-")}
    assert preset.contradictions(kept) == []
    assert preset.unmet({"ci": "none", "docker": True}) == [
        "ci is required by base.toml (one stack); it would be none."
    ]


@pytest.mark.parametrize(
    ("near", "problem"),
    [
        (Layer("b", framework="flask"), "b sets framework to flask, but a allows only fastapi."),
        (Layer("b", options={"ci": "none"}), "b sets ci to none, but a requires it."),
        (
            Layer("b", policies=(Policy(("flask",), (), None, "b"),)),
            "No framework is allowed by every preset: a allows fastapi; b allows flask.",
        ),
    ],
)
def test_files_that_contradict_a_policy_are_refused(near: Layer, problem: str) -> None:
    base = Layer("a", policies=(Policy(("fastapi",), ("ci",), None, "a"),))
    with pytest.raises(InputError) as caught:
        resolve([base, near])
    assert caught.value.problems == (problem,)


def test_the_nearest_template_and_every_policy_count() -> None:
    layers = [
        Layer(
            name,
            template=TemplateChoice(name, None, name),
            policies=(Policy(None, ("ci",), None, name),),
        )
        for name in ("a", "b")
    ]
    preset = resolve([*layers, Layer("c")])
    assert preset.template == TemplateChoice("b", None, "b")
    assert [policy.layer for policy in preset.policies] == ["a", "b"]
    assert preset.label == "c"
