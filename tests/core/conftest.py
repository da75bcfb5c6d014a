"""What the tests of the core share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from frameworkpick import catalog

if TYPE_CHECKING:
    from frameworkpick.core.knowledge import Knowledge


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return catalog.load_knowledge()
