"""However a project is checked out an update works; while git is at something else, it waits."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from .small import add_submodule, commit, content, git, run, update, write
from .test_conditions import merged

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.matrix
@pytest.mark.parametrize(
    "how",
    ["shallow", "squashed", "sha256", "detached", "worktree", "in a worktree", "submodule"],
)
def test_however_the_project_is_checked_out(
    project: Path, template: Path, tmp_path: Path, how: str
) -> None:
    place = checked_out(project, tmp_path, how)
    before = content(place)
    update(place, template, code=3)
    merged(place)
    assert "both modified:   both_same_line.txt" in git(place, "status")
    run("update", place, "--abort", cwd=tmp_path)
    assert content(place) == before
    assert not git(place, "status", "--porcelain")


def checked_out(project: Path, folder: Path, how: str) -> Path:
    """Check the project out in one of the ways there are; return where it is."""
    place = folder / "place"
    if how == "shallow":
        git(folder, "clone", "--quiet", "--depth", "1", f"file://{project}", str(place))
    elif how == "detached":
        git(project, "checkout", "--quiet", "--detach")
        return project
    elif how == "worktree":
        git(project, "worktree", "add", "--quiet", str(place))
    elif how == "in a worktree":
        outer = folder / "outer"
        shutil.copytree(project, outer / "shop", ignore=shutil.ignore_patterns(".git"))
        git(outer, "init", "--quiet")
        commit(outer)
        git(outer, "worktree", "add", "--quiet", str(place))
        return place / "shop"
    elif how == "submodule":
        git(folder, "init", "--quiet", "outer")
        add_submodule(folder / "outer", project, "shop")
        return folder / "outer/shop"
    else:
        shutil.copytree(project, place, ignore=shutil.ignore_patterns(".git"))
        git(place, "init", "--quiet", *(["--object-format=sha256"] if how == "sha256" else []))
        commit(place)
    return place


@pytest.mark.matrix
@pytest.mark.parametrize("what", ["merge", "cherry-pick", "revert", "rebase"])
def test_nothing_begins_while_something_else_is_under_way(
    project: Path, template: Path, what: str
) -> None:
    git(project, "checkout", "--quiet", "-b", "side", "HEAD~")
    write(project, {"both_other_lines.txt": "side\n"})
    commit(project)
    with pytest.raises(subprocess.CalledProcessError):
        git(project, what, "main")
    before = content(project)
    done = update(project, template, code=1)
    assert f"A `git {what}` is under way" in done.stderr
    assert f"git {what} --abort" in done.stderr
    assert content(project) == before
