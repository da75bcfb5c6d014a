"""``compare`` as a function: everything that is known, side by side, and how old it is."""

from __future__ import annotations

import json
from datetime import date, timedelta

from frameworkpick import catalog
from frameworkpick.commands.compare import CompareRequest, run

KNOWLEDGE = catalog.load_knowledge()
PUBLISHED = date.fromisoformat(KNOWLEDGE.version)


def test_every_option_and_interaction_and_what_always_holds_has_a_row() -> None:
    rows = run(CompareRequest()).comparison.rows

    options = [(c.id, o.id) for c in KNOWLEDGE.criteria for o in c.options]
    rest = [interaction.id for interaction in KNOWLEDGE.interactions] + ["caveat", "way_back"]
    assert [(row.subject, row.option) for row in rows] == options + [(name, "") for name in rest]
    frameworks = tuple(framework.id for framework in KNOWLEDGE.frameworks)
    for row in rows:
        said = tuple(cell.framework for cell in row.cells)
        assert said == frameworks if row.option else set(said) <= set(frameworks)
        assert said


def test_nothing_is_stale_on_the_day_of_the_knowledge() -> None:
    result = run(CompareRequest(stale=True, today=PUBLISHED))

    assert result.comparison.stale == ()
    assert result.as_json() == {"schema": 1, "stale": []}


def test_a_source_is_stale_the_day_after_its_year_and_says_where_it_is_cited() -> None:
    everything = run(CompareRequest(today=PUBLISHED + timedelta(days=3000))).comparison.stale
    oldest = min(each.source.checked for each in everything)

    on_the_day = run(CompareRequest(today=oldest + timedelta(days=365)))
    after = run(CompareRequest(today=oldest + timedelta(days=366)))

    assert on_the_day.comparison.stale == ()
    assert {each.source.checked for each in after.comparison.stale} == {oldest}
    assert {each.days for each in after.comparison.stale} == {366}
    async_page = next(each for each in everything if each.source.url.endswith("async-await/"))
    assert "flask: long_lived.core" in async_page.cited_by
    assert "flask: caveat" in async_page.cited_by


def test_the_oldest_come_first() -> None:
    stale = run(CompareRequest(today=PUBLISHED + timedelta(days=3000))).comparison.stale

    days = [each.days for each in stale]
    assert days == sorted(days, reverse=True)
    cited = {cell.source for row in run(CompareRequest()).comparison.rows for cell in row.cells}
    ramps = {place for each in stale for place in each.cited_by if place.startswith("instead: ")}
    assert "instead: beyond_micro.admin_orm_cms" in ramps
    assert cited <= {each.source for each in stale}


def test_the_json_holds_every_verdict_with_source_and_date() -> None:
    data = json.loads(json.dumps(run(CompareRequest()).as_json()))

    assert list(data) == ["schema", "knowledge_version", "frameworks", "rows", "stale"]
    row = next(row for row in data["rows"] if row["option"] == "wsgi_only")
    assert (row["subject"], list(row["verdicts"])) == ("hosting", ["fastapi", "flask"])
    verdict = row["verdicts"]["fastapi"]
    assert list(verdict) == ["points", "veto", "because", "source", "title", "checked"]
    assert verdict["veto"] is True
    assert verdict["source"].startswith("https://")
    assert date.fromisoformat(verdict["checked"]) <= PUBLISHED
