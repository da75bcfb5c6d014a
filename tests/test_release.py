"""The workflow that publishes a release asks for nothing it does not need."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from frameworkpick import __version__

ROOT = Path(__file__).parent.parent
WORKFLOW = ROOT / ".github/workflows/release.yml"


@pytest.fixture(scope="module")
def workflow() -> dict[Any, Any]:
    loaded: dict[Any, Any] = yaml.safe_load(WORKFLOW.read_text())
    return loaded


def tool(*words: str) -> subprocess.CompletedProcess[str]:
    program, *rest = words
    path = Path(sys.executable).with_name(program)
    return subprocess.run([path, *rest, str(WORKFLOW)], capture_output=True, text=True, check=False)


def test_it_runs_for_version_tags_alone(workflow: dict[Any, Any]) -> None:
    assert workflow[True] == {"push": {"tags": ["v*"]}}  # YAML takes `on` for true


def test_no_job_may_do_more_than_it_has_to(workflow: dict[Any, Any]) -> None:
    assert workflow["permissions"] == {}
    assert {name: job["permissions"] for name, job in workflow["jobs"].items()} == {
        "build": {"contents": "read"},
        "publish": {"id-token": "write"},
        "templates": {"contents": "read"},
    }
    assert all(job["timeout-minutes"] <= 10 for job in workflow["jobs"].values())


def test_what_is_published_was_built_strictly_and_from_the_whole_history(
    workflow: dict[Any, Any],
) -> None:
    build = workflow["jobs"]["build"]["steps"]
    assert build[0]["with"] == {"fetch-depth": 0, "persist-credentials": False}
    (command,) = (step for step in build if "run" in step)
    assert command == {"run": "uv build", "env": {"FRAMEWORKPICK_RELEASE": "1"}}
    assert workflow["jobs"]["publish"]["needs"] == "build"
    assert workflow["jobs"]["templates"]["steps"][0]["with"]["fetch-depth"] == 0


def test_it_names_no_package_index_and_no_host() -> None:
    assert not re.search(r"https?://|index|pypi", re.sub(r"#.*", "", WORKFLOW.read_text()))


def test_zizmor_finds_nothing() -> None:
    done = tool("zizmor", "--offline", "--persona=auditor")
    assert "No findings to report" in done.stdout + done.stderr


def test_it_fits_the_schema() -> None:
    done = tool("check-jsonschema", "--builtin-schema", "vendor.github-workflows")
    assert done.returncode == 0, done.stdout


def test_the_guides_pin_this_release() -> None:
    guides = "".join(path.read_text() for path in (ROOT / "docs/guides").glob("*.md"))
    pinned = re.findall(r"frameworkpick==([\w.]+)", guides)
    assert pinned
    assert set(pinned) == {__version__}
