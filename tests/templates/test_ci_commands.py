"""Every command of the CI files runs here as it would there: in order, in a fresh checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from frameworkpick.process import find_uv

from .ci_files import FILES, GITLAB, WORKFLOW, Job, jobs_of
from .components import interpreter, missing
from .projects import FRAMEWORKS, Project, Variant

if TYPE_CHECKING:
    from collections.abc import Callable

    from .postgres import PostgresServer

#: What is not a command but makes the runner ready, and what does the same here.
PREPARATIONS = {
    "actions/checkout": "the copy of the project",
    "astral-sh/setup-uv": "uv on PATH, and UV_PYTHON",
    "ghcr.io/astral-sh/uv": "the same",
    "postgres": "the tests' own PostgreSQL server",
    "docker": "the engine, and its client on PATH",
}
#: The commands, by what they need. One that is in no list fails the tests.
WITH_UV = {
    "uv sync --locked",
    "uv cache prune --ci",
    "uv run ruff check",
    "uv run ruff format --check",
    "uv run mypy",
    "uv run pytest",
    "TEST_DATABASE_URL=$APP_DATABASE_URL uv run pytest",
    "uv run alembic upgrade head",
    "uv run alembic check",
}
WITH_ENGINE = {"docker build ."}
#: How the files write the address of the server that their service starts.
SERVICE = (
    "postgresql://postgres@localhost:5432/postgres",
    "postgresql://postgres@postgres:5432/postgres",
)
#: Not of the checkout.
MADE = shutil.ignore_patterns(".venv", "*.db*", ".*_cache", "__pycache__", ".env")


def test_every_command_and_preparation_is_known(few_ci_files: dict[str, list[Path]]) -> None:
    files = few_ci_files[WORKFLOW] + few_ci_files[GITLAB]
    jobs = [job for path in files for job in jobs_of(path)]
    assert {command for job in jobs for command in job.commands} == WITH_UV | WITH_ENGINE
    used = {use.partition("@")[0] for job in jobs for use in job.uses}
    used |= {image.partition(":")[0] for job in jobs for image in job.images}
    assert used == PREPARATIONS.keys()
    for job in jobs:
        assert set(job.commands) <= WITH_UV or set(job.commands) <= WITH_ENGINE, job.name


def checkout(project: Project, folder: Path) -> Project:
    """What a runner has of an installed project: the files that are committed, in a repository.

    Only in a repository do the linters pass over what uv's cache says to ignore.
    """
    shutil.copytree(project.folder, folder, ignore=MADE)
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    return replace(project, folder=folder)


def run_job(job: Job, project: Project, extra: dict[str, str], server: str | None) -> None:
    """Run a job's scripts as its runner does: until the first command that fails."""
    for step in job.steps:
        env = {name: value for name, value in step.env.items() if name != "UV_PYTHON"} | extra
        for name, value in env.items():
            if value in SERVICE:
                assert server, f"{job.name} asks for a database server that it does not start"
                env[name] = server
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-exo", "pipefail", "-c", step.script],
            cwd=project.folder, env=project.environ(env), capture_output=True, text=True,
            timeout=900, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{job.name}: {step.script}\n{done.stdout}{done.stderr}"


@pytest.mark.matrix
@pytest.mark.parametrize(
    ("ci", "framework", "database", "python"),
    [
        ("github", FRAMEWORKS[0], "sqlite", "3.12"),
        ("gitlab", FRAMEWORKS[1], "sqlite", "3.13"),
        pytest.param("github", FRAMEWORKS[1], "postgresql", "3.11", marks=pytest.mark.postgresql),
        pytest.param("gitlab", FRAMEWORKS[0], "postgresql", "3.13", marks=pytest.mark.postgresql),
    ],
)
def test_every_command_works(
    installed: Callable[..., Project],
    request: pytest.FixtureRequest,
    tmp_path: Path,
    ci: str,
    framework: str,
    database: str,
    python: str,
) -> None:
    project = installed(framework, "tokens", database)
    pipeline = Variant(framework, database=database, ci=ci).render(tmp_path / "rendered")
    uv = find_uv()
    assert uv
    extra = {
        "UV_PYTHON": interpreter(python),
        "PATH": f"{Path(uv).parent}{os.pathsep}{os.environ['PATH']}",
    }
    ran = []
    for job in jobs_of(pipeline / FILES[ci][0]):
        if set(job.commands) <= WITH_ENGINE:
            continue
        server = None
        if any(image.startswith("postgres:") for image in job.images):
            started: PostgresServer = request.getfixturevalue("postgres")
            server = started.create_database()
        run_job(job, checkout(project, tmp_path / job.name), extra, server)
        ran.append(job.name)
    assert ran == ["check", "test"]


@pytest.mark.matrix
@pytest.mark.docker
@pytest.mark.parametrize("ci", FILES)
def test_the_image_is_built(installed: Callable[..., Project], tmp_path: Path, ci: str) -> None:
    framework = FRAMEWORKS[0] if ci == "github" else FRAMEWORKS[1]
    if not shutil.which("docker"):
        missing("docker is not installed")
    engine = subprocess.run(["docker", "info"], capture_output=True, text=True, check=False)
    if engine.returncode:
        missing(f"no Docker engine answers: {engine.stderr}")
    project = installed(framework, "tokens", "sqlite")
    pipeline = Variant(framework, ci=ci).render(tmp_path / "rendered")
    (job,) = [
        each for each in jobs_of(pipeline / FILES[ci][0]) if set(each.commands) <= WITH_ENGINE
    ]
    copy = checkout(project, tmp_path / "checkout")
    done = subprocess.run(
        ["bash", "-exo", "pipefail", "-c", job.steps[0].script],
        cwd=copy.folder, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
