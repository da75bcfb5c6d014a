"""A team can change the framework behind the same database, secret and tokens."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from .deployment import GIVEN, V1, assert_problem
from .targets import Target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .conftest import Servers


@pytest.mark.skipif(bool(GIVEN), reason="needs every framework")
def test_each_framework_goes_on_where_another_stopped(
    servers: Servers, frameworks: Sequence[str]
) -> None:
    running = [servers.main(Target(name)) for name in (*frameworks, frameworks[0])]
    for before, after in pairwise(running):
        account = before.account()
        made = before.client.post(f"{V1}/items", json={"title": "kept"}, headers=account.headers)
        page = after.client.get(f"{V1}/items", headers=account.headers).json()
        assert page["items"] == [made.json()]
        assert after.login(account.email).status_code == 200
        first = account.tokens["refresh_token"]
        second = after.refresh(first).json()["refresh_token"]
        assert before.refresh(first).json()["refresh_token"] == second  # as of two tabs
        third = before.refresh(second).json()["refresh_token"]
        assert_problem(after.refresh(first), 401)
        assert_problem(after.refresh(third), 401)
