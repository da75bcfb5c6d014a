"""The same through the installed command: a project it made, a template in git with versions."""

from __future__ import annotations

import itertools
import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from frameworkpick.merge.files import prune

from . import small
from .small import git, run
from .two_sides import (
    IGNORED,
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

if TYPE_CHECKING:
    from collections.abc import Collection

ROOT = Path(__file__).parents[2]
#: The template and a project of its first version, in git.
Made = tuple[Path, Path]
#: Of the versions that the template gets.
_NUMBERS = itertools.count(2)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, _own_settings: None) -> Made:
    root = tmp_path_factory.mktemp("people")
    template, project = root / "team.git", root / "shop"
    tree = template / "project"
    write(
        tree,
        {
            **original(),
            small.ANSWERS: str(small.FIRST[small.ANSWERS]).encode(),
            ".gitignore": b".env\nlocal/\n",
        },
    )
    known = ROOT / "templates/fastapi/framework.toml"  # or `new` takes it for no template of ours
    write(template, {"fastapi/framework.toml": known.read_bytes()})
    (template / "copier.yml").write_text(f"{small.COPIER}_preserve_symlinks: true\n")
    git(template, "init", "--quiet")
    small.commit(template)
    git(template, "tag", "0.1.0")
    words = ("--framework", "fastapi", "--template-url", template, "--git", "--no-install")
    run("new", "shop", "--yes", *words, cwd=root)
    return template, project


def release(template: Path, side: Side) -> str:
    """Tag what the template did to its first version as the newest one; return which that is."""
    version = f"0.{next(_NUMBERS)}.0"
    git(template, "checkout", "--quiet", "--force", "--detach", "0.1.0")
    hidden = {".env": b"TEMPLATE"} | ({IGNORED: side.ignored} if side.ignored else {})
    replace_files(template / "project", {**side.files, **hidden}, side.executable)
    git(template, "add", "--all", "--force")
    git(template, "commit", "--quiet", "--allow-empty", "--message", version)
    git(template, "tag", version)
    return version


def replace_files(folder: Path, files: dict[str, bytes], executable: Collection[str]) -> None:
    """Let a folder hold these instead of the first version's; others stay."""
    for path in original():
        (folder / path).unlink()
    for parent in {Path(path).parent for path in original()}:
        prune(folder / parent, folder)
    write(folder, files, executable)


def check(made: Made, person: Side, template: Side, *, versioned: bool) -> None:
    root = Path(tempfile.mkdtemp(prefix="frameworkpick-test-"))
    project = root / "shop"
    try:
        shutil.copytree(made[1], project, symlinks=True)
        hidden = {".env": b"SECRET"} | ({IGNORED: person.ignored} if person.ignored else {})
        replace_files(project, {**person.files, **hidden}, person.executable)
        if versioned:
            small.commit(project)
        else:
            shutil.rmtree(project / ".git")
        before, modes = content(project), executables(project)
        version = release(made[0], template)
        words = ("--template-url", made[0], "--to", version, "--json")
        done = run("update", project, *words, cwd=root, code=None)
        assert done.returncode in {0, 3}, done.stderr
        said = json.loads(done.stdout)
        assert bool(said["conflicts"]) == bool(done.returncode)
        told = Told(said["conflicts"], said["kept_deleted"])
        nothing_is_lost(project, person, template, told, versioned=versioned)
        run("update", project, "--abort", cwd=root)
        assert content(project) == before
        assert executables(project) == modes
        if versioned:
            assert not git(project, "status", "--porcelain")
    finally:
        shutil.rmtree(root)


@example(met=[("README.md", "change", "change", 3), (ODD, "move", "mode", 3)], versioned=True)
@example(met=[("src/app/db.py", "link", "delete", 1)], versioned=False)
@settings(max_examples=3, suppress_health_check=list(HealthCheck))
@given(met=meetings, versioned=st.booleans())
def test_every_line_survives_an_update(made: Made, met: list[Meeting], *, versioned: bool) -> None:
    check(made, *sides(met), versioned=versioned)


@pytest.mark.matrix
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(met=meetings, versioned=st.booleans())
def test_every_line_survives_an_update_at_length(
    made: Made, met: list[Meeting], *, versioned: bool
) -> None:
    check(made, *sides(met), versioned=versioned)
