"""Spreads the tests over the cores, for ``pytest -n auto``, and lets them take their time."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
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

FRAMEWORKS = {
    path.parent.name for path in (Path(__file__).parents[1] / "templates").glob("*/framework.toml")
}
#: They share the rendered folders of every combination.
EVERYTHING_RENDERED = {
    f"tests/templates/test_{name}.py" for name in ("ci_files", "render", "types")
}
#: They install for each framework, or tell a story of each, and share nothing with other files.
BY_FRAMEWORK = {
    "tests/commands/test_verify.py",
    "tests/templates/test_faults.py",
    "tests/update/test_release_cases.py",
}
#: What takes minutes, the longest first: nothing else shall wait for it at the end.
LONG = (
    "tests/update/test_killed.py",
    "tests/commands/test_verify_containers.py",
    "tests/templates/test_faults.py",
    "tests/update/test_lock_killed.py",
    "everything rendered",
    "tests/templates ",
    "tests/commands/test_verify.py",
    "tests/update/test_new_interrupted.py",
    "tests/update/test_nothing_is_lost",
)


def unit_of(nodeid: str) -> str:
    """Name what a test is run together with: an installed project, or its module's fixtures."""
    path, _, test = nodeid.partition("::")
    if path in EVERYTHING_RENDERED:
        return "everything rendered"
    if not path.startswith("tests/templates/") and path not in BY_FRAMEWORK:
        return path
    words = re.split(r"[^a-z]+", test.partition("[")[2])
    frameworks = [word for word in words if word in FRAMEWORKS]
    framework = frameworks[0] if len(frameworks) == 1 else "several"
    if path in BY_FRAMEWORK:
        return f"{path} {framework}"
    return f"tests/templates {framework} {'postgresql' if 'postgresql' in words else 'sqlite'}"


@pytest.hookimpl(trylast=True)  # what is not chosen has gone
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of several processes let each begin with what takes longest."""
    if not hasattr(config, "workerinput"):
        return
    tests = Counter(unit_of(item.nodeid) for item in items)

    def rank(item: pytest.Item) -> tuple[int, int]:
        unit = unit_of(item.nodeid)
        long = [number for number, name in enumerate(LONG) if unit.startswith(name)]
        return (min(long, default=len(LONG)), -tests[unit])

    items.sort(key=rank)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Keep together what shares something expensive."""
    from xdist.scheduler import (  # type: ignore[import-untyped] # noqa: PLC0415 (only with -n)
        LoadScopeScheduling,
    )

    class ByUnit(LoadScopeScheduling):  # type: ignore[misc] # it has no types
        def _split_scope(self, nodeid: str) -> str:
            return unit_of(nodeid)

    config.option.loadscopereorder = False  # they come in the order they are to begin in
    return ByUnit(config, log)
