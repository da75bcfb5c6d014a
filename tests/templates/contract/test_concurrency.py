"""Several servers, with several workers each, on one database: who comes first wins, once."""

from __future__ import annotations

import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from ..projects import FRAMEWORKS  # noqa: TID252 (one folder up is the nearest place both share)
from .deployment import GIVEN, PASSWORD, V1, assert_problem, new_email, production
from .targets import Target

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.templates.postgres import PostgresServer
    from tests.templates.projects import Project

    from frameworkpick.process import Completed

    from .conftest import Servers
    from .deployment import Deployment

pytestmark = [
    pytest.mark.matrix,
    pytest.mark.skipif(bool(GIVEN), reason="needs servers of every framework"),
]
#: Requests sent at the same moment, each on a connection of its own.
AT_ONCE = 16


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def group(request: pytest.FixtureRequest, servers: Servers) -> list[Deployment]:
    """A server of each framework with two workers, all on one database with one secret."""
    database: str = request.param
    return [servers.main(Target(name, database=database, workers=2)) for name in FRAMEWORKS]


def race(
    group: list[Deployment], path: str, *methods: str, **content: Any
) -> list[httpx2.Response]:
    """Send the same to the servers in turn, all at the same moment: by POST, or as is named."""
    with ExitStack() as stack:
        clients = [
            stack.enter_context(httpx2.Client(base_url=server.url, timeout=30))
            for server in islice(cycle(group), AT_ONCE)
        ]
        for client in clients:  # the connections stand before the race
            client.get("/health")
        with ThreadPoolExecutor(AT_ONCE) as pool:
            sent = [
                pool.submit(client.request, method, path, **content)
                for client, method in zip(clients, cycle(methods or ["POST"]), strict=False)
            ]
            return [answer.result() for answer in sent]


def test_web_concurrency_is_the_number_of_workers(group: list[Deployment]) -> None:
    for server in group:
        assert server.log is not None
        log = server.log.read_text(encoding="utf-8")
        assert len(set(re.findall(r"(?:Started server process|Booting worker).*?(\d+)", log))) == 2


def test_many_refreshes_at_once_make_one_token_and_nobody_is_logged_out(
    group: list[Deployment],
) -> None:
    token = group[0].account().tokens["refresh_token"]
    answers = race(group, f"{V1}/auth/refresh", json={"refresh_token": token})
    assert {answer.status_code for answer in answers} == {200}
    (newest,) = {answer.json()["refresh_token"] for answer in answers}
    (next_one,) = {server.refresh(newest).json()["refresh_token"] for server in group}
    assert_problem(group[0].refresh(token), 401)  # two steps back: it was copied
    for server in group:
        assert_problem(server.refresh(next_one), 401)


def test_of_many_registrations_at_once_one_wins(group: list[Deployment]) -> None:
    body = {"email": new_email(), "password": PASSWORD, "name": "Ann"}
    answers = race(group, f"{V1}/auth/register", json=body)
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(201) == 1
    # a process that got most of them says that it hashes too many
    assert set(statuses) <= {201, 409, 503}
    assert group[-1].login(body["email"]).status_code == 200


def test_nothing_that_is_written_at_once_is_lost(group: list[Deployment]) -> None:
    headers = group[0].account().headers
    answers = race(group, f"{V1}/items", json={"title": "one of many"}, headers=headers)
    made = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    for server in group:
        page = server.client.get(f"{V1}/items?limit=100", headers=headers).json()
        assert {item["id"] for item in page["items"]} == made
    assert len(made) == AT_ONCE


def new_item(server: Deployment, headers: dict[str, str]) -> str:
    answer = server.client.post(f"{V1}/items", json={"title": "x"}, headers=headers)
    return str(answer.headers["location"])


def test_of_many_deletions_at_once_one_wins(group: list[Deployment]) -> None:
    headers = group[0].account().headers
    answers = race(group, new_item(group[0], headers), "DELETE", headers=headers)
    assert sorted(answer.status_code for answer in answers) == [204] + [404] * (AT_ONCE - 1)


def test_what_is_changed_and_deleted_at_once_is_changed_or_gone(group: list[Deployment]) -> None:
    headers = group[0].account().headers
    for _ in range(5):
        item = new_item(group[0], headers)
        methods = ("PATCH", "PATCH", "DELETE", "PATCH", "PATCH")
        answers = race(group, item, *methods, json={"title": "y"}, headers=headers)
        statuses = [answer.status_code for answer in answers]
        assert statuses.count(204) == 1
        assert set(statuses) <= {200, 204, 404}


@pytest.mark.postgresql
def test_servers_outlive_their_database(servers: Servers, postgres: PostgresServer) -> None:
    group = [servers.main(Target(name, database="postgresql", workers=2)) for name in FRAMEWORKS]
    headers = group[0].account().headers

    def write() -> None:
        answers = race(group, f"{V1}/items", json={"title": "x"}, headers=headers)
        assert [answer.status_code for answer in answers] == [201] * AT_ONCE

    write()  # so that every worker holds connections
    postgres.pause()
    try:
        for server in group:
            assert_problem(server.client.get("/ready"), 503)
            assert server.client.get("/health").status_code == 200
            lost = server.client.get(f"{V1}/items", headers=headers)
            assert_problem(lost, 503)
            assert lost.headers["retry-after"]
            assert server.log is not None
            assert "Traceback" not in server.log.read_text(encoding="utf-8")
    finally:
        postgres.resume()
    for server in group:
        assert server.client.get("/ready").status_code == 200
    write()
    postgres.pause()  # and once more, while nobody asks: all connections they hold are dead
    postgres.resume()
    write()


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_locked_database_is_503(framework: str, servers: Servers) -> None:
    server = servers.main(Target(framework))
    headers = server.account().headers
    file = server.environment["APP_DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        locked = server.client.post(f"{V1}/items", json={"title": "x"}, headers=headers)
    assert_problem(locked, 503)
    assert server.wait_for_log("database is locked")
    assert server.client.post(f"{V1}/items", json={"title": "x"}, headers=headers).is_success


@pytest.mark.postgresql
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_of_two_migrations_at_once_the_second_has_nothing_to_do(
    framework: str, installed: Callable[..., Project], postgres: PostgresServer
) -> None:
    """Two containers start, and neither sees yet what the other is about to create."""
    project = installed(framework, "tokens", "postgresql")
    url = postgres.create_database()

    def upgrade() -> Completed:
        return project.run("alembic", "upgrade", "head", env=production(url))

    with ThreadPoolExecutor(2) as pool:
        with postgres.transaction(url, "CREATE TABLE alembic_version (held_back int)"):
            both = [pool.submit(upgrade), pool.submit(upgrade)]
            while postgres.ask("SELECT count(*) FROM pg_locks WHERE NOT granted") != ["2"]:
                assert not any(run.done() for run in both), "it did not meet the table"
        assert [run.result().output for run in both if not run.result().ok] == []
    project.check("alembic", "check", env=production(url))
