"""Runs an installed project on its real production server, and speaks to it."""

from __future__ import annotations

import os
import re
import secrets
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from frameworkpick.process import start

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.templates.projects import Project

    from frameworkpick.process import Server

V1 = "/api/v1"
PASSWORD = "correct horse battery"
#: Seconds a server may take to answer its first request, on a busy machine.
BOOT = 60.0
#: A server that runs already and is tested in place of our own.
GIVEN = os.environ.get("CONTRACT_BASE_URL", "")


#: Marks what needs users: it runs only against projects with ``auth = tokens``.
tokens_only = pytest.mark.usefixtures("tokens")


@dataclass(frozen=True, slots=True)
class Account:
    """A registered user, logged in once."""

    email: str
    tokens: dict[str, Any]

    @property
    def headers(self) -> dict[str, str]:
        return bearer(self.tokens["access_token"])


@dataclass(frozen=True, slots=True)
class Deployment:
    """A server under test. What is ``None`` is not known of a server that was started elsewhere."""

    url: str
    auth: str
    client: httpx2.Client
    secret: str | None = None
    log: Path | None = None
    project: Project | None = None
    process: Server | None = None
    environment: dict[str, str] = field(default_factory=dict)

    def register(self, email: str | None = None) -> str:
        email = email or new_email()
        answer = self.client.post(
            f"{V1}/auth/register", json={"email": email, "password": PASSWORD, "name": "Ann"}
        )
        assert answer.status_code == HTTPStatus.CREATED, answer.text
        return email

    def login(self, email: str, password: str = PASSWORD) -> httpx2.Response:
        return self.client.post(f"{V1}/auth/login", data={"username": email, "password": password})

    def refresh(self, token: str) -> httpx2.Response:
        return self.client.post(f"{V1}/auth/refresh", json={"refresh_token": token})

    def account(self) -> Account:
        """Register a new user and log in."""
        email = self.register()
        answer = self.login(email)
        assert answer.status_code == HTTPStatus.OK, answer.text
        return Account(email, answer.json())

    def wait_for_log(self, text: str, seconds: float = 5.0) -> bool:
        """Whether the text appears in the server's log; it may lag behind the answer."""
        assert self.log is not None
        until = time.monotonic() + seconds
        while text not in self.log.read_text(encoding="utf-8", errors="replace"):
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def new_email() -> str:
    return f"u{uuid.uuid4().hex}@example.com"


def assert_problem(
    answer: httpx2.Response, status: int, *, pointer: str | None = None, location: str = "body"
) -> dict[str, Any]:
    """Hold an error against the contract; the pointer, if any, must be among ``errors``."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
    assert answer.headers["content-type"].split(";")[0] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "instance"} <= set(problem), problem
    assert problem["status"] == status
    assert isinstance(problem["type"], str)
    assert problem["title"]
    assert answer.headers["x-request-id"] in problem["instance"]
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        for error in problem["errors"]:
            assert {"detail", "pointer", "location", "type"} <= set(error), error
            assert re.fullmatch(r"(/([^/~]|~0|~1)*)*", error["pointer"]), error
    if status == HTTPStatus.UNAUTHORIZED:
        assert answer.headers["www-authenticate"].startswith("Bearer")
    if pointer is not None:
        found = [(error["location"], error["pointer"]) for error in problem["errors"]]
        assert (location, pointer) in found, problem
    leaks = ("Traceback", "sqlalchemy", "SELECT ", "INSERT ", "pydantic", 'File "')
    assert not [leak for leak in leaks if leak in answer.text], answer.text
    return problem


def production(database_url: str) -> dict[str, str]:
    """Give the environment of a production server that does not throttle."""
    return {
        "APP_ENVIRONMENT": "production",
        "APP_SECRET_KEY": secrets.token_urlsafe(48),
        "APP_DATABASE_URL": database_url,
        "APP_LOGIN_RATE": "100000/minute",
    }


@contextmanager
def serve(
    project: Project,
    environment: dict[str, str],
    folder: Path,
    port: int,
    wrapper: Sequence[str] = (),
) -> Iterator[Deployment]:
    """Start the production server, wait until it answers, and end it with SIGTERM.

    A wrapper is a program that changes itself and then becomes the server, as ``setpriv`` does.
    """
    log = folder / "server.log"
    process = start(
        [*wrapper, *project.serve_command],
        cwd=project.folder,
        env=project.environ({"HOST": "127.0.0.1"} | environment | {"PORT": str(port)}),
        log=log,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        with httpx2.Client(base_url=url, timeout=30) as client:
            until = time.monotonic() + BOOT
            while True:
                evidence = log.read_text(encoding="utf-8", errors="replace")
                assert process.poll() is None, f"the server ended:\n{evidence}"
                assert time.monotonic() < until, f"the server does not answer:\n{evidence}"
                try:
                    client.get("/health")
                    break
                except httpx2.TransportError:
                    time.sleep(0.1)
            yield Deployment(
                url=url,
                auth=project.variant.auth,
                client=client,
                secret=environment["APP_SECRET_KEY"],
                log=log,
                project=project,
                process=process,
                environment=environment,
            )
    finally:
        code = process.stop(grace=20)
    # uvicorn ends with the signal it was sent, gunicorn with 0; both are a clean end.
    assert code in {0, -15}, f"SIGTERM gave {code}:\n{log.read_text(encoding='utf-8')}"
