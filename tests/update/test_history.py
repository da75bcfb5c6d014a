"""Projects of every release there was, updated by what lies here: real history, nothing made up."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from frameworkpick import history
from frameworkpick.history.releases import read_releases

from .releases import FRAMEWORKS, frameworkpick
from .small import commit

ROOT = Path(__file__).parents[2]
FIRST, *LATER = (each.version for each in read_releases())


def made(checkout: Path, into: Path, framework: str, *words: str) -> Path:
    given = ("--yes", "--no-install", "--git", "--framework", framework)
    frameworkpick(checkout, "new", "shop", *given, *words, cwd=into)
    return into / "shop"


def version(project: Path) -> str:
    return str(yaml.safe_load((project / ".copier-answers.yml").read_text())["_commit"])


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize(
    "start", [FIRST, *(pytest.param(each, marks=pytest.mark.matrix) for each in LATER)]
)
def test_a_project_of_any_release_becomes_one_of_the_newest(
    tmp_path: Path, framework: str, start: str
) -> None:
    source = history.open_source(history.ADDRESS)
    if not source.has(start):
        pytest.skip("this clone is not whole, or the release changed no template")
    project = made(ROOT, tmp_path, framework, "--template-version", start)
    assert version(project) == start
    frameworkpick(ROOT, "update", cwd=project)
    assert version(project) == source.latest()
    commit(project)
    frameworkpick(ROOT, "check", cwd=project)  # every file as a new project has it
