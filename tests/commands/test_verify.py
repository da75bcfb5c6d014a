from __future__ import annotations

import functools
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sysconfig
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.commands import breaks
from tests.templates.postgres import PostgresServer
from tests.templates.projects import FRAMEWORKS, Variant, install

from frameworkpick.commands import verify
from frameworkpick.errors import FrameworkpickError, InputError
from frameworkpick.probes import ProbeResult, Status, VerifyResult, sandbox, setup
from frameworkpick.probes.contract import CONTRACT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from frameworkpick.probes.visit import HttpProbe

COMMAND = str(Path(sysconfig.get_path("scripts")) / "frameworkpick")
#: Everything a project with accounts is asked; without accounts the last part is left out.
EVERYTHING = {
    "install", "migrations", "server starts",
    "health", "ready", "openapi", "docs page", "docs assets",
    "item create", "item get", "item list", "item update", "item delete",
    "unknown path", "wrong method", "validation", "malformed JSON", "wrong content type",
    "body too large", "hostile input",
    "security headers", "request id", "CORS closed",
    "server stops", "alembic check", "earlier database",
    "ruff check", "ruff format", "mypy", "tests",
}  # fmt: skip
#: What is said of the migrations of an earlier commit where there is none.
NO_GIT = "The project is not in git."
WITH_ACCOUNTS = {
    "register", "register twice", "short password", "login", "wrong password", "login throttled",
    "me", "no token", "refresh", "refresh reuse", "refresh race", "logout",
    "foreign item", "items without token", "weak secret refused",
}  # fmt: skip


def run_verify(*arguments: str, **environment: str) -> tuple[int, dict[str, Any]]:
    """Run the installed command and read what it prints."""
    done = subprocess.run(
        [COMMAND, "verify", *arguments, "--json"],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=600,
        check=False,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def troubles(result: dict[str, Any]) -> dict[str, str]:
    found = [p for p in result["probes"] if p["status"] != "passed"]
    return {p["name"]: p["evidence"] for p in found if p["evidence"] != NO_GIT}


def failed(result: VerifyResult) -> dict[str, str]:
    return {p.name: p.evidence for p in result.probes if p.status is Status.FAILED}


@pytest.fixture
def without_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the project's own tests and linters: the probes of the server decide."""
    monkeypatch.setattr(setup, "CHECKS", ())


# --- all green ------------------------------------------------------------------------------

MATRIX = [(framework, auth) for framework in FRAMEWORKS for auth in ("tokens", "none")]


@pytest.mark.matrix
@pytest.mark.parametrize(("framework", "auth"), MATRIX)
def test_a_new_project_is_all_green(framework: str, auth: str, tmp_path: Path) -> None:
    project = Variant(framework, auth).render(tmp_path / "parts-store")
    place = tmp_path / "tmp"
    place.mkdir()
    code, result = run_verify(str(project), TMPDIR=str(place))
    assert troubles(result) == {}
    assert list(place.iterdir()) == []
    assert code == 0
    expected = EVERYTHING | WITH_ACCOUNTS if auth == "tokens" else EVERYTHING
    assert {probe["name"] for probe in result["probes"]} == expected
    assert (result["framework"], result["database"]) == (framework, "sqlite")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    server = PostgresServer.start()
    if server is None:
        reason = "PostgreSQL's server programs are not installed"
        if os.environ.get("FRAMEWORKPICK_CI") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    yield server
    server.stop()


@pytest.mark.postgresql
@pytest.mark.matrix
@pytest.mark.parametrize(
    ("framework", "auth"), [(f, a) for f in FRAMEWORKS for a in ("tokens", "none")]
)
def test_a_new_project_is_all_green_on_postgresql(
    framework: str, auth: str, tmp_path: Path, postgres_server: PostgresServer
) -> None:
    project = Variant(framework, auth, "postgresql").render(tmp_path / "parts-store")
    url = postgres_server.create_database()
    before = databases(postgres_server)
    code, result = run_verify(str(project), "--database-url", url)
    assert troubles(result) == {}
    assert code == 0
    assert result["database"] == "postgresql"
    assert {"create database", "drop database"} <= {probe["name"] for probe in result["probes"]}
    assert databases(postgres_server) == before


def databases(server: PostgresServer) -> set[str]:
    done = subprocess.run(
        ["psql", "-h", "127.0.0.1", "-p", str(server.port), "-U", "postgres", "-Atc",
         "SELECT datname FROM pg_database"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return set(done.stdout.split())


@pytest.mark.matrix
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_postgresql_project_is_also_proven_without_a_server(
    framework: str, tmp_path: Path
) -> None:
    project = Variant(framework, "tokens", "postgresql").render(tmp_path / "parts-store")
    code, result = run_verify(str(project))
    assert (code, troubles(result), result["database"]) == (0, {}, "sqlite")


@pytest.mark.postgresql
@pytest.mark.usefixtures("without_checks")
def test_a_server_that_cannot_be_reached_is_one_failure(tmp_path: Path) -> None:
    project = Variant("flask", "none", "postgresql").render(tmp_path / "parts-store")
    request = verify.VerifyRequest(project, "postgresql://nobody@127.0.0.1:1/postgres")
    result = verify.run(request)
    assert list(failed(result)) == ["create database"]
    assert result.exit_code == 3
    skipped = {p.evidence for p in result.probes if p.status is Status.SKIPPED}
    assert skipped == {"needs: create database"}


# --- deliberate breaks ----------------------------------------------------------------------


def leading_to(name: str) -> tuple[HttpProbe, ...]:
    """A question of the contract and all it needs, in their order; none for one that is not."""
    wanted = {name}
    for probe in reversed(CONTRACT):
        if probe.name in wanted:
            wanted.update(probe.needs)
    return tuple(probe for probe in CONTRACT if probe.name in wanted)


#: Files that are the same for every framework: one framework, in turn, is enough for a fault there.
SHARED = {
    "http.py",
    "services.py",
    "config.py",
    "security.py",
    "throttling.py",
    "problems.py",
    "static/index.html",
}


def break_cases() -> Iterator[Any]:
    for number, each in enumerate(breaks.BREAKS):
        chosen = each.frameworks
        if each.file in SHARED:
            chosen = (chosen[number % len(chosen)],)
        for framework in chosen:
            yield pytest.param(framework, each, id=f"{each.name}-{framework}")


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_deliberate_break_still_fits_the_code(framework: str, tmp_path: Path) -> None:
    project = Variant(framework).render(tmp_path / "parts-store")
    for fault in breaks.BREAKS:
        if framework in fault.frameworks:
            path = fault.path(project)
            before = path.read_text(encoding="utf-8")
            fault.apply(project)
            path.write_text(before, encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Environment:
    """What one installed project lends to broken copies of itself."""

    folder: Path
    #: A database that its migrations made.
    database: Path


@pytest.fixture(scope="session")
def environments(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Environment]:
    """Give the environment of a framework's project; installed at the first call."""

    @functools.cache
    def get(framework: str) -> Environment:
        project = install(Variant(framework), tmp_path_factory.mktemp(framework) / "parts-store")
        database = project.folder / "migrated.db"
        settings = sandbox.production_settings(f"sqlite:///{database}")
        project.check("alembic", "upgrade", "head", env=settings)
        return Environment(project.folder / ".venv", database)

    return get


@pytest.fixture
def installed_already(
    environments: Callable[[str], Environment], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Environment]:
    """Let ``verify`` take an environment that is there, where another step is in question."""

    def take(framework: str) -> Environment:
        ours = environments(framework)

        def installed(box: sandbox.Sandbox) -> ProbeResult:
            (box.project / ".venv").symlink_to(ours.folder)
            assert isinstance(box.environment, dict)
            box.environment["PYTHONPATH"] = str(box.project / "src")  # else the first one's code
            return ProbeResult("install", "setup", Status.PASSED, 0.0, "there already")

        monkeypatch.setattr(setup, "install", installed)
        return ours

    return take


@pytest.mark.matrix
@pytest.mark.usefixtures("without_checks")
@pytest.mark.parametrize(("framework", "fault"), list(break_cases()))
def test_a_deliberate_break_is_found(
    framework: str,
    fault: breaks.Break,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    installed_already: Callable[[str], Environment],
) -> None:
    # Only the questions that lead to the one in question: it must find the fault by itself.
    monkeypatch.setattr(verify, "CONTRACT", leading_to(fault.probe))
    ours = installed_already(framework)

    def migrated(box: sandbox.Sandbox, check: setup.Check, **_: object) -> ProbeResult:
        shutil.copy(ours.database, box.root / "verify.db")
        return ProbeResult(check.name, "setup", Status.PASSED, 0.0, "done before")

    monkeypatch.setattr(setup, "run_check", migrated)  # alembic, which no fault here is about
    project = Variant(framework).render(tmp_path / "parts-store")
    fault.apply(project)
    result = verify.run(verify.VerifyRequest(project))
    assert fault.probe in failed(result), failed(result)
    assert fault.evidence in failed(result)[fault.probe]
    assert result.exit_code == 3


@pytest.mark.usefixtures("without_checks")
@pytest.mark.parametrize(
    ("probe", "damage", "evidence"),
    [
        pytest.param(
            "alembic check",
            breaks.remove_migrations,
            "New upgrade operations",
            marks=pytest.mark.matrix,
        ),
        pytest.param(
            "migrations", breaks.break_migration, "ZeroDivisionError", marks=pytest.mark.matrix
        ),
        pytest.param("server stops", breaks.ignore_sigterm, "of SIGTERM", marks=pytest.mark.matrix),
        ("install", breaks.not_installable, "3.99"),
    ],
)
@pytest.mark.parametrize("framework", ["fastapi", pytest.param("flask", marks=pytest.mark.matrix)])
def test_a_deliberate_break_beside_the_code_is_found(
    framework: str,
    probe: str,
    damage: Callable[[Path], None],
    evidence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    installed_already: Callable[[str], Environment],
) -> None:
    if probe != "install":
        installed_already(framework)
    monkeypatch.setattr(verify, "CONTRACT", leading_to("health"))
    project = Variant(framework).render(tmp_path / "parts-store")
    damage(project)
    result = verify.run(verify.VerifyRequest(project))
    assert probe in failed(result), failed(result)
    assert evidence in failed(result)[probe]
    assert result.exit_code == 3


@pytest.mark.matrix
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_projects_own_checks_count(framework: str, tmp_path: Path) -> None:
    project = Variant(framework, "none").render(tmp_path / "parts-store")
    for damage in (breaks.fail_a_test, breaks.unused_import, breaks.ugly, breaks.wrong_type):
        damage(project)
    code, result = run_verify(str(project))
    found = troubles(result)
    assert set(found) == {"tests", "ruff check", "ruff format", "mypy"}
    assert "test_wrong" in found["tests"]
    assert "F401" in found["ruff check"]
    assert "ugly.py" in found["ruff format"]
    assert "wrong_type.py" in found["mypy"]
    assert code == 3


@pytest.mark.usefixtures("without_checks")
def test_what_cannot_be_tried_is_skipped_with_its_reason(tmp_path: Path) -> None:
    project = Variant("fastapi").render(tmp_path / "parts-store")
    breaks.not_installable(project)
    result = verify.run(verify.VerifyRequest(project))
    assert {p.evidence for p in result.probes if p.status is Status.SKIPPED} == {"needs: install"}
    named = {probe.name for probe in result.probes}
    checks = {"ruff check", "ruff format", "mypy", "tests"}
    assert named == (EVERYTHING | WITH_ACCOUNTS) - checks


# --- on the database of an earlier commit ----------------------------------------------------


@pytest.mark.usefixtures("without_checks")
@pytest.mark.parametrize(
    ("framework", "change", "status", "evidence"),
    [
        ("fastapi", breaks.rewrite_initial, Status.FAILED, "New upgrade operations detected"),
        pytest.param(
            "flask", breaks.rewrite_initial, Status.FAILED, "add_column", marks=pytest.mark.matrix
        ),
        pytest.param(
            "flask", breaks.need_a_value, Status.FAILED, "NOT NULL", marks=pytest.mark.matrix
        ),
        pytest.param(
            "fastapi", breaks.rename_initial, Status.FAILED, "0001", marks=pytest.mark.matrix
        ),
        pytest.param(
            "fastapi", breaks.add_a_column, Status.PASSED, "rows: 1", marks=pytest.mark.matrix
        ),
    ],
)
def test_a_database_of_an_earlier_commit_is_migrated_with_rows_in_it(
    framework: str,
    change: Callable[[Path], None],
    status: Status,
    evidence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    installed_already: Callable[[str], Environment],
) -> None:
    monkeypatch.setattr(verify, "CONTRACT", ())
    installed_already(framework)
    project = Variant(framework, "none").render(tmp_path / "shops" / "parts-store")
    commit(project.parent)
    change(project)
    if framework == "fastapi":  # else the change is not committed
        commit(project.parent)
    result = verify.run(verify.VerifyRequest(project))
    states = {probe.name: probe for probe in result.probes}
    assert states["alembic check"].passed, "models and migrations agree on a new database"
    assert states["earlier database"].status is status
    assert evidence in states["earlier database"].evidence
    assert result.exit_code == (3 if status is Status.FAILED else 0)


def commit(repository: Path) -> None:
    who = ["-c", "user.name=Ann", "-c", "user.email=ann@localhost"]
    for words in (["init", "--quiet"], ["add", "--all"], [*who, "commit", "--quiet", "-m", "x"]):
        subprocess.run(["git", *words], cwd=repository, check=True)


# --- what belongs to the owner --------------------------------------------------------------


@pytest.mark.matrix
@pytest.mark.usefixtures("without_checks")
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_route_the_owner_removed_is_absent_and_no_failure(
    framework: str, tmp_path: Path, installed_already: Callable[[str], Environment]
) -> None:
    installed_already(framework)
    project = Variant(framework).render(tmp_path / "parts-store")
    breaks.remove_items(project)
    result = verify.run(verify.VerifyRequest(project))
    assert failed(result) == {}
    assert result.exit_code == 0
    states = {probe.name: probe.status for probe in result.probes}
    assert states["item create"] is Status.ABSENT
    assert states["foreign item"] is Status.ABSENT
    assert states["login"] is Status.PASSED


def fingerprint(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Checksum, mode and time of change of every file."""
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mode,
            path.stat().st_mtime_ns,
        )
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.matrix
@pytest.mark.usefixtures("without_checks")
def test_the_owners_secrets_data_and_environment_are_neither_read_nor_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Variant("flask").render(tmp_path / "parts-store")
    # Reading any of these would break the run: a pipe that nobody writes to, and poison.
    os.mkfifo(project / ".env.local")
    os.mkfifo(project / "backup.sqlite3")
    (project / ".env").write_text("APP_DOCS=false\nAPP_DATABASE_URL=sqlite:///app.db\n")
    (project / "app.db").write_bytes(b"not a database at all")
    python = project / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\ntouch {tmp_path / 'poisoned'}\nexit 9\n")
    python.chmod(0o755)
    (project / ".git").mkdir()
    (project / ".git" / "config").write_text("poison")
    (project / "outside").symlink_to("/")
    before = fingerprint(project)
    # So would any of these of the caller's.
    for name, value in {
        "APP_DOCS": "false",
        "APP_DATABASE_URL": "sqlite:////nowhere/at/all.db",
        "APP_SECRET_KEY": "short",
        "APP_MAX_BODY_BYTES": "1",
        "VIRTUAL_ENV": str(project / ".venv"),
        "PYTHONPATH": "/nowhere",
        "UV_PROJECT_ENVIRONMENT": str(tmp_path / "wrong-place"),
        "GUNICORN_CMD_ARGS": "--no-such-option",
        "UV_NO_DEV": "1",
    }.items():
        monkeypatch.setenv(name, value)
    result = verify.run(verify.VerifyRequest(project))
    assert failed(result) == {}
    assert fingerprint(project) == before
    assert not (tmp_path / "poisoned").exists()
    assert not (tmp_path / "wrong-place").exists()


@pytest.mark.matrix
@pytest.mark.usefixtures("without_checks")
def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    told: list[str] = []
    project = Variant("flask", "none").render(tmp_path / "parts-store")
    result = verify.run(verify.VerifyRequest(project), progress=told.append)
    assert failed(result) == {}
    assert list(place.iterdir()) == []
    assert told[0] == "installing"
    assert "probing: item create" in told


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGINT, 130),
        pytest.param(signal.SIGTERM, 143, marks=pytest.mark.matrix),
        pytest.param(signal.SIGHUP, 129, marks=pytest.mark.matrix),
    ],
)
def test_a_run_that_is_stopped_leaves_nothing_behind(
    number: signal.Signals, code: int, tmp_path: Path
) -> None:
    place = tmp_path / "tmp"
    place.mkdir()
    project = Variant("flask", "none").render(tmp_path / "parts-store")
    running = subprocess.Popen(
        [COMMAND, "verify", str(project), "--json"],
        env={**os.environ, "TMPDIR": str(place)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 120
    while not list(place.glob("*/server.log")) and time.monotonic() < deadline:
        time.sleep(0.05)
    running.send_signal(number)
    output, errors = running.communicate(timeout=60)
    assert running.returncode == code, errors
    assert b"Traceback" not in errors
    assert output == b""
    assert list(place.glob("*frameworkpick-*")) == []
    assert not processes_of(place)


def processes_of(folder: Path) -> list[str]:
    """Command lines of all processes that run something below a folder."""
    lines = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return [line for line in lines.stdout.splitlines() if str(folder) in line]


# --- what cannot be proven ------------------------------------------------------------------


def test_a_folder_without_a_generated_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FrameworkpickError, match=r"\.copier-answers\.yml"):
        verify.run(verify.VerifyRequest(tmp_path))


def test_an_unknown_framework_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".copier-answers.yml").write_text("framework: nonesuch\npackage_name: x\n")
    with pytest.raises(FrameworkpickError, match="nonesuch"):
        verify.run(verify.VerifyRequest(tmp_path))


def test_a_postgresql_address_for_a_sqlite_project_is_refused(tmp_path: Path) -> None:
    project = Variant("flask", "none").render(tmp_path / "parts-store")
    with pytest.raises(InputError, match="database = sqlite"):
        verify.run(verify.VerifyRequest(project, "postgresql://localhost/postgres"))
