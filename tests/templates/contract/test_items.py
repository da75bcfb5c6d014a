"""The example resource: one's own items, newest first."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from .deployment import V1, assert_problem, tokens_only

if TYPE_CHECKING:
    from .deployment import Account, Deployment

ITEMS = f"{V1}/items"
FIELDS = {"id", "title", "description", "created_at", "updated_at"}


@pytest.fixture
def item(deployment: Deployment, headers: dict[str, str]) -> dict[str, Any]:
    body = {"title": "one", "description": "first"}
    answer = deployment.client.post(ITEMS, json=body, headers=headers)
    assert answer.status_code == 201
    made: dict[str, Any] = answer.json()
    return made


def test_an_item_lives_from_post_to_delete(deployment: Deployment, headers: dict[str, str]) -> None:
    client = deployment.client
    answer = client.post(ITEMS, json={"title": "a", "description": "b"}, headers=headers)
    assert answer.status_code == 201
    made = answer.json()
    assert set(made) >= FIELDS
    assert str(uuid.UUID(made["id"])) == made["id"]
    path = f"{ITEMS}/{made['id']}"
    assert answer.headers["location"].removeprefix(deployment.url) == path
    assert client.get(path, headers=headers).json() == made
    changed = client.patch(path, json={"title": "c"}, headers=headers)
    assert changed.status_code == 200
    assert (changed.json()["title"], changed.json()["description"]) == ("c", "b")
    assert client.get(path, headers=headers).json() == changed.json()
    gone = client.delete(path, headers=headers)
    assert (gone.status_code, gone.content) == (204, b"")
    for method in ("GET", "DELETE"):
        assert_problem(client.request(method, path, headers=headers), 404)
    assert_problem(client.patch(path, json={"title": "d"}, headers=headers), 404)


def test_times_are_utc(item: dict[str, Any]) -> None:
    for name in ("created_at", "updated_at"):
        moment = datetime.fromisoformat(item[name])
        assert moment.utcoffset() == timedelta(0)
        assert abs(datetime.now(UTC) - moment) < timedelta(minutes=5)


def test_a_change_moves_updated_at(
    deployment: Deployment, headers: dict[str, str], item: dict[str, Any]
) -> None:
    answer = deployment.client.patch(
        f"{ITEMS}/{item['id']}", json={"title": "other"}, headers=headers
    )
    assert answer.json()["updated_at"] > item["updated_at"]
    assert answer.json()["created_at"] == item["created_at"]


def test_description_may_be_absent_or_null(deployment: Deployment, headers: dict[str, str]) -> None:
    for body in ({"title": "x"}, {"title": "x", "description": None}):
        answer = deployment.client.post(ITEMS, json=body, headers=headers)
        assert (answer.status_code, answer.json()["description"]) == (201, None)


@pytest.mark.parametrize(
    "title", ["x", "x" * 200, "Ünïcödé 🚲", "<b>&amp;</b>", "'; DROP TABLE items"]
)
def test_good_titles_come_back_as_given(
    deployment: Deployment, headers: dict[str, str], title: str
) -> None:
    answer = deployment.client.post(ITEMS, json={"title": title}, headers=headers)
    assert (answer.status_code, answer.json()["title"]) == (201, title)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "   ",
        "x" * 201,
        "two\nlines",
        "two\rlines",
        "a\x00b",
        "a\u2028b",
        "a\x85",
        "\x0ba",
        None,
        1,
        True,
        ["x"],
    ],
)
def test_bad_titles_are_422(deployment: Deployment, headers: dict[str, str], title: Any) -> None:
    answer = deployment.client.post(ITEMS, json={"title": title}, headers=headers)
    assert_problem(answer, 422, pointer="/title")


def test_patch_tells_null_from_absent(
    deployment: Deployment, headers: dict[str, str], item: dict[str, Any]
) -> None:
    path = f"{ITEMS}/{item['id']}"
    kept = deployment.client.patch(path, json={"title": "new"}, headers=headers)
    assert kept.json()["description"] == "first"
    emptied = deployment.client.patch(path, json={"description": None}, headers=headers)
    assert (emptied.json()["title"], emptied.json()["description"]) == ("new", None)


def test_patch_wants_a_field(
    deployment: Deployment, headers: dict[str, str], item: dict[str, Any]
) -> None:
    path = f"{ITEMS}/{item['id']}"
    assert_problem(deployment.client.patch(path, json={}, headers=headers), 422, pointer="")
    for title in (None, "", "x" * 201):
        answer = deployment.client.patch(path, json={"title": title}, headers=headers)
        assert_problem(answer, 422, pointer="/title")
    assert deployment.client.get(path, headers=headers).json() == item


@pytest.mark.parametrize("field", ["id", "owner_id", "created_at"])
def test_a_client_cannot_set_what_the_server_owns(
    deployment: Deployment, headers: dict[str, str], item: dict[str, Any], field: str
) -> None:
    path = f"{ITEMS}/{item['id']}"
    body = {"title": item["title"], field: str(uuid.uuid4())}
    answer = deployment.client.patch(path, json=body, headers=headers)
    assert answer.status_code in {200, 422}
    now = deployment.client.get(path, headers=headers).json()
    assert (now["id"], now["created_at"]) == (item["id"], item["created_at"])


@pytest.mark.parametrize("item_id", ["x", "1", "1" * 36, "not-a-uuid-at-all", "%00"])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_id_that_is_no_uuid_is_422(
    deployment: Deployment, headers: dict[str, str], method: str, item_id: str
) -> None:
    body = {"title": "x"} if method == "PATCH" else None
    answer = deployment.client.request(method, f"{ITEMS}/{item_id}", json=body, headers=headers)
    assert_problem(answer, 422, pointer="/item_id", location="path")


@tokens_only
def test_pages_are_newest_first(deployment: Deployment) -> None:
    client, headers = deployment.client, deployment.account().headers
    made = [client.post(ITEMS, json={"title": str(n)}, headers=headers).json() for n in range(5)]
    page = client.get(ITEMS, headers=headers).json()
    assert page == {"items": made[::-1], "total": 5, "limit": 20, "offset": 0}
    page = client.get(ITEMS, params={"limit": 2, "offset": 1}, headers=headers).json()
    assert page == {"items": [made[3], made[2]], "total": 5, "limit": 2, "offset": 1}
    page = client.get(ITEMS, params={"offset": 5}, headers=headers).json()
    assert (page["items"], page["total"]) == ([], 5)


def test_the_newest_item_leads(deployment: Deployment, headers: dict[str, str]) -> None:
    for title in ("older", "newer"):
        deployment.client.post(ITEMS, json={"title": title}, headers=headers)
    page = deployment.client.get(ITEMS, params={"limit": 2}, headers=headers).json()
    assert [item["title"] for item in page["items"]] == ["newer", "older"]


@pytest.mark.parametrize("limit", [1, 100])
def test_page_limits_are_inclusive(
    deployment: Deployment, headers: dict[str, str], limit: int
) -> None:
    answer = deployment.client.get(ITEMS, params={"limit": limit}, headers=headers)
    assert (answer.status_code, answer.json()["limit"]) == (200, limit)
    assert len(answer.json()["items"]) <= limit


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "/limit"),
        ("limit=101", "/limit"),
        ("limit=-1", "/limit"),
        ("limit=x", "/limit"),
        ("limit=", "/limit"),
        ("limit=1.5", "/limit"),
        ("offset=-1", "/offset"),
        ("offset=x", "/offset"),
        ("offset=99999999999999999999", "/offset"),
    ],
)
def test_pages_out_of_bounds_are_422(
    deployment: Deployment, headers: dict[str, str], query: str, pointer: str
) -> None:
    answer = deployment.client.get(f"{ITEMS}?{query}", headers=headers)
    assert_problem(answer, 422, pointer=pointer, location="query")


@tokens_only
def test_items_need_a_token(
    deployment: Deployment, headers: dict[str, str], item: dict[str, Any]
) -> None:
    path, client = f"{ITEMS}/{item['id']}", deployment.client
    assert_problem(client.get(ITEMS), 401)
    assert_problem(client.post(ITEMS, json={"title": "x"}), 401)
    assert_problem(client.get(path), 401)
    assert_problem(client.patch(path, json={"title": "x"}), 401)
    assert_problem(client.delete(path), 401)
    assert client.get(path, headers=headers).json() == item


@tokens_only
def test_strangers_learn_nothing_of_the_rules(deployment: Deployment) -> None:
    """Who is asked before what: an invalid request without a token is 401, not 422."""
    client = deployment.client
    assert_problem(client.post(ITEMS, json={}), 401)
    assert_problem(client.get(ITEMS, params={"limit": "x"}), 401)
    assert_problem(client.get(f"{ITEMS}/not-a-uuid"), 401)


@tokens_only
def test_anothers_item_is_404_as_if_it_did_not_exist(
    deployment: Deployment, account: Account, item: dict[str, Any]
) -> None:
    client, stranger = deployment.client, deployment.account().headers
    foreign, missing = f"{ITEMS}/{item['id']}", f"{ITEMS}/{uuid.uuid4()}"
    for method in ("GET", "PATCH", "DELETE"):
        body = {"title": "taken"} if method == "PATCH" else None
        answers = [
            assert_problem(client.request(method, path, json=body, headers=stranger), 404)
            for path in (foreign, missing)
        ]
        for answer in answers:
            del answer["instance"]
        assert answers[0] == answers[1]
    assert client.get(ITEMS, headers=stranger).json()["total"] == 0
    assert client.get(foreign, headers=account.headers).json() == item
