"""Numbers of our own are what `benchmarks/frameworks.py` measured, case by case."""

from __future__ import annotations

import json
import re
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from frameworkpick import catalog

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results"
#: How a sentence says where its numbers come from: a project has no file of ours to point to.
MEASURED = re.compile(r" \(measured by benchmarks/frameworks\.py of frameworkpick, ([\d-]+)\)\.$")
WAITING, MORE_WAITING = "200 ms wait, 100 clients", "200 ms wait, 1,000 clients"
STREAMS = "300 open event streams"
BLOCKED = "200 ms blocking wait inside async def, 100 clients"
IN_THREADS = "200 ms blocking wait in the thread pool, 100 clients"
THREADS = "flask, 100 threads"

#: By framework and verdict: the words around each number, the server, and the case.
CLAIMS = {
    ("fastapi", "long_lived.core"): [("held {} of 300 streams", "fastapi", STREAMS)],
    ("fastapi", "bottleneck.waiting_upstream"): [
        ("100 clients got {} answers a second", "fastapi", WAITING),
        ("1,000 got {}", "fastapi", MORE_WAITING),
    ],
    ("fastapi", "I8"): [
        ("in async def 100 clients got {} answers a second", "fastapi", BLOCKED),
        ("not {}", "fastapi", IN_THREADS),
    ],
    ("flask", "long_lived.core"): [("100 threads held {} of 300", THREADS, STREAMS)],
    ("flask", "bottleneck.waiting_upstream"): [
        ("100 threads gave 100 clients {} answers a second", THREADS, WAITING),
        ("1,000 clients {}", THREADS, MORE_WAITING),
    ],
}


def sentences() -> Iterator[tuple[tuple[str, str], str]]:
    """Yield every sentence of the knowledge, by framework and verdict."""
    for framework in catalog.load_knowledge().frameworks:
        rows = (
            (f"{criterion}.{option}", verdict)
            for criterion, row in framework.verdicts.items()
            for option, verdict in row.items()
        )
        for name, verdict in chain(rows, framework.effects.items()):
            yield (framework.id, name), verdict.because


def measured(day: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(
        (RESULTS / f"frameworks-{day}.json").read_text(encoding="utf-8")
    )
    return data


def test_the_data_file_of_every_day_that_is_named_says_how_it_was_made() -> None:
    days = {found[1] for _, text in sentences() if (found := MEASURED.search(text))}
    article = (ROOT / "docs/concepts/article.md").read_text(encoding="utf-8")
    days |= set(re.findall(r"benchmarks/results/frameworks-([\d-]+)\.json", article))

    assert days
    for day in days:
        data = measured(day)
        assert data["date"] == day
        assert data["command"].startswith("python benchmarks/frameworks.py")
        assert data["versions"]


def test_nothing_that_a_project_gets_points_to_a_file_of_this_repository() -> None:
    assert [text for _, text in sentences() if "benchmarks/results" in text] == []


def test_every_sentence_with_numbers_of_ours_is_held_against_its_case() -> None:
    assert {place for place, text in sentences() if "measured" in text} == set(CLAIMS)


@pytest.mark.parametrize("place", CLAIMS, ids=".".join)
def test_a_number_is_that_of_its_server_and_case(place: tuple[str, str]) -> None:
    text = dict(sentences())[place]
    day = MEASURED.search(text)
    assert day
    values = {
        (each["server"], each["case"]): f"{round(each['value']):,}"
        for each in measured(day[1])["measured"]
    }

    rest = MEASURED.sub("", text)
    for words, server, case in CLAIMS[place]:
        said = words.format(values[server, case])
        assert said in rest
        rest = rest.replace(said, "", 1)
    assert not re.search(r"\d", rest)


def test_the_frameworks_are_compared_under_the_same_load() -> None:
    for name in {name for _, name in CLAIMS if name != "I8"}:
        loads = {tuple(case for *_, case in CLAIMS[each, name]) for each in ("fastapi", "flask")}
        assert len(loads) == 1, name
