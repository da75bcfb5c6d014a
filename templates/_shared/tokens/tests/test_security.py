import logging
import threading
import time
import uuid
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import jwt
import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters
from limits.errors import StorageError
from limits.strategies import MovingWindowRateLimiter
from pwdlib import PasswordHash
from pydantic import SecretStr
from sqlalchemy import delete, select, text

from {{ package_name }} import throttling
from {{ package_name }}.config import Settings
from {{ package_name }}.models import User
from {{ package_name }}.problems import ApiError
from {{ package_name }}.security import APPLICATION, Security, client_address
from {{ package_name }}.throttling import Throttle

from .conftest import PASSWORD, Client, Headers, MakeClient, SignUp, assert_problem
from .database import sessions_on

ME = "/api/v1/users/me"
LOGIN = "/api/v1/auth/login"
REGISTER = "/api/v1/auth/register"


def bearer(token: str) -> Headers:
    return {"Authorization": f"Bearer {token}"}


def claims_of(user: Headers) -> dict[str, Any]:
    token = user["Authorization"].removeprefix("Bearer ")
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def test_token_with_wrong_claims(
    client: Client, user: Headers, settings: Settings, subtests: pytest.Subtests
) -> None:
    changes: list[dict[str, Any]] = [
        {"exp": time.time() - 15},
        {"exp": None},
        {"iat": time.time() + 60},
        {"aud": "other"},
        {"iss": "other"},
        {"sub": "x"},
        {"sub": None},
        {"sub": str(uuid.uuid4())},
    ]
    for change in changes:
        with subtests.test(change=change):
            claims = {k: v for k, v in (claims_of(user) | change).items() if v is not None}
            forged = jwt.encode(claims, settings.secret_key.get_secret_value(), algorithm="HS256")
            response = client.get(ME, headers=bearer(forged))
            assert_problem(response, 401)
            assert 'error="invalid_token"' in response.headers["www-authenticate"]


def test_token_with_other_algorithm(client: Client, user: Headers, settings: Settings) -> None:
    secret = settings.secret_key.get_secret_value()
    for algorithm, key in (("none", ""), ("HS384", secret), ("HS512", secret)):
        forged = jwt.encode(claims_of(user), key, algorithm=algorithm)
        assert_problem(client.get(ME, headers=bearer(forged)), 401)


def test_token_with_other_key(client: Client, user: Headers) -> None:
    forged = jwt.encode(claims_of(user), "another secret, just as long as ours", algorithm="HS256")
    assert_problem(client.get(ME, headers=bearer(forged)), 401)
    assert client.get(ME, headers=user).status_code == 200


def test_token_counts_only_in_its_header(client: Client, user: Headers) -> None:
    token = user["Authorization"].removeprefix("Bearer ")
    for name in ("access_token", "token"):
        assert_problem(client.get(ME, params={name: token}), 401)
        assert_problem(client.get(ME, headers={"Cookie": f"{name}={token}"}), 401)
    assert_problem(client.get(ME, headers={"Authorization": f"Token {token}"}), 401)


def test_nothing_secret_is_logged(
    client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "httpx2")  # the test's own client
    caplog.set_level(logging.DEBUG)
    data = {"email": "ann@example.com", "password": PASSWORD, "name": "Ann"}
    client.post(REGISTER, json=data)
    tokens = client.post(LOGIN, data={"username": data["email"], "password": PASSWORD}).json()
    client.get(ME, params={"code": "in-the-query"}, headers=bearer(tokens["access_token"]))
    old = {"refresh_token": tokens["refresh_token"]}
    new = client.post("/api/v1/auth/refresh", json=old).json()
    client.post("/api/v1/auth/logout", json={"refresh_token": new["refresh_token"]})
    assert f"GET {ME} 200" in caplog.text
    issued = [each[name] for each in (tokens, new) for name in ("access_token", "refresh_token")]
    with sessions_on(settings.database_url) as sessions, sessions.begin() as db:
        db.execute(text("ALTER TABLE users RENAME TO lost"))
    assert_problem(client.post(REGISTER, json=data), 500)
    for secret in (PASSWORD, "in-the-query", "argon2id", *issued):
        assert secret not in caplog.text


def test_others_are_answered_while_a_password_is_hashed(
    client: Client, user: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, answered = threading.Event(), threading.Event()

    def hash_slowly(*_: object) -> Any:
        begun.set()
        assert answered.wait(5)
        raise ApiError(418, "It was in a thread of its own.")

    monkeypatch.setattr(PasswordHash, "verify_and_update", hash_slowly)
    monkeypatch.setattr(PasswordHash, "hash", hash_slowly)
    form = {"username": "user@example.com", "password": PASSWORD}
    data = {"email": "ann@example.com", "password": PASSWORD, "name": "Ann"}
    asks = (lambda: client.post(LOGIN, data=form), lambda: client.post(REGISTER, json=data))
    with ThreadPoolExecutor(1) as pool:
        for ask in asks:
            begun.clear()
            answered.clear()
            waits = pool.submit(ask)
            assert begun.wait(5)
            assert client.get(ME, headers=user).status_code == 200
            answered.set()
            assert_problem(waits.result(), 418)


def test_next_refresh_token_is_made_with_the_secret(settings: Settings) -> None:
    other = settings.model_copy(update={"secret_key": SecretStr("x" * 32)})
    token = f"{'0' * 32}.x"
    one, another = (Security(each, waiting=1).successor(token) for each in (settings, other))
    assert one != another


def test_hostile_token(client: Client, subtests: pytest.Subtests) -> None:
    deep = urlsafe_b64encode(b"[" * 20_000).decode()
    for token in ("x", "a.b.c", "e30.e30.", f"{deep}.e30.x"):
        with subtests.test(token=token[:20]):
            assert_problem(client.get(ME, headers=bearer(token)), 401)


def test_token_of_a_deleted_user_ends(client: Client, user: Headers, settings: Settings) -> None:
    with sessions_on(settings.database_url) as sessions, sessions.begin() as db:
        db.execute(delete(User))
    assert_problem(client.get(ME, headers=user), 401)


def test_token_of_a_machine_whose_clock_is_ahead(
    client: Client, user: Headers, settings: Settings
) -> None:
    claims = claims_of(user) | {"iat": time.time() + 5}
    token = jwt.encode(claims, settings.secret_key.get_secret_value(), algorithm="HS256")
    assert client.get(ME, headers=bearer(token)).status_code == 200


def test_access_token_expires(make_client: MakeClient, sign_up: SignUp) -> None:
    user = sign_up("short@example.com", make_client(access_token_seconds=60))
    claims = claims_of(user)
    assert (claims["exp"] - claims["iat"], claims["aud"]) == (60, APPLICATION)
    assert claims["exp"] > time.time()


def test_unknown_user_costs_as_much_as_any_known_one(
    make_client: MakeClient, sign_up: SignUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_up("old@example.com")  # of before the cost was raised
    client = make_client(argon2_time_cost=4)
    sign_up("new@example.com", client)
    work: list[int] = []

    def counted(parameters: Parameters) -> None:
        work.append(parameters.time_cost * parameters.memory_cost)

    hashed, verified = PasswordHasher.hash, PasswordHasher.verify

    def hash_(self: PasswordHasher, *args: Any, **options: Any) -> str:
        counted(self._parameters)
        return hashed(self, *args, **options)

    def verify(self: PasswordHasher, known: Any, password: Any) -> Any:
        counted(extract_parameters(known))
        return verified(self, known, password)

    monkeypatch.setattr(PasswordHasher, "hash", hash_)
    monkeypatch.setattr(PasswordHasher, "verify", verify)
    for name in ("unknown", "old", "new"):
        form = {"username": f"{name}@example.com", "password": "wrong wrong wrong"}
        assert_problem(client.post(LOGIN, data=form), 401)
    assert work == [4 * 32, 32, 4 * 24, 4 * 32]


def test_few_passwords_are_hashed_at_once(settings: Settings) -> None:
    security = Security(settings, waiting=2)
    with ThreadPoolExecutor(8) as pool, security._turn():
        hashes = [pool.submit(security.hash_password, "x") for _ in range(8)]
        while sum(each.done() for each in hashes) < 6:  # two wait, the others are refused
            time.sleep(0.001)
    refused = [error for each in hashes if isinstance(error := each.exception(), ApiError)]
    assert [(e.status, e.headers) for e in refused] == [(503, {"Retry-After": "3"})] * 6


def test_passwords_are_argon2id_and_rehashed_when_parameters_change(
    make_client: MakeClient, sign_up: SignUp, settings: Settings
) -> None:
    def stored() -> str:
        with sessions_on(settings.database_url) as sessions, sessions() as db:
            return db.scalars(select(User.password_hash)).one()

    sign_up("ann@example.com")
    assert stored().startswith("$argon2id$v=19$m=32,t=1,")
    stronger = make_client(argon2_time_cost=2, argon2_memory_kib=64)
    form = {"username": "ann@example.com", "password": PASSWORD}
    for _ in range(2):
        assert stronger.post(LOGIN, data=form).status_code == 200
        assert "$m=64,t=2," in stored()


def test_login_is_throttled_by_address_and_account(make_client: MakeClient) -> None:
    client = make_client(login_rate="3/minute")
    form = {"username": "ann@example.com", "password": "wrong"}
    statuses = [client.post(LOGIN, data=form).status_code for _ in range(3)]
    refused = client.post(LOGIN, data=form | {"username": " ANN@example.com"})
    assert statuses == [401] * 3
    assert_problem(refused, 429)
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert client.post(LOGIN, data=form | {"username": "bob@example.com"}).status_code == 401


def test_many_accounts_from_one_address_are_throttled(make_client: MakeClient) -> None:
    client = make_client(login_rate="1/minute")
    for number in range(11):
        form = {"username": f"{number}@example.com", "password": "wrong"}
        response = client.post(LOGIN, data=form)
        assert response.status_code == (401 if number < 10 else 429)


def test_account_is_throttled_over_all_addresses_but_not_for_its_owner(
    settings: Settings,
) -> None:
    throttle = Throttle(settings.model_copy(update={"login_rate": "2/minute"}))
    throttle.attempt("192.0.2.1", "ann")
    throttle.succeeded("192.0.2.1", "ann")
    for number in range(19):
        throttle.attempt(f"198.51.100.{number}", "ann")
    with pytest.raises(ApiError):
        throttle.attempt("198.51.100.99", "ann")
    throttle.attempt("192.0.2.1", "ann")
    throttle.attempt("198.51.100.99", "bob")


def test_refresh_is_throttled(make_client: MakeClient) -> None:
    client = make_client(login_rate="1/minute")
    for number in range(11):
        response = client.post("/api/v1/auth/refresh", json={"refresh_token": "x"})
        assert response.status_code == (401 if number < 10 else 429)


def test_window_slides(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    throttle = Throttle(settings.model_copy(update={"login_rate": "2/minute"}))
    for wait in (0, 50, 5):  # and its clock is not the one that somebody sets back
        now += wait
        with suppress(ApiError):
            throttle.attempt("192.0.2.1", "ann")
    with pytest.raises(ApiError) as refused:
        throttle.attempt("192.0.2.1", "ann")
    assert refused.value.headers == {"Retry-After": "5"}
    now += 5
    throttle.attempt("192.0.2.1", "ann")
    with pytest.raises(ApiError) as refused:
        throttle.attempt("192.0.2.1", "ann")
    assert refused.value.headers == {"Retry-After": "50"}


def test_throttle_forgets(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    throttle = Throttle(settings.model_copy(update={"login_rate": "1/minute"}))
    kept = throttle._attempts._times  # type: ignore[union-attr]

    def guess(account: int) -> None:
        with suppress(ApiError):
            throttle.attempt("192.0.2.1", str(account))

    for account in range(50):
        guess(account)
    assert len(kept) == 1 + 2 * 10  # of the address, and of as many accounts as it may try
    now += 61
    guess(1)
    assert len(kept) == 3


def test_register_is_throttled(make_client: MakeClient) -> None:
    client = make_client(login_rate="1/minute")
    data = {"email": "ann@example.com", "password": PASSWORD, "name": "Ann"}
    assert client.post(REGISTER, json=data).status_code == 201
    assert_problem(client.post(REGISTER, json=data), 429)


def test_forwarded_address_counts_only_behind_a_trusted_proxy(make_client: MakeClient) -> None:
    for proxies, last in ((0, 429), (1, 401)):
        client = make_client(login_rate="1/minute", trusted_proxies=proxies)
        for address, status in (("192.0.2.1", 401), ("192.0.2.2", last)):
            form = {"username": "ann@example.com", "password": "wrong"}
            headers = [("X-Forwarded-For", "192.0.2.9"), ("X-Forwarded-For", address)]
            assert client.post(LOGIN, data=form, headers=headers).status_code == status


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("", 0, "192.0.2.9"),
        ("1.1.1.1", 0, "192.0.2.9"),
        ("1.1.1.1", 1, "1.1.1.1"),
        ("forged, 1.1.1.1", 1, "1.1.1.1"),
        ("forged, 1.1.1.1, 2.2.2.2", 2, "1.1.1.1"),
        ("1.1.1.1", 2, "192.0.2.9"),
        ("no address", 1, "192.0.2.9"),
        ("2001:db8:1:2:3::4", 1, "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::5", 1, "2001:db8:1:2::/64"),
        ("::ffff:1.1.1.1", 1, "1.1.1.1"),
        ("forged, 1.1.1.1:5000", 1, "1.1.1.1"),
        ("[2001:db8:1:2::5]:5000", 1, "2001:db8:1:2::/64"),
        ('"[2001:db8:1:2::5]"', 1, "2001:db8:1:2::/64"),
        ("1.1.1.1:x:", 1, "192.0.2.9"),
    ],
)
def test_client_address(forwarded: str, proxies: int, address: str) -> None:
    assert client_address("192.0.2.9", forwarded, proxies) == address
    assert client_address(None, "", proxies) == "unknown"


def test_nobody_guesses_while_nobody_counts(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def lost(*_: object) -> bool:
        raise StorageError(ConnectionError("nobody listens there"))

    for name in ("hit", "test"):  # as when Redis is down
        monkeypatch.setattr(MovingWindowRateLimiter, name, lost)
    shared = throttling.SharedWindow(60, "memory://")
    monkeypatch.setattr(throttling, "_window", lambda *_: shared)
    client = make_client()
    form = {"username": "user@example.com", "password": PASSWORD}
    for answer in (client.post(LOGIN, data=form), client.get("/ready")):
        assert_problem(answer, 503)
        assert answer.headers["retry-after"] == "5"
    assert "nobody listens there" in caplog.text
    assert "Traceback" not in caplog.text
