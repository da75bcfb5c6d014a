"""The quick proof that a project of each framework survives a newer release."""

from __future__ import annotations

import tomllib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from . import people
from .releases import FRAMEWORKS, frameworkpick, new
from .small import commit

if TYPE_CHECKING:
    from pathlib import Path


def _one_update(releases: dict[str, Path], folder: Path, framework: str) -> tuple[Path, str]:
    project = new(releases["1.0.0"], folder, framework, "--git")
    people.work_a_little(project)
    commit(project)
    return project, frameworkpick(releases["1.1.0"], "update", cwd=project, code=3).stdout


def test_a_project_of_each_framework_gets_a_newer_template(
    releases: dict[str, Path], tmp_path: Path
) -> None:
    with ThreadPoolExecutor(2) as pool:
        places = [pool.submit(_one_update, releases, tmp_path / f, f) for f in FRAMEWORKS]
    for project, said in (place.result() for place in places):
        people.assert_merged(project)
        assert "1.1.0, breaking: Python 3.11 is not supported any more." in said
        assert "frameworkpick update . --abort" in said
        assert "git reset --hard" in said
        assert (project / "docs/adr/0001-web-framework.md").is_file()
        [entry] = tomllib.loads((project / ".frameworkpick.toml").read_text())["updates"]
        assert (entry["from"], entry["to"]) == ("1.0.0", "1.1.0")
