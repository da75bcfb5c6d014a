"""What the tests of the core share."""

from __future__ import annotations

import pytest

from frameworkpick import catalog
from frameworkpick.core.knowledge import Knowledge


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return catalog.load_knowledge()
