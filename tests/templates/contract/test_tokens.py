"""Access tokens: what is presented, and forgeries that must not get in."""

from __future__ import annotations

import base64
import hmac
import json
import uuid
from typing import TYPE_CHECKING, Any

import jwt
import pytest

from .deployment import V1, assert_problem, bearer, tokens_only

if TYPE_CHECKING:
    from .deployment import Account, Deployment

pytestmark = tokens_only

ME = f"{V1}/users/me"
OTHER_KEY = "another key, also long enough for HS256 to take it"
#: Where a token says its key is to be found. A server that looks there lets anybody in.
POINTERS: dict[str, Any] = {
    "jwk": {"kty": "oct", "k": "YW5vdGhlciBrZXk"},
    "jku": "http://127.0.0.1:9/keys.json",
    "x5u": "http://127.0.0.1:9/key.pem",
    "kid": "../../../../dev/null",
}


@pytest.mark.parametrize(
    "value",
    [None, "", "Bearer", "Basic dTpw", "Bearer x", "Bearer a.b.c", "Bearer é", "a b c"],
)
def test_without_a_token_is_401(deployment: Deployment, value: str | None) -> None:
    headers = {} if value is None else {b"Authorization": value.encode("latin-1")}
    assert_problem(deployment.client.get(ME, headers=headers), 401)


def test_the_challenge_names_an_invalid_token(deployment: Deployment) -> None:
    """RFC 6750: no error code without a token, ``invalid_token`` with a bad one."""
    assert "error" not in deployment.client.get(ME).headers["www-authenticate"]
    answer = deployment.client.get(ME, headers=bearer("a.b.c"))
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_the_scheme_is_case_insensitive(deployment: Deployment, account: Account) -> None:
    token = account.tokens["access_token"]
    answer = deployment.client.get(ME, headers={"Authorization": f"bEARER {token}"})
    assert answer.status_code == 200


def test_the_token_says_who_for_whom_and_until_when(account: Account) -> None:
    claims = jwt.decode(account.tokens["access_token"], options={"verify_signature": False})
    assert {"iss", "aud", "sub", "iat", "exp"} <= set(claims)
    assert claims["exp"] - claims["iat"] == account.tokens["expires_in"]
    assert account.email not in str(claims)


def test_the_life_of_a_token_is_a_setting(restricted: Deployment) -> None:
    assert restricted.account().tokens["expires_in"] == 60


@pytest.mark.parametrize(
    "change",
    [
        {"exp": 1},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": [99999999999]},
        {"exp": 1e400},
        {"iss": "other"},
        {"iss": None},
        {"aud": "other"},
        {"aud": None},
        {"sub": None},
        {"sub": "not-a-uuid"},
        {"sub": "00000000-0000-4000-8000-000000000000"},
        {"sub": 1},
        {"sub": "\x00"},
        {"aud": ["other", "others"]},
        {"iat": None},
        {"iat": 99999999999},
        {"nbf": 99999999999},
    ],
    ids=str,
)
def test_signed_tokens_with_wrong_claims_are_401(
    deployment: Deployment, account: Account, change: dict[str, Any]
) -> None:
    token = forge(deployment, account, change)
    assert_problem(deployment.client.get(ME, headers=bearer(token)), 401)


def test_the_forger_can_forge(deployment: Deployment, account: Account) -> None:
    """What makes the tests beside it fail is the change, not the forging."""
    token = forge(deployment, account, {})
    assert deployment.client.get(ME, headers=bearer(token)).status_code == 200


def forge(deployment: Deployment, account: Account, change: dict[str, Any]) -> str:
    if deployment.secret is None:
        pytest.skip("the secret of this server is not known")
    good = account.tokens["access_token"]
    claims = jwt.decode(good, options={"verify_signature": False}) | change
    kept = {name: value for name, value in claims.items() if value is not None}
    header = jwt.get_unverified_header(good)
    return jwt.encode(kept, deployment.secret, algorithm="HS256", headers=header)


def segment(data: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()


def attacks(good: str, secret: str) -> dict[str, str]:
    claims = jwt.decode(good, options={"verify_signature": False})
    head, body, signature = good.split(".")
    header = jwt.get_unverified_header(good)
    return {
        **{
            spelling: f"{segment(header | {'alg': spelling})}.{body}."
            for spelling in ("none", "None", "NONE", "nOnE", "", "none ", "HS256\x00")
        },
        "none, signed": f"{segment(header | {'alg': 'none'})}.{body}.{signature}",
        "no alg": f"{segment({'typ': 'JWT'})}.{body}.{signature}",
        "alg is a list": f"{segment(header | {'alg': ['HS256']})}.{body}.{signature}",
        "another key": jwt.encode(claims, OTHER_KEY, algorithm="HS256", headers=header),
        "an empty key": f"{head}.{body}.",
        "another algorithm": jwt.encode(claims, secret * 2, algorithm="HS512"),
        "claims changed": f"{head}.{segment(claims | {'sub': str(uuid.uuid4())})}.{signature}",
        "cut": good[:-5],
        "cut hard": good[: len(good) // 2],
        "two parts": f"{head}.{body}",
        "four parts": f"{good}.x",
        "claims are a list": f"{head}.{segment([1])}.{signature}",
        **{
            f"{name} in the header": jwt.encode(
                claims, OTHER_KEY, algorithm="HS256", headers=header | {name: value}
            )
            for name, value in POINTERS.items()
        },
        "an extension nobody knows": jwt.encode(
            claims, secret, algorithm="HS256", headers=header | {"crit": ["exp", "x"], "x": 1}
        ),
        "not base64": f"!!!.{body}.{signature}",
        "deep": segment([[]]) + "." + "W1" * 4000 + "." + signature,
    }


@pytest.mark.parametrize("name", attacks(jwt.encode({"sub": "x"}, OTHER_KEY), OTHER_KEY))
def test_forged_tokens_are_401(deployment: Deployment, account: Account, name: str) -> None:
    good = account.tokens["access_token"]
    token = attacks(good, deployment.secret or OTHER_KEY)[name]
    answer = deployment.client.get(ME, headers=bearer(token))
    assert_problem(answer, 401)
    assert deployment.client.get(ME, headers=bearer(good)).status_code == 200


def test_a_signature_by_a_key_pair_is_refused(deployment: Deployment, account: Account) -> None:
    """``alg`` names a public-key algorithm; the signature is an HMAC with a key all may know."""
    good = account.tokens["access_token"]
    body = good.split(".")[1]
    for algorithm in ("RS256", "ES256", "PS256", "EdDSA"):
        for key in (deployment.secret or OTHER_KEY, OTHER_KEY, ""):
            signed = f"{segment({'alg': algorithm, 'typ': 'JWT'})}.{body}"
            code = hmac.digest(key.encode(), signed.encode(), "sha256")
            token = f"{signed}.{base64.urlsafe_b64encode(code).rstrip(b'=').decode()}"
            assert_problem(deployment.client.get(ME, headers=bearer(token)), 401)


def test_of_two_authorizations_a_bad_one_does_not_pass(
    deployment: Deployment, account: Account
) -> None:
    good = f"Bearer {account.tokens['access_token']}"
    for values in (["Bearer x", good], [f"Bearer x, {good}"], [f"{good}, {good}"]):
        headers = [("Authorization", value) for value in values]
        assert_problem(deployment.client.get(ME, headers=headers), 401)


def test_a_token_counts_only_in_its_header(deployment: Deployment, account: Account) -> None:
    token = account.tokens["access_token"]
    answer = deployment.client.get(
        ME, params={"access_token": token}, headers={"Cookie": f"access_token={token}"}
    )
    assert_problem(answer, 401)


def test_another_algorithm_is_refused_even_with_the_key(
    deployment: Deployment, account: Account
) -> None:
    if deployment.secret is None:
        pytest.skip("the secret of this server is not known")
    claims = jwt.decode(account.tokens["access_token"], options={"verify_signature": False})
    secret = deployment.secret
    for algorithm in ("HS384", "HS512"):
        if len(secret.encode()) < 64:
            pytest.fail("the secret is too short for this test to say anything")
        token = jwt.encode(claims, secret, algorithm=algorithm)
        assert_problem(deployment.client.get(ME, headers=bearer(token)), 401)
