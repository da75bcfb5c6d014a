"""What the tests of the CI files share: where they are, what they say, and the linters."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from itertools import cycle, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from .combinations import SUPPORTED
from .projects import FRAMEWORKS, Variant

if TYPE_CHECKING:
    from collections.abc import Mapping

REPOSITORY = Path(__file__).parents[2]
WORKFLOW = ".github/workflows/ci.yml"
DEPENDABOT = ".github/dependabot.yml"
GITLAB = ".gitlab-ci.yml"
RENOVATE = "renovate.json"
FILES = {"github": (WORKFLOW, DEPENDABOT), "gitlab": (GITLAB, RENOVATE)}
#: The schemas come with check-jsonschema: no network.
SCHEMAS = {
    WORKFLOW: ["--builtin-schema", "vendor.github-workflows"],
    DEPENDABOT: ["--builtin-schema", "vendor.dependabot"],
    GITLAB: ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
    RENOVATE: ["--builtin-schema", "vendor.renovate"],
}
PYTHONS = [str(value) for value in SUPPORTED["python_version"]]


def few_variants() -> list[Variant]:
    """Each CI with and without a database server and an image; frameworks and Pythons in turn."""
    frameworks, pythons = cycle(FRAMEWORKS), cycle(PYTHONS)
    return [
        Variant(
            next(frameworks),
            database=database,
            docker=docker,
            ci=ci,
            python_version=next(pythons),
        )
        for ci, docker, database in product(FILES, [True, False], ["sqlite", "postgresql"])
    ]


def found_in(projects: Mapping[Variant, Path]) -> dict[str, list[Path]]:
    """The CI files of rendered projects, by their name in the project."""
    found: dict[str, list[Path]] = {name: [] for name in SCHEMAS}
    for variant, project in projects.items():
        for name in FILES.get(variant.ci, ()):
            found[name].append(project / name)
    return found


@dataclass(frozen=True, slots=True)
class Step:
    """One shell script of a job."""

    script: str
    env: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Job:
    """What a job's runner does, after it checked out."""

    name: str
    uses: tuple[str, ...]
    images: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def commands(self) -> list[str]:
        return [line for step in self.steps for line in step.script.splitlines() if line.strip()]


def jobs_of(path: Path) -> list[Job]:
    """The jobs of a workflow or a pipeline."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return github_jobs(document) if path.name == "ci.yml" else gitlab_jobs(document)


def github_jobs(document: dict[str, Any]) -> list[Job]:
    jobs = []
    for name, job in document["jobs"].items():
        steps = [
            Step(step["run"], job.get("env", {}) | step.get("env", {}))
            for step in job["steps"]
            if "run" in step
        ]
        uses = tuple(step["uses"] for step in job["steps"] if "uses" in step)
        images = tuple(service["image"] for service in job.get("services", {}).values())
        jobs.append(Job(name, uses, images, tuple(steps)))
    return jobs


def gitlab_jobs(document: dict[str, Any]) -> list[Job]:
    """GitLab runs before_script and script in one shell, and after_script in another one."""
    jobs = []
    for name in document.keys() - {"workflow", "default", "stages", "variables"}:
        if name.startswith("."):
            continue
        job = extended(document, name)
        env = document.get("variables", {}) | job.get("variables", {})
        main = [*job.get("before_script", []), *job["script"]]
        steps = [Step("\n".join(main), env)]
        if "after_script" in job:
            steps.append(Step("\n".join(job["after_script"]), env))
        images = (job["image"], *job.get("services", []))
        jobs.append(Job(name, (), images, tuple(steps)))
    return sorted(jobs, key=lambda job: job.name)


def extended(document: dict[str, Any], name: str) -> dict[str, Any]:
    """A GitLab job with what it extends; mappings merge, all else is replaced."""
    job = document[name]
    if "extends" not in job:
        return dict(job)
    base = extended(document, job["extends"])
    merged = {
        key: base[key] | value if isinstance(value, dict) and key in base else value
        for key, value in job.items()
    }
    return base | merged


def flattened(path: Path, copy: Path) -> Path:
    """Write a GitLab file out without `extends`: the schema does not look into hidden jobs."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    plain = {
        name: extended(document, name) if isinstance(value, dict) and "extends" in value else value
        for name, value in document.items()
        if not name.startswith(".")
    }
    for value in plain.values():
        value.pop("extends", None)
    copy.write_text(yaml.safe_dump(plain), encoding="utf-8")
    return copy


def zizmor(*paths: Path) -> list[str]:
    """The rules that are broken, by the strictest persona and without network."""
    program = Path(sys.executable).with_name("zizmor")
    done = subprocess.run(
        [
            program, "--offline", "--no-config", "--strict-collection", "--quiet",
            "--persona", "auditor", "--format", "json", "--no-exit-codes", *paths,
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [finding["ident"] for finding in json.loads(done.stdout) if not finding["ignored"]]


def schema_errors(name: str, *paths: Path) -> str:
    """What check-jsonschema says of files of one kind; empty when they are valid."""
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *SCHEMAS[name], *paths],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return "" if done.returncode == 0 else done.stdout + done.stderr
