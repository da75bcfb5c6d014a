"""Registering, logging in, refreshing, logging out."""

from __future__ import annotations

import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from .deployment import GIVEN, PASSWORD, V1, assert_problem, bearer, new_email, serve, tokens_only

if TYPE_CHECKING:
    from .conftest import Servers
    from .deployment import Account, Deployment
    from .targets import Target

pytestmark = tokens_only

REGISTER = f"{V1}/auth/register"
LOGIN = f"{V1}/auth/login"
LOGOUT = f"{V1}/auth/logout"
ME = f"{V1}/users/me"


def test_register_gives_the_user_and_never_the_hash(deployment: Deployment) -> None:
    email = new_email()
    answer = deployment.client.post(
        REGISTER, json={"email": email, "password": PASSWORD, "name": "Ann"}
    )
    assert answer.status_code == 201
    user = answer.json()
    assert set(user) == {"id", "email", "name", "created_at"}
    assert (user["email"], user["name"]) == (email, "Ann")
    assert PASSWORD not in answer.text


def test_me_is_the_registered_user(deployment: Deployment) -> None:
    email = new_email()
    body = {"email": email, "password": PASSWORD, "name": "Ann"}
    user = deployment.client.post(REGISTER, json=body).json()
    token = deployment.login(email).json()["access_token"]
    answer = deployment.client.get(ME, headers=bearer(token))
    assert (answer.status_code, answer.json()) == (200, user)


def test_a_taken_address_is_409(deployment: Deployment, account: Account) -> None:
    for email in (account.email, account.email.upper()):
        body = {"email": email, "password": PASSWORD, "name": "Bob"}
        answer = deployment.client.post(REGISTER, json=body)
        assert_problem(answer, 409)
        assert account.email not in answer.text


def test_only_one_of_two_at_once_gets_an_address(deployment: Deployment) -> None:
    body = {"email": new_email(), "password": PASSWORD, "name": "Ann"}
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(deployment.client.post, REGISTER, json=body) for _ in range(2)]
    assert sorted(job.result().status_code for job in jobs) == [201, 409]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"email": "no"}, "/email"),
        ({"email": "a@b"}, "/email"),
        ({"email": None}, "/email"),
        ({"email": f"{'a' * 250}@example.com"}, "/email"),
        ({"password": "x" * 11}, "/password"),
        ({"password": "x" * 129}, "/password"),
        ({"password": 123456789012}, "/password"),
        ({"name": ""}, "/name"),
        ({"name": "   "}, "/name"),
        ({"name": "a\x00b"}, "/name"),
        ({"name": None}, "/name"),
        ({"name": "\x0bAnn"}, "/name"),
        ({"name": "Ann\u2028"}, "/name"),
        ({"email": "\x1fann@example.com"}, "/email"),
    ],
)
def test_bad_registrations_are_422(
    deployment: Deployment, change: dict[str, Any], pointer: str
) -> None:
    body = {"email": new_email(), "password": PASSWORD, "name": "Ann"} | change
    answer = deployment.client.post(REGISTER, json=body)
    assert_problem(answer, 422, pointer=pointer)
    assert str(body["password"]) not in answer.text


@pytest.mark.parametrize("password", ["x" * 12, "é" * 128, " spaces at the ends "])
def test_passwords_count_as_they_are(deployment: Deployment, password: str) -> None:
    email = new_email()
    body = {"email": email, "password": password, "name": "Ann"}
    assert deployment.client.post(REGISTER, json=body).status_code == 201
    assert deployment.login(email, password).status_code == 200
    assert_problem(deployment.login(email, password[:-1]), 401)


def test_a_password_is_the_same_from_every_keyboard(deployment: Deployment) -> None:
    """RFC 8265: composed or not, and whatever kind of space; its length is counted then."""
    email, password = new_email(), "na\u00efve caf\u00e9 \u00c5ngstr\u00f6m"
    body = {"email": email, "password": password, "name": "Ann"}
    assert deployment.client.post(REGISTER, json=body).status_code == 201
    other = unicodedata.normalize("NFD", password).replace(" ", "\u3000")
    assert other != password
    assert deployment.login(email, other).status_code == 200
    assert_problem(deployment.login(email, password.replace("\u00e9", "e")), 401)
    short = {"email": new_email(), "password": "e\u0301" * 11, "name": "Ann"}
    assert_problem(deployment.client.post(REGISTER, json=short), 422, pointer="/password")


def test_an_address_in_the_network_of_a_company_is_taken(deployment: Deployment) -> None:
    email = new_email().replace("example.com", "corp.local")
    deployment.register(email)
    assert deployment.login(email).status_code == 200


def test_a_refused_address_gets_a_reason(deployment: Deployment) -> None:
    body = {"email": "ann@intra.localhost", "password": PASSWORD, "name": "Ann"}
    problem = assert_problem(deployment.client.post(REGISTER, json=body), 422, pointer="/email")
    assert "reserved domain" in problem["errors"][0]["detail"]


def test_nobody_registers_as_more(deployment: Deployment) -> None:
    body = {"email": new_email(), "password": PASSWORD, "name": "Ann", "is_admin": True}
    answer = deployment.client.post(REGISTER, json=body)
    assert answer.status_code in {201, 422}
    assert "is_admin" not in answer.json()


def test_login_gives_a_pair_of_tokens(deployment: Deployment, account: Account) -> None:
    answer = deployment.login(account.email)
    assert answer.status_code == 200
    tokens = answer.json()
    assert set(tokens) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (tokens["token_type"].lower(), tokens["expires_in"]) == ("bearer", 900)
    assert answer.headers["cache-control"] == "no-store"


def test_login_takes_the_oauth2_form(deployment: Deployment, account: Account) -> None:
    form = {"username": account.email, "password": PASSWORD}
    extras = {"grant_type": "password", "scope": "", "client_id": "swagger", "client_secret": "x"}
    assert deployment.client.post(LOGIN, data=form | extras).status_code == 200
    answer = deployment.client.post(LOGIN, data=form | {"grant_type": "client_credentials"})
    assert_problem(answer, 422, pointer="/grant_type")
    assert_problem(deployment.client.post(LOGIN, json=form), 415)
    answer = deployment.client.post(LOGIN, data={"username": account.email})
    assert_problem(answer, 422, pointer="/password")


def test_login_failures_look_alike(deployment: Deployment, account: Account) -> None:
    wrong = deployment.login(account.email, "wrong wrong wrong")
    unknown = deployment.login(new_email(), "wrong wrong wrong")
    problems = [assert_problem(answer, 401) for answer in (wrong, unknown)]
    for problem in problems:
        del problem["instance"]
    assert problems[0] == problems[1]
    assert wrong.headers["www-authenticate"] == unknown.headers["www-authenticate"]


def test_an_unknown_user_takes_as_long_as_a_wrong_password(
    deployment: Deployment, account: Account
) -> None:
    """Hashing is what takes the time, and both must hash.

    The samples alternate, so that what else the machine does slows both down; a disturbed round
    is repeated. Without hashing the ratio is about a tenth, on any machine and in every round.
    """

    def seconds(email: str) -> float:
        began = time.perf_counter()
        assert deployment.login(email, "wrong wrong wrong").status_code == 401
        return time.perf_counter() - began

    ratios = []
    for _ in range(4):
        pairs = [(seconds(new_email()), seconds(account.email)) for _ in range(5)]
        unknown, known = (median(times) for times in zip(*pairs, strict=True))
        ratios.append(round(unknown / known, 2))
        if 0.67 < ratios[-1] < 1.5:
            return
    pytest.fail(f"an unknown user takes this many times as long as a wrong password: {ratios}")


@pytest.mark.matrix
@pytest.mark.skipif(bool(GIVEN), reason="needs a server with its own settings")
def test_the_time_does_not_tell_whose_hash_is_older(servers: Servers, target: Target) -> None:
    """The cost was raised, eightfold: who has not logged in since then still has a cheap hash."""
    cheap = servers.other("cheap", replace(target, workers=1), APP_ARGON2_TIME_COST="1")
    old = cheap.account().email
    project = target.project(servers.installed)
    environment = cheap.environment | {"APP_ARGON2_TIME_COST": "8", "WEB_CONCURRENCY": "1"}

    def seconds(server: Deployment, email: str) -> float:
        began = time.perf_counter()
        assert server.login(email, "wrong wrong wrong").status_code == 401
        return time.perf_counter() - began

    folder = servers.folder(f"raised-{target.id}")
    with serve(project, environment, folder, servers.free_port()) as server:
        new = server.account().email
        ratios = []
        for _ in range(4):
            emails = (new_email(), old, new)
            rounds = [[seconds(server, email) for email in emails] for _ in range(5)]
            times = [median(each) for each in zip(*rounds, strict=True)]
            ratios.append(round(max(times) / min(times), 2))
            if ratios[-1] < 1.4:
                return
    pytest.fail(f"the slowest takes this many times as long as the fastest: {ratios}")


@pytest.mark.matrix
@pytest.mark.skipif(bool(GIVEN), reason="needs a server with its own settings")
def test_others_are_answered_while_a_password_is_hashed(servers: Servers, target: Target) -> None:
    server = servers.other("slow", replace(target, workers=1), APP_ARGON2_TIME_COST="30")
    with ThreadPoolExecutor(1) as pool:
        login = pool.submit(server.login, new_email())
        answers = 0
        while not login.done():
            assert server.client.get("/health").status_code == 200
            answers += 1
    assert login.result().status_code == 401
    assert answers > 10


def test_refresh_gives_a_new_pair(deployment: Deployment) -> None:
    account = deployment.account()
    answer = deployment.refresh(account.tokens["refresh_token"])
    assert answer.status_code == 200
    pair = answer.json()
    assert set(pair) == set(account.tokens)
    assert pair["refresh_token"] != account.tokens["refresh_token"]
    assert deployment.client.get(ME, headers=bearer(pair["access_token"])).status_code == 200
    assert answer.headers["cache-control"] == "no-store"


def test_a_second_use_revokes_the_whole_family(deployment: Deployment) -> None:
    account = deployment.account()
    other = deployment.login(account.email).json()["refresh_token"]
    first = account.tokens["refresh_token"]
    second = deployment.refresh(first).json()["refresh_token"]
    third = deployment.refresh(second).json()["refresh_token"]
    assert_problem(deployment.refresh(first), 401)
    assert_problem(deployment.refresh(third), 401)
    # Another log-in of the same user goes on.
    assert deployment.refresh(other).status_code == 200


def test_parallel_refreshes_get_one_token(deployment: Deployment) -> None:
    """Two tabs refresh at once: neither is logged out, and one token goes on for both."""
    token = deployment.account().tokens["refresh_token"]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(deployment.refresh, [token] * 4))
    assert [answer.status_code for answer in answers] == [200] * 4
    (newest,) = {answer.json()["refresh_token"] for answer in answers}
    for answer in answers:
        me = deployment.client.get(ME, headers=bearer(answer.json()["access_token"]))
        assert me.status_code == 200
    assert deployment.refresh(newest).status_code == 200
    # Its successor is spent now, so this one comes from somewhere else.
    assert_problem(deployment.refresh(token), 401)


@pytest.mark.matrix
def test_a_spent_token_is_good_for_a_few_seconds_only(deployment: Deployment) -> None:
    spent = deployment.account().tokens["refresh_token"]
    newest = deployment.refresh(spent).json()["refresh_token"]
    time.sleep(10.5)
    assert_problem(deployment.refresh(spent), 401)
    assert_problem(deployment.refresh(newest), 401)


@pytest.mark.skipif(bool(GIVEN), reason="needs a server with its own settings")
def test_a_login_has_an_end_however_often_it_is_refreshed(servers: Servers, target: Target) -> None:
    server = servers.other("ending", replace(target, workers=1), APP_LOGIN_SECONDS="3")
    token = server.account().tokens["refresh_token"]
    began, refreshed = time.monotonic(), 0
    while (answer := server.refresh(token)).status_code == 200:
        assert time.monotonic() < began + 30
        token, refreshed = answer.json()["refresh_token"], refreshed + 1
        time.sleep(0.2)
    assert_problem(answer, 401)
    assert refreshed > 2
    assert time.monotonic() > began + 2


@pytest.mark.parametrize("bad", ["x", "é", "a" * 40])
def test_unknown_refresh_tokens_are_401(deployment: Deployment, bad: str) -> None:
    assert_problem(deployment.refresh(bad), 401)


def test_an_access_token_does_not_refresh(deployment: Deployment, account: Account) -> None:
    answer = deployment.refresh(account.tokens["access_token"])
    assert answer.status_code in {401, 422}
    assert_problem(answer, answer.status_code)
    answer = deployment.client.get(ME, headers=bearer(account.tokens["refresh_token"]))
    assert_problem(answer, 401)


def test_logout_spends_the_family(deployment: Deployment) -> None:
    first = deployment.account().tokens["refresh_token"]
    second = deployment.refresh(first).json()["refresh_token"]
    answer = deployment.client.post(LOGOUT, json={"refresh_token": second})
    assert (answer.status_code, answer.content) == (204, b"")
    assert_problem(deployment.refresh(second), 401)


def test_logout_is_204_for_any_token(deployment: Deployment) -> None:
    spent = deployment.account().tokens["refresh_token"]
    for token in (spent, spent, "unknown", "a" * 43):
        answer = deployment.client.post(LOGOUT, json={"refresh_token": token})
        assert (answer.status_code, answer.content) == (204, b"")
    assert_problem(deployment.client.post(LOGOUT, json={}), 422, pointer="/refresh_token")


def test_secrets_are_not_logged(deployment: Deployment, account: Account) -> None:
    if deployment.log is None:
        pytest.skip("the log of this server is elsewhere")
    log = deployment.log.read_text(encoding="utf-8", errors="replace")
    secrets = [PASSWORD, account.tokens["access_token"], account.tokens["refresh_token"]]
    assert not [secret for secret in [*secrets, deployment.secret] if secret and secret in log]
