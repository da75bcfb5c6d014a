"""Answers and small random knowledge for property tests, and the brute force to compare with."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from frameworkpick import catalog
from frameworkpick.core.decision import Decision, decide
from frameworkpick.core.decision.answers import Answer, Origin, Situation
from frameworkpick.core.decision.knowledge import (
    Alternative,
    Citation,
    Criterion,
    Framework,
    Interaction,
    Knowledge,
    Option,
    Serve,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KNOWLEDGE = catalog.load_knowledge()
SOURCE = Citation("A page", "https://example.org/", date(2026, 11, 22))
SCORES = st.integers(-4, 4)


def flags(chosen: Mapping[str, str | None]) -> dict[str, Answer]:
    return {name: Answer(value, Origin.FLAG) for name, value in chosen.items()}


def decided(
    answers: Mapping[str, Answer],
    use_case: str | None = None,
    weights: Mapping[str, float] | None = None,
) -> Decision:
    return decide(KNOWLEDGE, Situation(answers, use_case, weights or {}))


def some_answers(knowledge: Knowledge = KNOWLEDGE) -> st.SearchStrategy[dict[str, str]]:
    """Draw options for some of the criteria."""
    return st.fixed_dictionaries(
        {},
        optional={
            criterion.id: st.sampled_from([option.id for option in criterion.options])
            for criterion in knowledge.criteria
        },
    )


def some_weights(knowledge: Knowledge = KNOWLEDGE) -> st.SearchStrategy[dict[str, float]]:
    """Draw weights for some of the criteria, in steps that add up exactly."""
    steps = st.sampled_from([0, 0.25, 0.5, 1, 1.5, 2, 3])
    return st.dictionaries(st.sampled_from([c.id for c in knowledge.criteria]), steps, max_size=4)


def completions(knowledge: Knowledge, chosen: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield every way to answer what is open, each criterion possibly left open."""
    still_open = [c for c in knowledge.criteria if c.id not in chosen]
    for picked in product(*([None, *(o.id for o in c.options)] for c in still_open)):
        more = {c.id: value for c, value in zip(still_open, picked, strict=True) if value}
        yield {**chosen, **more}


@st.composite
def small_knowledge(draw: st.DrawFn, frameworks: int = 2) -> Knowledge:
    """Draw three or four criteria, with interactions, and a ramp and a veto now and then."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=3, max_size=4))
    ramp = draw(st.sampled_from([None, "c0", "c2"]))
    names = [f"c{place}" for place in range(len(sizes))]
    criteria = tuple(
        Criterion(
            id=name,
            question="?",
            why="!",
            options=tuple(
                Option(
                    f"o{n}",
                    "o",
                    "o",
                    (Alternative("x", "y", "z", date(2026, 1, 2)),)
                    if name == ramp and not n
                    else (),
                )
                for n in range(size)
            ),
            stage=draw(st.integers(1, 2)),
        )
        for name, size in zip(names, sizes, strict=True)
    )
    pair = draw(st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True))
    other = draw(st.sampled_from(names))
    interactions = (
        Interaction("I1", "i", "points", ((pair[0], ("o0",)), (pair[1], ("o0",)))),
        Interaction(
            "I2", "i", "points", ((pair[0], ("o0",)),), ((other, ("o0",)), (pair[1], ("o1",)))
        ),
        Interaction("I3", "i", "cap", ((names[0], ("o0",)), (names[1], ("o0",)))),
    )
    return Knowledge(
        version="2026-11-22",
        lean_from=2,
        clear_from=5,
        tie_break=((names[0], ("o0", "o1")), (names[1], ("o0",))),
        criteria=criteria,
        interactions=interactions,
        frameworks=tuple(draw(_framework(f"f{n}", n, criteria)) for n in range(frameworks)),
    )


@st.composite
def _framework(draw: st.DrawFn, name: str, rank: int, criteria: tuple[Criterion, ...]) -> Framework:
    vetoed = draw(st.sampled_from([None, None, None, ("c0", "o0"), ("c1", "o0")]))
    verdicts = {
        c.id: {
            o.id: Verdict(0, "no", SOURCE, veto=True)
            if (c.id, o.id) == vetoed
            else Verdict(draw(SCORES), "because", SOURCE)
            for o in c.options
        }
        for c in criteria
    }
    effects = {
        interaction: Verdict(draw(SCORES), "because", SOURCE)
        for interaction in draw(st.sets(st.sampled_from(["I1", "I2", "I3"])))
    }
    standing = Verdict(0, "in any case", SOURCE)
    return Framework(name, name.upper(), rank, verdicts, effects, standing, standing, Serve(("x",)))
