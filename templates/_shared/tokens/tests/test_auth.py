from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from {{ package_name }}.config import Settings
from {{ package_name }}.models import TokenFamily, utcnow

from .conftest import PASSWORD, Client, SignUp, assert_problem
from .database import sessions_on

AUTH = "/api/v1/auth"
ANN = {"email": "ann@example.com", "password": PASSWORD, "name": "Ann"}


def log_in(client: Client, password: str = PASSWORD) -> Any:
    return client.post(f"{AUTH}/login", data={"username": "Ann@example.com", "password": password})


def refresh(client: Client, token: str) -> Any:
    return client.post(f"{AUTH}/refresh", json={"refresh_token": token})


def change_logins(settings: Settings, **values: datetime) -> None:
    with sessions_on(settings.database_url) as sessions, sessions.begin() as db:
        db.execute(update(TokenFamily).values(**values))


def test_register(client: Client) -> None:
    response = client.post(f"{AUTH}/register", json=ANN | {"email": "Ann@Example.com"})
    assert response.status_code == 201
    assert set(response.json()) == {"id", "email", "name", "created_at"}
    assert response.json()["email"] == "ann@example.com"


def test_register_taken_address(client: Client) -> None:
    client.post(f"{AUTH}/register", json=ANN)
    taken = client.post(f"{AUTH}/register", json=ANN | {"email": "ANN@example.com"})
    assert_problem(taken, 409)


def test_register_takes_what_just_fits(client: Client, subtests: pytest.Subtests) -> None:
    fits = [("password", "x" * 12), ("password", "x" * 128), ("name", "x" * 100)]
    for number, (field, value) in enumerate(fits):
        with subtests.test(field=field, length=len(value)):
            data = ANN | {"email": f"{number}@example.com", field: value}
            assert client.post(f"{AUTH}/register", json=data).status_code == 201


def test_register_refuses(client: Client, subtests: pytest.Subtests) -> None:
    wrong = [
        ("email", "nobody at all"),
        ("email", "ann@of_the_house.example"),
        ("email", "\u0130" * 64 + "@" + f"{'x' * 57}." * 3 + "example.com"),
        ("email", "a" * 250 + "@example.com"),
        ("email", "ann@example.com\u2028"),
        ("email", "ann@localhost.localhost"),
        ("password", "only-eleven"),
        ("password", "x" * 129),
        ("name", "  "),
        ("name", "x" * 101),
        ("name", "\x1fAnn"),
        ("name", "Ann\u0085"),
        ("is_admin", True),
    ]
    for field, value in wrong:
        with subtests.test(field=field, value=value):
            response = client.post(f"{AUTH}/register", json=ANN | {field: value})
            problem = assert_problem(response, 422)
            assert [error["pointer"] for error in problem["errors"]] == [f"/{field}"]
            assert str(value) not in response.text
            assert "_" not in problem["errors"][0]["detail"]  # as a library repeats it


def test_login(client: Client) -> None:
    client.post(f"{AUTH}/register", json=ANN)
    response = log_in(client)
    assert response.headers["cache-control"] == "no-store"
    tokens = response.json()
    assert set(tokens) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (tokens["token_type"], tokens["expires_in"]) == ("bearer", 900)
    headers = {"Authorization": f"bearer {tokens['access_token']}"}
    assert client.get("/api/v1/users/me", headers=headers).status_code == 200


def test_login_refuses_wrong_password_and_unknown_user_alike(client: Client) -> None:
    unknown = log_in(client)
    client.post(f"{AUTH}/register", json=ANN)
    wrong = log_in(client, "not the right one")
    for response in (unknown, wrong):
        assert_problem(response, 401)
        assert response.headers["www-authenticate"] == 'Bearer realm="api"'
    assert unknown.json()["detail"] == wrong.json()["detail"]


def test_login_takes_every_spelling_of_an_address(
    client: Client, subtests: pytest.Subtests
) -> None:
    spellings = [
        ("jos\u00e9@example.com", "Jose\u0301@Example.com"),  # composed, and not
        ("b@b\u00fccher.example", "b@xn--bcher-kva.example"),
        ("a@example.com", " a@\uff45xample.com "),  # a full-width letter
    ]
    for registered, other in spellings + [(second, first) for first, second in spellings]:
        with subtests.test(registered=registered):
            client.post(f"{AUTH}/register", json=ANN | {"email": registered})
            for name in (registered, other):
                form = {"username": name, "password": PASSWORD}
                assert client.post(f"{AUTH}/login", data=form).status_code == 200


def test_password_in_other_bytes_is_the_same(client: Client) -> None:
    client.post(f"{AUTH}/register", json=ANN | {"password": "caf\u00e9 for three"})
    assert log_in(client, "cafe\u0301\u2003for\u00a0three").status_code == 200
    assert_problem(log_in(client, "cafe for three"), 401)
    too_short = ANN | {"email": "bob@example.com", "password": "e\u0301" * 11}
    assert_problem(client.post(f"{AUTH}/register", json=too_short), 422)


def test_address_in_the_network_of_a_company(client: Client) -> None:
    assert client.post(f"{AUTH}/register", json=ANN | {"email": "a@corp.local"}).is_success


def test_login_survives_hostile_names(client: Client) -> None:
    for name in (b"%00", b"%0A", b"%FF", b"%ED%A0%80"):
        body = b"username=" + name + b"&password=correct+horse+battery"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        response = client.post(f"{AUTH}/login", content=body, headers=headers)
        assert response.status_code in {400, 401, 422}, name


def test_login_wants_a_form(client: Client) -> None:
    data = {"username": ANN["email"], "password": PASSWORD}
    assert_problem(client.post(f"{AUTH}/login", json=data), 415)
    assert_problem(client.post(f"{AUTH}/login", data={"username": "x"}), 422)
    wrong = {"grant_type": "client_credentials", "username": "x" * 255, "password": "x" * 129}
    for field, value in wrong.items():
        assert_problem(client.post(f"{AUTH}/login", data=data | {field: value}), 422)


def test_refresh_gives_a_new_pair(client: Client, sign_up: SignUp) -> None:
    client.post(f"{AUTH}/register", json=ANN)
    first = log_in(client).json()
    second = refresh(client, first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert refresh(client, second["refresh_token"]).status_code == 200


def test_second_use_ends_the_family_and_no_other(client: Client, settings: Settings) -> None:
    client.post(f"{AUTH}/register", json=ANN)
    other = log_in(client).json()["refresh_token"]
    stolen = log_in(client).json()["refresh_token"]
    newest = refresh(client, stolen).json()["refresh_token"]
    change_logins(settings, rotated_at=utcnow() - timedelta(seconds=11))
    assert_problem(refresh(client, stolen), 401)
    assert_problem(refresh(client, newest), 401)
    assert refresh(client, other).status_code == 200


def test_refreshes_at_once_get_the_same_token(client: Client) -> None:
    client.post(f"{AUTH}/register", json=ANN)
    token = log_in(client).json()["refresh_token"]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: refresh(client, token), range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4
    (newest,) = {answer.json()["refresh_token"] for answer in answers}
    assert refresh(client, newest).status_code == 200
    assert_problem(refresh(client, token), 401)  # its successor is spent: no grace any more
    assert_problem(refresh(client, newest), 401)


def test_refresh_refuses_what_is_no_token(client: Client) -> None:
    for junk in ("x", "\u00e9", "." * 200, f"{'0' * 32}.x"):
        assert_problem(refresh(client, junk), 401)
    for data in ({"refresh_token": "x" * 201}, {"refresh_token": "x", "more": "x"}):
        assert_problem(client.post(f"{AUTH}/refresh", json=data), 422)


@pytest.mark.parametrize("ended", ["expires_at", "created_at"])
def test_login_has_an_end(client: Client, settings: Settings, ended: str) -> None:
    client.post(f"{AUTH}/register", json=ANN)
    token = log_in(client).json()["refresh_token"]
    days = {"expires_at": 0, "created_at": 90}[ended]
    change_logins(settings, **{ended: utcnow() - timedelta(days=days)})
    assert_problem(refresh(client, token), 401)


def test_the_next_login_forgets_those_that_ended(client: Client, settings: Settings) -> None:
    client.post(f"{AUTH}/register", json=ANN)
    for ended in ("expires_at", "created_at"):
        log_in(client)
        change_logins(settings, **{ended: utcnow() - timedelta(days=90)})
        log_in(client)
        with sessions_on(settings.database_url) as sessions, sessions() as db:
            assert db.scalar(select(func.count()).select_from(TokenFamily)) == 1


def test_refresh_tokens_are_stored_hashed(client: Client, settings: Settings) -> None:
    client.post(f"{AUTH}/register", json=ANN)
    token = log_in(client).json()["refresh_token"]
    with sessions_on(settings.database_url) as sessions, sessions() as db:
        assert db.scalars(select(TokenFamily.token_hash)).one() not in token
        assert len(token.partition(".")[2]) == 43  # of 32 random bytes
        assert db.scalar(select(func.count()).select_from(TokenFamily)) == 1


def test_logout(client: Client) -> None:
    client.post(f"{AUTH}/register", json=ANN)
    other = log_in(client).json()["refresh_token"]
    token = log_in(client).json()["refresh_token"]
    for _ in range(2):
        response = client.post(f"{AUTH}/logout", json={"refresh_token": token})
        assert (response.status_code, response.content) == (204, b"")
    assert_problem(refresh(client, token), 401)
    assert client.post(f"{AUTH}/logout", json={"refresh_token": "unknown"}).status_code == 204
    assert refresh(client, other).status_code == 200
