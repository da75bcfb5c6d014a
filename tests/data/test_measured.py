"""Numbers of our own are cited from a data file that stands in the repository."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
CITED = re.compile(r"benchmarks/results/[\w.-]+\.json")
PAGES = (*(ROOT / "templates").glob("*/framework.toml"), ROOT / "docs/concepts/article.md")


def test_every_cited_data_file_is_there_and_says_how_it_was_made() -> None:
    cited = {name for page in PAGES for name in CITED.findall(page.read_text(encoding="utf-8"))}
    assert cited
    for name in cited:
        data = json.loads((ROOT / name).read_text(encoding="utf-8"))
        assert data["date"] in name
        assert data["command"].startswith("python benchmarks/")
        assert data["versions"]


def test_every_number_beside_a_citation_was_measured() -> None:
    for page in PAGES[:-1]:
        for sentence in re.findall(r"'([^']*benchmarks/results/[^']*)'", page.read_text("utf-8")):
            (name,) = CITED.findall(sentence)
            measured = json.loads((ROOT / name).read_text(encoding="utf-8"))["measured"]
            values = {f"{round(case['value']):,}" for case in measured}
            given = set(re.findall(r"(?<![\w-])\d[\d,]*(?= (?:answers|of 300)|$)", sentence))
            assert given, sentence
            assert given <= values, (sentence, given - values)
