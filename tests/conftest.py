"""Spreads the tests over the cores, for ``pytest -n 2 --dist loadgroup``."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)  # before the plugin reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together what shares something expensive: installed projects, or a module's fixtures."""
    for item in items:
        top, *below = item.path.relative_to(HERE).parts
        group = top if top == "templates" and below else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))
