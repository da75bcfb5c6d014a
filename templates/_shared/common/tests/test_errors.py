import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from {{ package_name }} import services
from {{ package_name }}.config import Settings
from {{ package_name }}.db import migrate
from {{ package_name }}.http import begin_request, configure_logging

from .conftest import Client, Headers, MakeClient, assert_problem
from .database import sessions_on

ITEMS = "/api/v1/items"
JSON = {"Content-Type": "application/json"}


def boom(*_: object) -> None:
    raise RuntimeError("a secret of ours")


def test_unknown_path_and_method(client: Client) -> None:
    for path in ("/nowhere", "/docs//index.html", "/api//v1/items"):
        assert assert_problem(client.get(path), 404)["title"] == "Not Found"
    assert client.put("/health").headers["allow"]
    assert_problem(client.put("/health"), 405)


def test_hostile_body(client: Client, user: Headers, subtests: pytest.Subtests) -> None:
    bodies = [
        (b'{"title": "x"', 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"title": ' + b"9" * 5000 + b"}", 400),
        (b'{"title": "\\ud800"}', 422),
        (b'{"\\ud800": 1, "title": "x"}', 422),
        (b'{"title": "\\u0000"}', 422),
        (b'{"title": NaN}', 422),
        (b'{"title": 1e999}', 422),
        (b"", 422),
        (b"null", 422),
        (b"[]", 422),
    ]
    for body, status in bodies:
        with subtests.test(body=body[:40]):
            assert_problem(client.post(ITEMS, content=body, headers=user | JSON), status)


def test_hostile_path(client: Client, user: Headers, subtests: pytest.Subtests) -> None:
    for path in ("%00", "%ff", "%F0%9F%98%80", "a" * 2000, "1%0a", "-1"):
        with subtests.test(path=path[:40]):
            assert_problem(client.get(f"{ITEMS}/{path}", headers=user), 422)


def test_wrong_content_type(client: Client, user: Headers) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        headers = user | {"Content-Type": kind}
        assert_problem(client.post(ITEMS, content=b'{"title": "x"}', headers=headers), 415)


def test_validation_repeats_no_input(client: Client, user: Headers) -> None:
    response = client.post(ITEMS, json={"title": "my\nsecret"}, headers=user)
    problem = assert_problem(response, 422)
    assert set(problem["errors"][0]) == {"detail", "pointer", "location", "type"}
    assert "secret" not in response.text


def test_many_mistakes_are_not_all_told(client: Client, user: Headers) -> None:
    data = {"title": "x"} | {f"unknown{number}": 1 for number in range(200)}
    problem = assert_problem(client.post(ITEMS, json=data, headers=user), 422)
    assert len(problem["errors"]) == 100


def test_large_body(make_client: MakeClient, user: Headers) -> None:
    client = make_client(max_body_bytes=1000)

    def chunks(*parts: bytes) -> Iterator[bytes]:
        yield from parts

    fits = b'{"title": "x"}'.ljust(1000)
    for body in (fits, chunks(fits)):
        assert client.post(ITEMS, content=body, headers=user | JSON).status_code == 201
    for body in (fits + b" ", chunks(fits, b" ")):
        assert_problem(client.post(ITEMS, content=body, headers=user | JSON), 413)


def test_unexpected_error_says_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(services, "check_ready", boom)
    response = client.get("/ready")
    assert_problem(response, 500)
    assert "secret" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "a secret of ours" in caplog.text


def test_lost_database(
    make_client: MakeClient, user: Headers, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = make_client(database_url=f"sqlite:///{tmp_path}/no/such/folder.db")
    response = client.get(ITEMS, headers=user)
    assert_problem(response, 503)
    assert response.headers["retry-after"]
    assert "unable to open database file" in caplog.text
    assert "unable" not in response.text
    assert "Traceback" not in caplog.text


def test_database_that_is_broken_and_mended(
    make_client: MakeClient, user: Headers, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "own.db"
    migrate(url := f"sqlite:///{file}")
    good = file.read_bytes()
    client = make_client(database_url=url)
    file.write_bytes(b"no database" * 1000)
    assert_problem(client.get(ITEMS, headers=user), 503)
    assert_problem(client.get("/ready"), 503)
    assert "Traceback" not in caplog.text
    file.write_bytes(good)
    assert client.get("/ready").status_code == 200


def test_database_that_is_read_only(make_client: MakeClient, tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path}/own.db")
    client = make_client(database_url=f"sqlite:///file:{tmp_path}/own.db?mode=ro&uri=true")
    assert_problem(client.get("/ready"), 503)


def test_what_the_database_refuses(
    client: Client, user: Headers, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with sessions_on(settings.database_url) as sessions, sessions.begin() as db:
        db.execute(text("CREATE UNIQUE INDEX one_title ON items (title)"))
        db.execute(text("ALTER TABLE items ADD COLUMN extra INTEGER CHECK (length(title) < 9)"))
    for title, status in {"first": 201, "first ": 409, "wrong title": 422}.items():
        answer = client.post(ITEMS, json={"title": title}, headers=user)
        assert answer.status_code == status
    assert_problem(answer, 422)
    assert "wrong title" not in caplog.text


def test_success_is_only_said_after_the_commit(client: Client, user: Headers) -> None:
    event.listen(Session, "before_commit", boom)
    try:
        assert_problem(client.post(ITEMS, json={"title": "x"}, headers=user), 500)
    finally:
        event.remove(Session, "before_commit", boom)
    assert client.get(ITEMS, headers=user).json()["total"] == 0


def test_security_headers(client: Client) -> None:
    for path in ("/health", "/nowhere", "/docs"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert re.match(r"default-src 'none'; .*frame-ancestors 'none'$", policy)
        if path != "/docs":
            assert (headers["cache-control"], "script-src" in policy) == ("no-store", False)
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "strict-transport-security" not in headers


def test_production_insists_on_https(make_client: MakeClient) -> None:
    headers = make_client(environment="production").get("/health").headers
    assert headers["strict-transport-security"] == "max-age=31536000"


def test_request_id(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    given = client.get("/health", headers={"X-Request-ID": "abc-1"})
    assert given.headers["x-request-id"] == "abc-1"
    assert re.search(r"GET /health 200 \d+\.\d ms", caplog.text)
    made = {client.get("/health").headers["x-request-id"] for _ in range(2)}
    assert len(made) == 2
    for hostile in ("a b", "x" * 65, "<script>"):
        response = client.get("/health", headers={"X-Request-ID": hostile})
        assert response.headers["x-request-id"] != hostile


def test_a_log_line_has_the_request_id(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.WARNING)  # gives back the level that is set below
    monkeypatch.setattr(logging.root, "handlers", [])
    configure_logging("INFO")
    begin_request("abc-1")
    logging.info("said")
    assert "[abc-1] said" in capsys.readouterr().err


def test_cors_is_closed_unless_opened(
    client: Client, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "check_ready", boom)
    origin = {"Origin": "https://app.example"}
    assert "access-control-allow-origin" not in client.get("/health", headers=origin).headers
    opened = make_client(cors_origins=("https://app.example", "https://other.example"))
    for path in ("/health", "/nowhere", "/ready"):
        headers = opened.get(path, headers=origin).headers
        assert "access-control-allow-credentials" not in headers
        assert headers["access-control-expose-headers"] == "Location, Retry-After, X-Request-ID"
        assert headers["access-control-allow-origin"] == "https://app.example"
    single = make_client(cors_origins=("https://app.example",))
    assert single.get("/health", headers=origin).headers["vary"] == "Origin"
    assert "access-control-allow-origin" not in single.get("/health").headers


def test_cors_compares_origins_exactly(make_client: MakeClient, user: Headers) -> None:
    client = make_client(cors_origins=("http://localhost:3000",))
    ask = {"Access-Control-Request-Method": "DELETE"}
    preflight = client.options(ITEMS, headers=ask | {"Origin": "http://localhost:3000"})
    assert (preflight.status_code, preflight.content) == (204, b"")
    assert preflight.headers["access-control-allow-methods"] == "GET, POST, PATCH, DELETE"
    assert preflight.headers["access-control-allow-headers"].startswith("Authorization, ")
    for origin in ("http://localhost:3000.evil.example", "http://localhost", "null"):
        evil = {"Origin": origin}
        assert_problem(refused := client.options(ITEMS, headers=ask | evil), 405)
        for answer in (refused, client.get(ITEMS, headers=user | evil)):
            assert "access-control-allow-origin" not in answer.headers
            assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "origins",
    [
        "*",
        "null",
        "app.example",
        "https://*.app.example",
        "https://app.example/",
        "https://App.example",
        "https://app.example:443",
        '["https://app.example"]',
    ],
)
def test_what_is_no_origin_is_refused(monkeypatch: pytest.MonkeyPatch, origins: str) -> None:
    monkeypatch.setenv("APP_CORS_ORIGINS", f"https://good.example, {origins}")
    with pytest.raises(ValueError, match=r"cors_origins\n.*should be like https://"):
        Settings()
