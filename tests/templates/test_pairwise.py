"""Installed projects work: every two values together, on every Python, newest and lowest.

A few at a time are installed from the newest dependencies, or from the lowest direct ones that
``pyproject.toml`` allows, and have to pass their own tests, their migrations both ways, and the
contract suite on their production server. A line tells how far the run is.
"""

from __future__ import annotations

import os
import re
import resource
import sys
import time
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import combinations, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from frameworkpick.process import run

from .combinations import RESOLUTIONS, SUPPORTED, Run, every_combination, pairwise
from .components import interpreter, interpreters, missing
from .contract.deployment import production, serve
from .postgres import PostgresServer, free_port
from .projects import FRAMEWORKS, Project, sync

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from concurrent.futures import Future

REPOSITORY = Path(__file__).parents[2]
CONTRACT = Path(__file__).parent / "contract"
#: At least so many tests of the contract ask any server; the others need one of their own.
ASKED = {"tokens": 300, "none": 150}
#: For two cores: the contract suite waits for its server half the time.
AT_A_TIME = 3


@dataclass(slots=True)
class Proof:
    """What is done with one project, and how long each part of it took."""

    project: Project
    job: Run
    postgres: PostgresServer | None
    scratch: Path
    #: The settings of the migrated database and of the server on it.
    served: dict[str, str] = field(init=False)
    seconds: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        file = f"sqlite:///{self.scratch / 'served.db'}"
        self.served = production(self.postgres.create_database() if self.postgres else file)

    def everything(self) -> dict[str, float]:
        for part in (self.install, self.own_tests, self.tools, self.migrations, self.contract):
            began = time.monotonic()
            part()
            self.seconds[part.__name__] = time.monotonic() - began
        return self.seconds

    def install(self) -> None:
        python = interpreters()[self.job.interpreter]
        resolution = RESOLUTIONS[self.job.versions]
        sync(self.project, "--python", python, "--resolution", resolution)
        version = "import sys; print('%d.%d' % sys.version_info[:2])"
        found = self.project.check("python", "-c", version).output
        assert found.strip() == self.job.interpreter
        if self.job.versions == "lowest":
            assert untrue_floors(self.project.folder) == {}

    def own_tests(self) -> None:
        # No warning comes from our own choice of libraries. The folder is this run's alone:
        # pytest warns where another one is clearing the folders that both share.
        pytest = ("pytest", "-q", "-W", "error", "--basetemp", str(self.scratch / "own"))
        if self.postgres:
            url = self.postgres.create_database()
            self.project.check(*pytest, env={"TEST_DATABASE_URL": url})
        if not self.postgres or self.job.versions == "newest":
            self.project.check(*pytest)  # on SQLite, with no service

    def tools(self) -> None:
        self.project.check("ruff", "check")
        self.project.check("ruff", "format", "--check")
        lowest_python = SUPPORTED["python_version"][0]
        if (self.job.versions, self.job.interpreter) == ("lowest", lowest_python):
            self.project.check("mypy")  # the newest checks every combination in test_types

    def migrations(self) -> None:
        env = self.served
        for words in (["upgrade", "head"], ["check"], ["downgrade", "base"], ["upgrade", "head"]):
            self.project.check("alembic", *words, env=env)

    def contract(self) -> None:
        env = self.served
        with serve(self.project, env, self.scratch, free_port()) as server:
            asked = {
                "CONTRACT_BASE_URL": server.url,
                "CONTRACT_AUTH": server.auth,
                "CONTRACT_SECRET_KEY": env["APP_SECRET_KEY"],
            }
            done = run(
                [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(CONTRACT)],
                cwd=REPOSITORY,
                env=own_environment() | asked,
                timeout=600,
            )
        assert done.ok, done.output
        passed = re.search(r"(\d+) passed", done.output)
        assert passed and int(passed[1]) >= ASKED[server.auth], done.output  # noqa: PT018


def own_environment() -> dict[str, str]:
    """What the contract suite inherits: it may skip what only a server of its own can show."""
    return {name: value for name, value in os.environ.items() if name != "FRAMEWORKPICK_CI"}


def untrue_floors(folder: Path) -> dict[str, str]:
    """Direct requirements whose lowest version is not the one that was installed."""
    pyproject = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    lock = tomllib.loads((folder / "uv.lock").read_text(encoding="utf-8"))
    locked = {each["name"]: each["version"] for each in lock["package"]}
    required = [*pyproject["project"]["dependencies"], *pyproject["dependency-groups"]["dev"]]
    untrue = {}
    for requirement in required:
        found = re.fullmatch(r"([a-z0-9-]+)(?:\[[a-z0-9,]+\])?>=([0-9.]+),<[0-9.]+", requirement)
        assert found, f"{requirement} has no floor and ceiling"
        name, floor = found.groups()
        if release(locked[name]) != release(floor):
            untrue[requirement] = locked[name]
    return untrue


def release(version: str) -> tuple[int, ...]:
    """The numbers of a version, without the zeros at its end."""
    numbers = [int(number) for number in version.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


@pytest.fixture(scope="session")
def proofs(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    tell: Callable[[str], None],
) -> Iterator[Mapping[Run, Future[dict[str, float]]]]:
    """Prove the jobs that were chosen for this session, in the order of their tests."""
    items: list[Any] = request.session.items
    chosen: list[Run] = [
        item.callspec.params["job"] for item in items if "proofs" in item.fixturenames
    ]
    began, cpu = time.monotonic(), processor_time()
    server = None
    if any(job.variant.database == "postgresql" for job in chosen):
        server = PostgresServer.start()
    proofs: dict[Run, Proof] = {}
    for job in chosen:
        needs_server = job.variant.database == "postgresql"
        if job.interpreter not in interpreters() or (needs_server and server is None):
            continue
        scratch = tmp_path_factory.mktemp("proof")
        # Rendered here, all before the first thread: copier is not made for threads, and what
        # they start would have the memory limit of a render.
        project = Project(job.variant, job.variant.render(scratch / "parts-store"))
        proofs[job] = Proof(project, job, server if needs_server else None, scratch)
    pool = ThreadPoolExecutor(AT_A_TIME)
    waiting = {job: pool.submit(proof.everything) for job, proof in proofs.items()}
    try:
        yield waiting
    finally:
        pool.shutdown(cancel_futures=True)
        if server:
            server.stop()
        minutes, used = (time.monotonic() - began) / 60, (processor_time() - cpu) / 60
        tell(f"{len(waiting)} projects in {minutes:.1f} minutes ({used:.1f} of processor time)")


def processor_time() -> float:
    """Seconds of computing in this process and in those it waited for."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    usages = [resource.getrusage(kind) for kind in kinds]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def marked(job: Run) -> Any:
    postgresql = [pytest.mark.postgresql] if job.variant.database == "postgresql" else []
    return pytest.param(job, id=job.id, marks=postgresql)


@pytest.mark.matrix
@pytest.mark.parametrize("job", [marked(job) for job in pairwise()])
def test_an_installed_project_works(
    proofs: Mapping[Run, Future[dict[str, float]]], job: Run, tell: Callable[[str], None]
) -> None:
    interpreter(job.interpreter)
    if job not in proofs:
        missing("PostgreSQL's server programs are not installed")
    parts = proofs[job].result()
    shown = ", ".join(f"{name.replace('_', ' ')} {each:.0f}" for name, each in parts.items())
    number = list(proofs).index(job) + 1
    tell(f"{number:2} of {len(proofs)}  {sum(parts.values()):4.0f} s  {job.id}  ({shown})")


@dataclass(frozen=True, slots=True)
class Point:
    """A value of one option; the interpreter and the versions count as such."""

    option: str
    value: Any


def points(each: Run) -> list[Point]:
    options = [Point(name, getattr(each.variant, name)) for name in SUPPORTED]
    return [*options, Point("interpreter", each.interpreter), Point("versions", each.versions)]


def test_every_two_values_that_can_meet_do_meet() -> None:
    met = {pair for each in pairwise() for pair in combinations(points(each), 2)}
    possible = [
        Run(variant, interpreter, versions)
        for variant in every_combination()
        for interpreter in map(str, SUPPORTED["python_version"])
        for versions in RESOLUTIONS
        if interpreter >= variant.python_version
    ]
    assert {pair for each in possible for pair in combinations(points(each), 2)} == met


def test_each_framework_and_python_has_its_share() -> None:
    share = Counter((each.variant.framework, each.interpreter) for each in pairwise())
    assert set(share) == set(product(FRAMEWORKS, SUPPORTED["python_version"]))
    assert min(share.values()) >= 3
    assert len(pairwise()) <= 17 * len(FRAMEWORKS)
