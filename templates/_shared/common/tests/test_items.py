import uuid
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, event

from {{ package_name }} import models

from .conftest import Client, Headers, assert_problem

ITEMS = "/api/v1/items"


def test_create_and_get_item(client: Client, user: Headers) -> None:
    created = client.post(ITEMS, json={"title": " one ", "description": "first"}, headers=user)
    item = created.json()
    assert created.status_code == 201
    assert created.headers["location"] == f"{ITEMS}/{item['id']}"
    assert (item["title"], item["description"]) == ("one", "first")
    assert item["created_at"].endswith("Z")
    assert client.get(created.headers["location"], headers=user).json() == item


def test_list_items_newest_first(
    client: Client, user: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    coarse = SimpleNamespace(now=lambda _: datetime(2030, 1, 1, tzinfo=UTC))
    monkeypatch.setattr(models, "datetime", coarse)
    for title in ("a", "b", "c"):
        client.post(ITEMS, json={"title": title}, headers=user)
    page = client.get(ITEMS, headers=user).json()
    assert [item["title"] for item in page["items"]] == ["c", "b", "a"]
    assert (page["total"], page["limit"], page["offset"]) == (3, 20, 0)
    page = client.get(ITEMS, params={"limit": 1, "offset": 1}, headers=user).json()
    assert [item["title"] for item in page["items"]] == ["b"]
    assert (page["total"], page["limit"], page["offset"]) == (3, 1, 1)


def test_a_page_costs_the_same_however_long_it_is(client: Client, user: Headers) -> None:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM" in statement:  # else it is about the connection, or makes the next database
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        client.get(ITEMS, headers=user)
        of_an_empty_page = asked.copy()
        for title in ("a", "b", "c"):
            client.post(ITEMS, json={"title": title}, headers=user)
        asked.clear()
        client.get(ITEMS, headers=user)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert asked == of_an_empty_page
    # the id decides where the time does not, else a row is on two pages or on none
    assert any("ORDER BY items.created_at DESC, items.id DESC" in each for each in asked)


def test_update_item_changes_what_is_given(client: Client, user: Headers) -> None:
    created = client.post(ITEMS, json={"title": "a", "description": "b"}, headers=user)
    item = created.headers["location"]
    changed = client.patch(item, json={"title": "c"}, headers=user).json()
    assert (changed["title"], changed["description"]) == ("c", "b")
    assert changed["updated_at"] > created.json()["updated_at"]
    changed = client.patch(item, json={"description": None}, headers=user).json()
    assert (changed["title"], changed["description"]) == ("c", None)


def test_delete_item(client: Client, user: Headers) -> None:
    item = client.post(ITEMS, json={"title": "a"}, headers=user).headers["location"]
    assert client.delete(item, headers=user).status_code == 204
    assert_problem(client.get(item, headers=user), 404)
    assert_problem(client.delete(item, headers=user), 404)


def test_what_just_fits_is_taken(client: Client, user: Headers) -> None:
    data = {"title": "x" * 200, "description": "x" * 1999 + "\n"}
    created = client.post(ITEMS, json=data, headers=user)
    assert (created.status_code, created.json()["title"]) == (201, data["title"])
    for query in ("limit=1", "limit=100", "offset=1000000000"):
        assert client.get(f"{ITEMS}?{query}", headers=user).status_code == 200


def test_create_item_refuses(client: Client, user: Headers, subtests: pytest.Subtests) -> None:
    wrong = [
        ({}, "/title"),
        ({"title": "  "}, "/title"),
        ({"title": "two\nlines"}, "/title"),
        ({"title": "x" * 201}, "/title"),
        ({"title": 1}, "/title"),
        ({"title": "x", "description": "\0"}, "/description"),
        ({"title": "x", "description": "x" * 2001}, "/description"),
        ({"title": "x", "a/b~c": 1}, "/a~1b~0c"),
    ]
    for data, pointer in wrong:
        with subtests.test(data=data):
            problem = assert_problem(client.post(ITEMS, json=data, headers=user), 422)
            found = [(error["location"], error["pointer"]) for error in problem["errors"]]
            assert found == [("body", pointer)]


def test_update_item_refuses(client: Client, user: Headers, subtests: pytest.Subtests) -> None:
    item = client.post(ITEMS, json={"title": "a"}, headers=user).headers["location"]
    for data in ({}, {"title": None}, {"title": ""}, {"title": "b", "id": "x"}):
        with subtests.test(data=data):
            assert_problem(client.patch(item, json=data, headers=user), 422)


def test_list_items_refuses(client: Client, user: Headers, subtests: pytest.Subtests) -> None:
    for query in ("limit=0", "limit=101", "limit=x", "offset=-1", "offset=1000000001"):
        with subtests.test(query=query):
            problem = assert_problem(client.get(f"{ITEMS}?{query}", headers=user), 422)
            assert problem["errors"][0]["location"] == "query"


def test_unknown_item(client: Client, user: Headers) -> None:
    assert_problem(client.get(f"{ITEMS}/{uuid.uuid4()}", headers=user), 404)
    problem = assert_problem(client.get(f"{ITEMS}/not-an-id", headers=user), 422)
    assert problem["errors"][0]["pointer"] == "/item_id"
    assert problem["errors"][0]["detail"] == "The value is not valid."  # and quotes none of it
