"""A database that refuses a value, is broken, locked or read-only: said, and over once mended."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ..projects import FRAMEWORKS  # noqa: TID252 (one folder up is the nearest place both share)
from .deployment import GIVEN, PASSWORD, V1, assert_problem, new_email, production, serve
from .targets import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx2
    from tests.templates.postgres import PostgresServer
    from tests.templates.projects import Project

    from .conftest import Servers
    from .databases import Databases
    from .deployment import Deployment

pytestmark = pytest.mark.skipif(bool(GIVEN), reason="needs a database of its own")
#: To root no file is read-only, unless it gives up that right.
AS_OTHERS = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
FOLLOWED_BY_A_REFERENCE = """
    CREATE TABLE shelves (id INTEGER PRIMARY KEY);
    INSERT INTO shelves VALUES (7);
    ALTER TABLE items ADD COLUMN shelf INTEGER DEFAULT 7 REFERENCES shelves (id);
    DELETE FROM items;
    DELETE FROM shelves
"""


@pytest.fixture(scope="module")
def faulty(
    target: Target,
    installed: Callable[..., Project],
    databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
    free_port: Callable[[], int],
) -> Iterator[Deployment]:
    """A server of its own: its database is changed behind its back."""
    environment = production(databases.migrated(target))
    wrapper = AS_OTHERS if os.geteuid() == 0 and shutil.which(AS_OTHERS[0]) else []
    folder = tmp_path_factory.mktemp("faulty")
    project = target.project(installed)
    with serve(project, environment, folder, free_port(), wrapper) as server:
        yield server


@pytest.fixture(scope="module")
def owner(faulty: Deployment) -> dict[str, str]:
    return faulty.account().headers if faulty.auth == "tokens" else {}


@pytest.fixture
def change(faulty: Deployment, request: pytest.FixtureRequest) -> Callable[[str], object]:
    """Run statements in the server's database."""
    url = faulty.environment["APP_DATABASE_URL"]
    if url.startswith("postgresql"):
        server: PostgresServer = request.getfixturevalue("postgres")
        name = url.rpartition("/")[2]
        return lambda statements: server.ask(statements, name)

    def run(statements: str) -> None:
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
            database.executescript(statements)

    return run


def create(server: Deployment, owner: dict[str, str], title: str) -> httpx2.Response:
    return server.client.post(f"{V1}/items", json={"title": title}, headers=owner)


def log_of(server: Deployment) -> str:
    assert server.log is not None
    return server.log.read_text(encoding="utf-8")


def write(server: Deployment) -> httpx2.Response:
    """Ask for a change that needs no account."""
    if server.auth == "none":
        return create(server, {}, "zero")
    body = {"email": new_email(), "password": PASSWORD, "name": "Ann"}
    return server.client.post(f"{V1}/auth/register", json=body)


def test_a_file_that_is_broken_or_read_only_is_503_until_it_is_mended(
    faulty: Deployment, target: Target
) -> None:
    """It comes first: a connection that is open would know the file as it was."""
    if target.database != "sqlite":
        pytest.skip("it has no file")
    file = Path(faulty.environment["APP_DATABASE_URL"].removeprefix("sqlite:///"))
    good = file.read_bytes()
    for content, mode in {b"not a database" * 1000: 0o644, good: 0o444}.items():
        file.write_bytes(content)
        file.chmod(mode)
        refused = write(faulty)
        assert_problem(refused, 503)
        assert refused.headers["retry-after"]
        assert_problem(faulty.client.get("/ready"), 503)
        assert faulty.client.get("/health").status_code == 200
    for each in file.parent.glob(f"{file.name}*"):  # SQLite gives its own two the same rights
        each.chmod(0o644)
    assert write(faulty).status_code == 201
    assert faulty.client.get("/ready").status_code == 200
    log = log_of(faulty)
    assert "file is not a database" in log
    assert "attempt to write a readonly database" in log
    assert "Traceback" not in log


def test_what_the_database_refuses_is_a_conflict_or_not_valid(
    faulty: Deployment, owner: dict[str, str], change: Callable[[str], object]
) -> None:
    change("ALTER TABLE items ADD COLUMN extra INTEGER CHECK (length(title) < 9)")
    change("CREATE UNIQUE INDEX one_title ON items (title)")
    assert create(faulty, owner, "one").status_code == 201
    assert_problem(create(faulty, owner, "one"), 409)
    assert_problem(create(faulty, owner, "wrong title"), 422)
    change(FOLLOWED_BY_A_REFERENCE)
    assert_problem(create(faulty, owner, "two"), 409)
    change("INSERT INTO shelves VALUES (7)")
    assert create(faulty, owner, "two").status_code == 201
    if faulty.auth == "tokens":
        change("ALTER TABLE users ADD COLUMN extra INTEGER CHECK (length(name) < 9)")
        body = {"email": new_email(), "password": PASSWORD, "name": "Annabelle"}
        assert_problem(faulty.client.post(f"{V1}/auth/register", json=body), 422)
        body |= {"email": faulty.register(), "name": "Ann"}
        taken = assert_problem(faulty.client.post(f"{V1}/auth/register", json=body), 409)
        assert taken["detail"] == "This email address is taken."
    assert "wrong title" not in log_of(faulty)
    assert "Traceback" not in log_of(faulty)


@pytest.mark.matrix
@pytest.mark.postgresql
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_server_that_takes_no_changes_is_503_until_it_does(
    framework: str, servers: Servers, postgres: PostgresServer
) -> None:
    server = servers.other("read-only", Target(framework, database="postgresql"))
    headers = server.account().headers
    name = server.environment["APP_DATABASE_URL"].rpartition("/")[2]
    postgres.ask(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    postgres.ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}", name)  # noqa: S608
    assert server.client.get(f"{V1}/items", headers=headers).status_code == 200
    assert_problem(create(server, headers, "x"), 503)
    assert_problem(server.client.get("/ready"), 503)
    postgres.ask(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    assert server.client.get("/ready").status_code == 200
    assert create(server, headers, "x").status_code == 201
    assert "Traceback" not in log_of(server)


@pytest.mark.matrix
@pytest.mark.postgresql
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_locked_table_holds_nobody_for_long(
    framework: str, servers: Servers, postgres: PostgresServer
) -> None:
    """Eight writers are as many as Flask's process has threads."""
    server = servers.other("locked", Target(framework, database="postgresql"))
    headers = server.account().headers
    began = time.monotonic()
    with (
        postgres.transaction(server.environment["APP_DATABASE_URL"], "LOCK TABLE items"),
        ThreadPoolExecutor(8) as pool,
    ):
        writers = [pool.submit(create, server, headers, "x") for _ in range(8)]
        time.sleep(0.5)
        assert server.client.get("/health").status_code == 200
        assert time.monotonic() - began < 5
        for writer in writers:
            assert_problem(writer.result(), 503)
            assert writer.result().headers["retry-after"]
    assert server.wait_for_log("lock timeout")
    assert create(server, headers, "x").status_code == 201
