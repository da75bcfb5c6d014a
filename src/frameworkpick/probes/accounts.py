"""Probes of the accounts: register, log in, who am I, token rotation, logout, throttling."""

from __future__ import annotations

import base64
import json
import threading
import time
from typing import Any

from .client import ProbeFailed, Response
from .visit import API, Person, Visit, problem

#: Failed logins after which a server that does not throttle is found out.
ATTEMPTS = 50
#: Requests sent at once with the same refresh token.
RACERS = 4


def _register(visit: Visit, person: Person) -> Response:
    body = {"email": person.email, "password": person.password, "name": "A Tester"}
    return visit.client.request("POST", f"{API}/auth/register", json_body=body)


def login_as(visit: Visit, person: Person) -> Response:
    """Log a person in, and keep the tokens as theirs."""
    form = {"username": person.email, "password": person.password}
    answer = visit.client.request("POST", f"{API}/auth/login", form=form).expect(200)
    _keep(answer, person)
    return answer


def _refresh(visit: Visit, token: str | None) -> Response:
    return visit.client.request("POST", f"{API}/auth/refresh", json_body={"refresh_token": token})


def _keep(answer: Response, person: Person) -> None:
    """Check a pair of tokens and keep it as the person's own."""
    pair = answer.mapping()
    answer.must(str(pair.get("token_type", "")).lower() == "bearer", "Expected token_type bearer.")
    answer.must(
        isinstance(pair.get("expires_in"), int) and pair["expires_in"] > 0,
        "Expected expires_in in seconds.",
    )
    person.token, person.refresh_token = str(pair["access_token"]), str(pair["refresh_token"])


def enter(visit: Visit, person: Person) -> None:
    """Register a person and log in."""
    _register(visit, person).expect(201)
    login_as(visit, person)


def register(visit: Visit) -> str:
    """Open an account; the answer must not show the password or its hash."""
    answer = _register(visit, visit.alice).expect(201)
    user = answer.mapping()
    answer.must(user.get("email") == visit.alice.email, "Expected the user's email.")
    missing = [key for key in ("id", "name", "created_at") if key not in user]
    answer.must(not missing, f"The user lacks {', '.join(missing)}.")
    _must_not_show(answer, user)
    return "201 user"


def _must_not_show(answer: Response, user: dict[str, Any]) -> None:
    shown = [key for key in user if "password" in key or "hash" in key]
    answer.must(not shown, f"The answer shows {', '.join(shown)}.")


def register_twice(visit: Visit) -> str:
    """Open the same account again."""
    problem(_register(visit, visit.alice), 409)
    return "409 problem"


def short_password(visit: Visit) -> str:
    """Open an account with a password below the minimum; the answer must not repeat it."""
    person = Person.new("carol")
    person.password = person.password[:11]
    answer = _register(visit, person)
    problem(answer, 422)
    answer.must(person.password.encode() not in answer.body, "The answer repeats the password.")
    return "422 problem, nothing repeated"


def login(visit: Visit) -> str:
    """Log in with the right password."""
    login_as(visit, visit.alice)
    return "200 token pair"


def wrong_password(visit: Visit) -> str:
    """Log in with a wrong password, and as nobody: both must look the same."""
    bodies = []
    for email in (visit.alice.email, Person.new("nobody").email):
        form = {"username": email, "password": "not the password"}  # nosec B105 # wrong on purpose
        answer = visit.client.request("POST", f"{API}/auth/login", form=form)
        body = problem(answer, 401)
        _challenge(answer)
        bodies.append((body["type"], body["title"], body["detail"]))
    if bodies[0] != bodies[1]:
        raise ProbeFailed(f"The answers tell who has an account: {bodies[0]} and {bodies[1]}.")
    return "401 with WWW-Authenticate, the same for nobody"


def _challenge(answer: Response) -> None:
    challenge = answer.header("WWW-Authenticate") or ""
    answer.must(challenge.startswith("Bearer"), "Expected WWW-Authenticate: Bearer.")


def me(visit: Visit) -> str:
    """Ask who I am."""
    answer = visit.client.get(f"{API}/users/me", token=visit.alice.token).expect(200)
    user = answer.mapping()
    answer.must(user.get("email") == visit.alice.email, f"Expected {visit.alice.email}.")
    _must_not_show(answer, user)
    return "200 user"


def no_token(visit: Visit) -> str:
    """Ask without a token and with tokens nobody gave out."""
    for token in (None, "not-a-token", _unsigned(str(visit.alice.token))):
        answer = visit.client.get(f"{API}/users/me", token=token)
        problem(answer, 401)
        _challenge(answer)
    return "401 without a token, with nonsense, with an unsigned token"


def _unsigned(token: str) -> str:
    """Return the token's claims under ``alg: none``; nonsense in, nonsense out."""
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode())
    parts = token.split(".")
    return f"{header.decode().rstrip('=')}.{parts[1] if len(parts) > 1 else ''}."


def refresh(visit: Visit) -> str:
    """Change the refresh token for a new pair that works."""
    spent = visit.alice.refresh_token
    answer = _refresh(visit, spent).expect(200)
    _keep(answer, visit.alice)
    answer.must(visit.alice.refresh_token != spent, "Expected a new refresh token.")
    visit.client.get(f"{API}/users/me", token=visit.alice.token).expect(200)
    return "200 new pair"


def refresh_reuse(visit: Visit) -> str:
    """Use a refresh token that is spent, and its successor too: refused, the family revoked.

    The last one that was spent may be good for a moment more, for a second tab.
    """
    login_as(visit, visit.alice)
    spent = visit.alice.refresh_token
    for _ in range(2):
        _keep(_refresh(visit, visit.alice.refresh_token).expect(200), visit.alice)
    problem(_refresh(visit, spent), 401)
    after = _refresh(visit, visit.alice.refresh_token)
    after.must(
        after.status == 401,  # noqa: PLR2004 (the contract's own number)
        "A spent refresh token was used again, and the newest of its family still works.",
    )
    login_as(visit, visit.alice)
    return "401, family revoked"


def refresh_race(visit: Visit) -> str:
    """Use one refresh token several times at once: at most one token may come of it."""
    login_as(visit, visit.alice)
    token, answers = visit.alice.refresh_token, []

    def use() -> None:
        try:
            answers.append(_refresh(visit, token))
        except ProbeFailed as failure:
            silent.append(str(failure))

    silent: list[str] = []
    racers = [threading.Thread(target=use) for _ in range(RACERS)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    if silent:
        raise ProbeFailed("\n".join(silent))
    won = [answer for answer in answers if answer.status == 200]  # noqa: PLR2004 (as above)
    for answer in answers:
        answer.must(answer.status in {200, 401}, "Expected 200 or 401.")
    made = {str(answer.mapping().get("refresh_token")) for answer in won}
    if len(made) > 1:
        raise ProbeFailed(f"{RACERS} uses of one refresh token at once made {len(made)} new ones.")
    login_as(visit, visit.alice)
    return f"{RACERS} at once: {len(won)} answered, {len(made)} new token"


def logout(visit: Visit) -> str:
    """Log out, twice and with a token nobody gave out; the refresh token is dead afterwards."""
    token = visit.alice.refresh_token
    for given in (token, token, "well-formed-but-unknown-" + "x" * 24):
        body = {"refresh_token": given}
        visit.client.request("POST", f"{API}/auth/logout", json_body=body).expect(204)
    problem(_refresh(visit, token), 401)
    login_as(visit, visit.alice)
    return "204, refresh token revoked"


def throttle(visit: Visit) -> str:
    """Fail to log in until the server refuses to try."""
    form = {"username": Person.new("victim").email, "password": "not the password"}  # nosec B105 # wrong on purpose
    began = time.monotonic()
    for attempt in range(1, ATTEMPTS + 1):
        answer = visit.client.request("POST", f"{API}/auth/login", form=form)
        if answer.status != 401:  # noqa: PLR2004 (as above)
            problem(answer, 429)
            wait = answer.header("Retry-After") or ""
            answer.must(wait.isdigit(), "Expected Retry-After in seconds.")
            return f"429 at attempt {attempt}, Retry-After {wait}"
    seconds = time.monotonic() - began
    raise ProbeFailed(f"{ATTEMPTS} failed logins in {seconds:.0f} s, and none was throttled.")
