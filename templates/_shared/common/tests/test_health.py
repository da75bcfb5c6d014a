from pathlib import Path

import pytest
from sqlalchemy import text

from {{ package_name }} import db as database

from .conftest import Client, MakeClient, assert_problem
from .database import sessions_on


def test_health(client: Client) -> None:
    response = client.get("/health")
    assert response.headers["content-type"] == "application/json"
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_ready(client: Client) -> None:
    response = client.get("/ready")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_monitors_ask_with_head(client: Client) -> None:
    for path in ("/health", "/ready", "/docs", "/openapi.json"):
        assert client.head(path).status_code == 200


def test_not_ready_without_database(make_client: MakeClient, tmp_path: Path) -> None:
    client = make_client(database_url=f"sqlite:///{tmp_path}/no/such/folder.db")
    assert client.get("/health").status_code == 200
    assert_problem(client.get("/ready"), 503)


def test_not_ready_before_migrations(make_client: MakeClient, tmp_path: Path) -> None:
    client = make_client(database_url=f"sqlite:///{tmp_path}/empty.db")
    assert_problem(client.get("/ready"), 503)


def test_local_environment_migrates_only_a_new_database(
    make_client: MakeClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local: dict[str, str] = {"environment": "local", "database_url": f"sqlite:///{tmp_path}/own.db"}
    assert make_client(**local).get("/ready").status_code == 200
    known = database.revisions()[1]
    monkeypatch.setattr(database, "revisions", lambda: ({"draft"}, known | {"draft"}))
    monkeypatch.setattr(database, "migrate", pytest.fail)
    assert_problem(make_client(**local).get("/ready"), 503)


def test_ready_follows_the_migrations(
    make_client: MakeClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/own.db"
    client = make_client(environment="local", database_url=url)
    monkeypatch.setattr(database, "revisions", lambda: ({"new"}, {"old", "new"}))
    applied = {"old": 503, "new": 200, "of the next release": 200}
    for revision, status in applied.items():
        with sessions_on(url) as sessions, sessions.begin() as db:
            db.execute(text("UPDATE alembic_version SET version_num = :new"), {"new": revision})
        assert client.get("/ready").status_code == status, revision
