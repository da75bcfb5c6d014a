"""The tests of a project notice nine of ten mistakes that its owner could make."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from .faulty import Fault, faults_of, survivors
from .projects import FRAMEWORKS, Project, Variant

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: Of a hundred faults, so many are to be found.
FOUND = 90
pytestmark = pytest.mark.parametrize("framework", FRAMEWORKS)


def test_every_fault_can_be_put_in(framework: str, tmp_path: Path) -> None:
    """Where a template moves on, its faults have to follow."""
    variant = Variant(framework)
    project = Project(variant, variant.render(tmp_path / variant.project_name))
    wrong = []
    for fault in faults_of(framework):
        text = fault.path(project).read_text(encoding="utf-8")
        try:
            compile(fault.put_into(text), fault.file, "exec")
        except (AssertionError, SyntaxError) as error:
            wrong.append(f"{fault.id}: {error}")
        wrong += [
            f"{fault.id}: no tests/{name}"
            for name in fault.tests
            if not (project.folder / "tests" / name).is_file()
        ]
    assert wrong == []


def test_there_are_faults_enough_and_no_two_alike(framework: str) -> None:
    faults = faults_of(framework)
    assert [name for name, times in Counter(each.id for each in faults).items() if times > 1] == []
    assert [each.id for each in faults if each.old == each.new] == []
    assert len(faults) >= 100


@pytest.mark.matrix
def test_own_tests_find_nine_of_ten_faults(
    installed: Callable[..., Project],
    framework: str,
    tmp_path: Path,
    tell: Callable[[str], None],
) -> None:
    project = installed(framework)
    project.check("pytest", "-q")  # and compiles what no fault touches
    faults = faults_of(framework)
    alive = survivors(project, faults, tmp_path)
    share = 100 * (len(faults) - len(alive)) / len(faults)
    tell(f"{framework}: {len(faults)} faults, {share:.0f} % found; not: {named(alive)}")
    assert share >= FOUND, named(alive)


def named(faults: list[Fault]) -> str:
    return ", ".join(f"{fault.id} ({fault.kind})" for fault in faults) or "none"
