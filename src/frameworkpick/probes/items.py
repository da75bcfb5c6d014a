"""Probes of the items: create, read, change, delete, whose they are, and what bad input gives."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from . import accounts
from .client import ProbeFailed
from .visit import API, Visit, problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .client import Response

ITEMS = f"{API}/items"
#: ``APP_MAX_BODY_BYTES`` of the server under probe.
BODY_LIMIT = 65536


def _post(visit: Visit, body: object) -> Response:
    return visit.client.request("POST", ITEMS, json_body=body, token=visit.alice.token)


def _raw(visit: Visit, body: bytes | Iterator[bytes], kind: str = "application/json") -> Response:
    return visit.client.request(
        "POST", ITEMS, body=body, token=visit.alice.token, headers={"Content-Type": kind}
    )


def _one(visit: Visit, method: str, body: object = None) -> Response:
    path = f"{ITEMS}/{visit.item}"
    return visit.client.request(method, path, json_body=body, token=visit.alice.token)


def create(visit: Visit) -> str:
    """Create an item; ``Location`` leads to it."""
    answer = _post(visit, {"title": "first", "description": "to be read"}).expect(201)
    item = answer.mapping()
    visit.item = str(item["id"])
    answer.must(item["title"] == "first", "Expected the title that was sent.")
    location = urlsplit(answer.header("Location") or "").path
    answer.must(location.endswith(f"/{visit.item}"), "Expected the item's path in Location.")
    visit.client.get(location, token=visit.alice.token).expect(200)
    return "201 with Location"


def get(visit: Visit) -> str:
    """Read the item; one that does not exist is a 404."""
    answer = _one(visit, "GET").expect(200)
    answer.must(answer.mapping()["id"] == visit.item, f"Expected item {visit.item}.")
    problem(visit.client.get(f"{ITEMS}/{uuid.uuid4()}", token=visit.alice.token), 404)
    return "200 item, 404 problem for none"


def list_(visit: Visit) -> str:
    """List the items: newest first, paged."""
    newest = str(_post(visit, {"title": "second"}).expect(201).mapping()["id"])
    answer = visit.client.get(f"{ITEMS}?limit=1", token=visit.alice.token).expect(200)
    page: dict[str, Any] = answer.mapping()
    ids = [item["id"] for item in page["items"]]
    answer.must(ids == [newest], "Expected the newest item only.")
    answer.must(page["total"] >= 2, "Expected a total of at least 2.")  # noqa: PLR2004 (made two)
    answer.must((page["limit"], page["offset"]) == (1, 0), "Expected limit 1 and offset 0.")
    problem(visit.client.get(f"{ITEMS}?limit=101", token=visit.alice.token), 422)
    return f"newest first, total {page['total']}"


def update(visit: Visit) -> str:
    """Change one field, set one to null, send none."""
    item = _one(visit, "PATCH", {"title": "changed"}).expect(200).mapping()
    kept = (item["title"], item["description"])
    if kept != ("changed", "to be read"):
        raise ProbeFailed(f"Expected only the title to change, got {kept}.")
    answer = _one(visit, "PATCH", {"description": None}).expect(200)
    answer.must(answer.mapping()["description"] is None, "Expected the description to be null.")
    problem(_one(visit, "PATCH", {}), 422)
    return "200, null and absent differ, 422 for nothing"


def foreign(visit: Visit) -> str:
    """Try to read, change, delete and list an item as somebody else."""
    accounts.enter(visit, visit.bob)
    path, token = f"{ITEMS}/{visit.item}", visit.bob.token
    problem(visit.client.get(path, token=token), 404)
    body = {"title": "stolen"}
    problem(visit.client.request("PATCH", path, json_body=body, token=token), 404)
    problem(visit.client.request("DELETE", path, token=token), 404)
    others = visit.client.get(ITEMS, token=token).expect(200)
    others.must(others.mapping()["total"] == 0, "Expected no item of somebody else in the list.")
    _one(visit, "GET").expect(200)
    return "404 for read, change and delete; not listed"


def without_token(visit: Visit) -> str:
    """Ask for the items without a token."""
    for answer in (
        visit.client.get(ITEMS),
        visit.client.request("POST", ITEMS, json_body={"title": "x"}),
        visit.client.get(f"{ITEMS}/{uuid.uuid4()}"),
    ):
        problem(answer, 401)
    return "401 problem"


def delete(visit: Visit) -> str:
    """Delete the item; it is gone."""
    _one(visit, "DELETE").expect(204)
    problem(_one(visit, "GET"), 404)
    return "204, then 404"


def validation(visit: Visit) -> str:
    """Send invalid fields: each error has a pointer, and nothing sent is repeated."""
    answer = _post(visit, {"title": "", "description": {"marker": "m4rk3r-value"}})
    errors = problem(answer, 422).get("errors")
    answer.must(isinstance(errors, list) and errors, "Expected errors[].")
    missing = [key for key in ("detail", "pointer", "location", "type") if key not in errors[0]]  # type: ignore[index]
    answer.must(not missing, f"The first error lacks {', '.join(missing)}.")
    pointers = {str(error["pointer"]) for error in errors or ()}
    answer.must("/title" in pointers, f"Expected the pointer /title, got {sorted(pointers)}.")
    answer.must(b"m4rk3r" not in answer.body, "The answer repeats what was sent.")
    return "422 problem with pointers, nothing repeated"


def malformed(visit: Visit) -> str:
    """Send what is no JSON."""
    problem(_raw(visit, b'{"title": '), 400)
    return "400 problem"


def wrong_type(visit: Visit) -> str:
    """Send something other than JSON."""
    problem(_raw(visit, b"<title>x</title>", "text/xml"), 415)
    return "415 problem"


def too_large(visit: Visit) -> str:
    """Send more than allowed, with a declared length and chunked."""
    body = b'{"title": "' + b"x" * BODY_LIMIT + b'"}'
    problem(_raw(visit, body), 413)
    problem(_raw(visit, iter((body[:40000], body[40000:]))), 413)
    return "413 problem, chunked too"


def hostile(visit: Visit) -> str:
    """Send input that makes careless servers fall over; then ask whether it still lives."""
    inputs = {
        "deep JSON": b"[" * 30000,
        "deep object": b'{"title":' * 6000 + b"1" + b"}" * 6000,
        "lone surrogate": b'{"title": "\\ud800"}',
        "NUL": b'{"title": "a\\u0000b"}',
        "huge number": b'{"title": ' + b"9" * 10000 + b"}",
        "wrong UTF-8": b'{"title": "\xff\xfe"}',
        "infinity": b'{"title": Infinity}',
        "no object": b"null",
        "empty": b"",
    }
    for name, body in inputs.items():
        answer = _raw(visit, body)
        answer.must(400 <= answer.status < 500, f"{name}: expected a 4xx answer.")  # noqa: PLR2004 (a class of codes)
        problem(answer, answer.status)
    for path in (f"{ITEMS}?limit={'9' * 400}", f"{ITEMS}/%00", f"{ITEMS}?offset={10**30}"):
        answer = visit.client.get(path, token=visit.alice.token)
        answer.must(answer.status < 500, "Expected no server error.")  # noqa: PLR2004 (as above)
    visit.client.get("/health").expect(200)
    return f"{len(inputs)} bodies refused, still alive"


def store_kept(visit: Visit) -> str:
    """Store an item, as somebody of its own where there are accounts."""
    if visit.accounts:
        accounts.enter(visit, visit.keeper)
    answer = visit.client.request(
        "POST", ITEMS, json_body={"title": "to be kept"}, token=visit.keeper.token
    )
    visit.kept = str(answer.expect(201).mapping()["id"])
    return "201"


def find_kept(visit: Visit) -> str:
    """Find the stored item again, after a new login."""
    if visit.accounts:
        accounts.login_as(visit, visit.keeper)
    answer = visit.client.get(f"{ITEMS}/{visit.kept}", token=visit.keeper.token).expect(200)
    answer.must(answer.mapping().get("title") == "to be kept", "Expected the item that was stored.")
    return "200, the same item"
