"""What the tests of the core share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from frameworkpick import catalog

if TYPE_CHECKING:
    from frameworkpick.core.decision.knowledge import Knowledge


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return catalog.load_knowledge()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of the core depends on the Python: it is little more than the language."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker("version")
