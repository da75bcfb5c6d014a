"""Whatever a person and the template do: no line is lost, and undoing brings everything back."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from frameworkpick import merge

from .small import git
from .two_sides import (
    IGNORED,
    MAIN,
    ODD,
    Meeting,
    Side,
    Told,
    content,
    executables,
    meetings,
    nothing_is_lost,
    original,
    sides,
    write,
)

pytestmark = pytest.mark.version


def check(person: Side, template: Side, *, versioned: bool) -> None:
    root = Path(tempfile.mkdtemp(prefix="frameworkpick-test-"))
    try:
        before = make(root, person, template, versioned=versioned)
        modes = executables(root / "project")
        place = merge.find_place(root / "project")
        plan = merge.plan(
            place, root / "scratch", base=root / "base", new=root / "new", label="template"
        )
        assert content(place.folder) == before
        with merge.applied(place, plan.bench, plan.merged, "Update"):
            pass
        told = Told(plan.merged.conflicts, plan.merged.kept_deleted)
        nothing_is_lost(place.folder, person, template, told, versioned=versioned)
        merge.undo_last(merge.find_place(place.folder))
        assert content(place.folder) == before
        assert executables(place.folder) == modes
        if versioned:
            assert not git(place.folder, "status", "--porcelain")
    finally:
        shutil.rmtree(root)


def make(root: Path, person: Side, template: Side, *, versioned: bool) -> dict[str, bytes]:
    """Write the project and both renders; return what the project holds."""
    project = root / "project"
    mine = {
        **person.files,
        ".copier-answers.yml": b"_commit: 1\n",
        ".gitignore": b".env\nlocal/\n",
        "a name with a\ttab": b"mine\n",
    }
    hidden = {".env": b"SECRET"} | ({IGNORED: person.ignored} if person.ignored else {})
    theirs = {".env": b"TEMPLATE"} | ({IGNORED: template.ignored} if template.ignored else {})
    write(project, {**mine, **hidden}, person.executable)
    write(root / "base", original())
    write(root / "new", {**template.files, **theirs}, template.executable)
    (root / "scratch").mkdir()
    if versioned:
        git(project, "init", "-q")
        git(project, "add", "--all")
        git(project, "commit", "-q", "-m", "mine")
    return {**mine, **hidden}


@example(met=[("README.md", "delete", "change", 3)], versioned=True)
@example(met=[(ODD, "change", "delete", 3)], versioned=True)
@example(met=[("README.md", "change", "mode", 0)], versioned=False)
@example(met=[(ODD, "add", "move folder", 0), (MAIN, "folder", None, 0)], versioned=False)
@example(met=[("README.md", "mode", "change", 1), (ODD, "link", "change", 1)], versioned=False)
@settings(max_examples=7, suppress_health_check=list(HealthCheck))
@given(met=meetings, versioned=st.booleans())
def test_every_line_survives_or_is_in_a_conflict(met: list[Meeting], *, versioned: bool) -> None:
    check(*sides(met), versioned=versioned)


@pytest.mark.matrix
@settings(max_examples=400, suppress_health_check=list(HealthCheck))
@given(met=meetings, versioned=st.booleans())
def test_every_line_survives_or_is_in_a_conflict_at_length(
    met: list[Meeting], *, versioned: bool
) -> None:
    check(*sides(met), versioned=versioned)
