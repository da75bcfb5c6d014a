"""Every test has an application of its own, on a fresh database; never the developer's."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from flask import Flask

from {{ package_name }}.app import create_app
from {{ package_name }}.config import Settings

from .database import fresh_database

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PASSWORD = "correct horse battery"
Client = httpx2.Client
Headers = dict[str, str]
MakeClient = Callable[..., Client]
SignUp = Callable[..., Headers]


def assert_problem(response: httpx2.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["status"] == status
    assert problem["instance"] == f"urn:request:{response.headers['x-request-id']}"
    return problem


@pytest.fixture(autouse=True)
def _no_settings_of_the_developer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("APP_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    with fresh_database(tmp_path) as url:
        yield Settings(
            environment="test",
            database_url=url,
            secret_key="a secret for tests, of 32 bytes and more",
            argon2_time_cost=1,
            argon2_memory_kib=32,
            login_rate="1000/minute",
        )


@pytest.fixture
def make_client(settings: Settings) -> Iterator[MakeClient]:
    """Start an application with some settings changed, on the test's database."""
    with ExitStack() as running:

        def make(**changes: Any) -> Client:
            app = create_app(settings.model_copy(update=changes))
            running.callback(app.extensions["sessions"].kw["bind"].dispose)
            transport = httpx2.WSGITransport(as_served(app))
            client = httpx2.Client(transport=transport, base_url="http://localhost")
            return running.enter_context(client)

        yield make


def as_served(app: Flask) -> "WSGIApplication":
    """Do what servers do and the transport leaves out."""

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ["wsgi.input_terminated"] = True
        environ["PATH_INFO"] = environ["PATH_INFO"].encode().decode("latin-1")
        return app(environ, start_response)

    return call


@pytest.fixture
def client(make_client: MakeClient) -> Client:
    return make_client()


@pytest.fixture
def sign_up(client: Client) -> SignUp:
    """Register a user and log in: gives the headers of a request of theirs."""

    def go(email: str, client: Client = client) -> Headers:
        data = {"email": email, "password": PASSWORD, "name": "Ann"}
        client.post("/api/v1/auth/register", json=data).raise_for_status()
        form = {"username": email, "password": PASSWORD}
        tokens = client.post("/api/v1/auth/login", data=form).raise_for_status().json()
        return {"Authorization": f"Bearer {tokens['access_token']}"}

    return go


@pytest.fixture
def user(sign_up: SignUp) -> Headers:
    return sign_up("user@example.com")
