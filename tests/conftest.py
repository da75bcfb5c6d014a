"""Spreads the tests over the cores, for ``pytest -n auto``, and lets them take their time."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Speed is measured in benchmarks/: on a busy machine one example may take as long as it likes.
settings.register_profile(
    "patient",
    settings.get_profile(settings.get_current_profile_name()),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("patient")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Keep together what shares something expensive: installed projects, or a module's fixtures."""
    from xdist.scheduler import (  # type: ignore[import-untyped] # noqa: PLC0415 (only with -n)
        LoadScopeScheduling,
    )

    class ByPlace(LoadScopeScheduling):  # type: ignore[misc] # it has no types
        def _split_scope(self, nodeid: str) -> str:
            path = nodeid.partition("::")[0]
            return "tests/templates" if path.startswith("tests/templates/") else path

    return ByPlace(config, log)
