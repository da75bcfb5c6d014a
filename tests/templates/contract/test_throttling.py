"""Logging in, registering and refreshing are throttled by address and account.

Each process counts in its own memory unless ``APP_RATE_STORAGE`` names a place they share, so the
servers here have one worker: with two, twice as many attempts pass.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx2
import pytest

from frameworkpick.process import find_uv

from ..postgres import free_port as closed_port  # noqa: TID252 (one folder up is nearest)
from ..projects import FRAMEWORKS, Variant, install  # noqa: TID252
from .deployment import (
    GIVEN,
    PASSWORD,
    V1,
    assert_problem,
    new_email,
    production,
    serve,
    tokens_only,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Servers
    from .deployment import Deployment
    from .targets import Target

pytestmark = tokens_only


def login(server: Deployment, email: str, forwarded: str = "192.0.2.1") -> httpx2.Response:
    form = {"username": email, "password": "wrong wrong wrong"}
    headers = {"X-Forwarded-For": forwarded}
    return server.client.post(f"{V1}/auth/login", data=form, headers=headers)


def assert_throttled(answer: httpx2.Response) -> None:
    assert_problem(answer, 429)
    assert 1 <= int(answer.headers["retry-after"]) <= 61


def test_too_many_logins_are_429(restricted: Deployment) -> None:
    email = new_email()
    assert [login(restricted, email).status_code for _ in range(3)] == [401, 401, 401]
    assert_throttled(login(restricted, email))
    # The right password does not help, nor does another spelling; another account is not concerned.
    assert_throttled(login(restricted, email.upper()))
    assert login(restricted, new_email()).status_code == 401


def test_the_right_password_is_throttled_too(restricted: Deployment) -> None:
    email = restricted.register()
    for _ in range(3):
        login(restricted, email)
    answer = restricted.client.post(
        f"{V1}/auth/login",
        data={"username": email, "password": PASSWORD},
        headers={"X-Forwarded-For": "192.0.2.1"},
    )
    assert_throttled(answer)


def test_too_many_registrations_are_429(restricted: Deployment) -> None:
    body = {"email": new_email(), "password": PASSWORD, "name": "Ann"}
    answers = [restricted.client.post(f"{V1}/auth/register", json=body) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [201, 409, 409, 429]
    assert_throttled(answers[-1])


def test_only_the_trusted_proxy_says_where_from(restricted: Deployment) -> None:
    """One proxy is trusted: it appends the last entry; what stands before it is anybody's claim."""
    email = new_email()
    for claim in ("198.51.100.1", "198.51.100.2", "198.51.100.3"):
        assert login(restricted, email, f"{claim}, 192.0.2.7").status_code == 401
    assert_throttled(login(restricted, email, "198.51.100.4, 192.0.2.7"))
    assert login(restricted, email, "192.0.2.8").status_code == 401


@pytest.mark.parametrize("address", ["203.0.113.{}", "[2001:db8:{}::1]"])
def test_an_address_may_come_with_a_port(restricted: Deployment, address: str) -> None:
    """Some proxies add the port, which is another one for each connection."""
    email = new_email()
    one, another = address.format(7), address.format(8)
    for port in (5000, 5001, 5002):
        assert login(restricted, email, f"{one}:{port}").status_code == 401
    assert_throttled(login(restricted, email, f"{one}:5003"))
    assert_throttled(login(restricted, email, one.strip("[]")))
    assert login(restricted, email, f"{another}:5000").status_code == 401


@pytest.mark.matrix
def test_many_accounts_from_one_address_are_429(restricted: Deployment) -> None:
    """One guess each at many accounts: an address has ten times what it has for one of them."""
    answers = [login(restricted, new_email(), "192.0.2.30") for _ in range(31)]
    assert [answer.status_code for answer in answers] == [401] * 30 + [429]
    assert_throttled(answers[-1])
    assert login(restricted, new_email(), "192.0.2.31").status_code == 401


def test_claims_about_the_origin_count_nothing(restricted: Deployment) -> None:
    """Other headers say where a request comes from as well; no proxy of ours writes them."""
    email = new_email()
    for number, name in enumerate(("X-Real-IP", "Forwarded", "CF-Connecting-IP", "True-Client-IP")):
        claim = f"for=192.0.2.{number}" if name == "Forwarded" else f"192.0.2.{number}"
        answer = restricted.client.post(
            f"{V1}/auth/login",
            data={"username": email, "password": "wrong wrong wrong"},
            headers={"X-Forwarded-For": "192.0.2.9", name: claim},
        )
    assert_throttled(answer)


@pytest.mark.matrix
@pytest.mark.skipif(bool(GIVEN), reason="needs a server with its own settings")
def test_without_a_trusted_proxy_the_header_counts_nothing(
    servers: Servers, target: Target
) -> None:
    """Called from an address that no server takes for its own proxy by default."""
    server = servers.other("direct", replace(target, workers=1), APP_LOGIN_RATE="2/minute")
    email = new_email()
    transport = httpx2.HTTPTransport(local_address="127.0.0.2")
    with httpx2.Client(base_url=server.url, transport=transport) as client:
        answers = [
            client.post(
                f"{V1}/auth/login",
                data={"username": email, "password": "wrong wrong wrong"},
                headers={"X-Forwarded-For": f"192.0.2.{n}"},
            )
            for n in range(3)
        ]
    assert [answer.status_code for answer in answers] == [401, 401, 429]


@pytest.mark.matrix
def test_all_addresses_together_do_not_guess_on_and_the_owner_is_let_in(
    restricted: Deployment,
) -> None:
    """An account has ten times what one address may try; who was in before is not held to it."""
    email = restricted.register()
    form = {"username": email, "password": PASSWORD}
    own = {"X-Forwarded-For": "192.0.2.40"}
    assert restricted.client.post(f"{V1}/auth/login", data=form, headers=own).status_code == 200
    guesses = [login(restricted, email, f"198.51.100.{number}").status_code for number in range(31)]
    # registering was one attempt, and so was the owner's own
    assert guesses == [401] * 28 + [429] * 3
    assert_throttled(login(restricted, email, "198.51.100.99"))
    assert restricted.client.post(f"{V1}/auth/login", data=form, headers=own).status_code == 200
    assert login(restricted, new_email(), "198.51.100.99").status_code == 401


def test_too_many_refreshes_are_429(restricted: Deployment) -> None:
    def refresh(forwarded: str) -> httpx2.Response:
        body = {"refresh_token": "x" * 40}
        headers = {"X-Forwarded-For": forwarded}
        return restricted.client.post(f"{V1}/auth/refresh", json=body, headers=headers)

    answers = [refresh("192.0.2.50") for _ in range(31)]
    assert [answer.status_code for answer in answers] == [401] * 30 + [429]
    assert_throttled(answers[-1])
    assert refresh("192.0.2.51").status_code == 401


@pytest.mark.matrix
@pytest.mark.skipif(bool(GIVEN), reason="needs a server with its own settings")
def test_the_window_slides(servers: Servers, target: Target) -> None:
    """However the attempts lie, no two seconds hold more than five."""
    server = servers.other("sliding", replace(target, workers=1), APP_LOGIN_RATE="5/2 second")
    email, passed = new_email(), []
    end = time.monotonic() + 6
    while (began := time.monotonic()) < end:
        answer = login(server, email)
        if answer.status_code == 401:
            passed.append((began, time.monotonic()))
        else:
            assert_problem(answer, 429)
            assert 1 <= int(answer.headers["retry-after"]) <= 2
            time.sleep(0.02)
    assert len(passed) >= 10
    for (began, _), (_, sixth) in zip(passed, passed[5:], strict=False):
        assert sixth - began > 2


@pytest.mark.matrix
@pytest.mark.skipif(bool(GIVEN), reason="needs a server of its own")
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_redis_that_is_down_is_503(
    framework: str,
    tmp_path: Path,
    free_port: Callable[[], int],
    tokens: None,  # noqa: ARG001
) -> None:
    """Nobody guesses while nobody counts; without the package the setting is refused."""
    uv = find_uv()
    assert uv
    project = install(Variant(framework), tmp_path / "project")
    project.check(uv, "add", "--quiet", "limits[redis]")
    url = f"sqlite:///{tmp_path}/app.db"
    environment = production(url) | {"APP_RATE_STORAGE": f"redis://127.0.0.1:{closed_port()}"}
    project.check("alembic", "upgrade", "head", env=environment)
    with serve(project, environment, tmp_path, free_port()) as server:
        for answer in (login(server, new_email()), server.client.get("/ready")):
            assert_problem(answer, 503)
            assert answer.headers["retry-after"]
        assert server.client.get("/health").status_code == 200
        assert server.wait_for_log("APP_RATE_STORAGE fails")
        assert server.log is not None
        assert "Traceback" not in server.log.read_text(encoding="utf-8")
