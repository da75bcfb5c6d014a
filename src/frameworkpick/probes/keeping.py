"""Probes around a restart: an item stored before it is there after it."""

from __future__ import annotations

from . import accounts
from .items import ITEMS
from .visit import HttpProbe, Visit


def store(visit: Visit) -> str:
    """Store an item, as somebody of its own where there are accounts."""
    if visit.accounts:
        accounts.enter(visit, visit.keeper)
    answer = visit.client.request(
        "POST", ITEMS, json_body={"title": "to be kept"}, token=visit.keeper.token
    )
    visit.kept = str(answer.expect(201).mapping()["id"])
    return "201"


def find(visit: Visit) -> str:
    """Find it again, after a new login."""
    if visit.accounts:
        accounts.login_as(visit, visit.keeper)
    answer = visit.client.get(f"{ITEMS}/{visit.kept}", token=visit.keeper.token).expect(200)
    answer.must(answer.mapping().get("title") == "to be kept", "Expected the item that was stored.")
    return "200, the same item"


#: Asked before the services stop.
BEFORE = HttpProbe("item stored", "server", store, ("create_item", "get_item"))
#: Asked when they are up again.
AFTER = HttpProbe("item kept", "server", find, ("create_item", "get_item"))
