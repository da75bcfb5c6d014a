"""Git's index belongs to one at a time: what others of the repository do meanwhile is not lost."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from .killing import killed, meanwhile
from .small import COMMAND, MINE, commit, content, git, make_project, run, update, write

if TYPE_CHECKING:
    from pathlib import Path

MATRIX = pytest.mark.matrix


@pytest.fixture
def top(template: Path, tmp_path: Path) -> Path:
    """A repository of two projects, and of something else."""
    folder = tmp_path / "top"
    for name in ("one", "two"):
        write(make_project(template, folder / name, in_git=False), MINE)
    write(folder, {"other/work.txt": "committed\n"})
    git(folder, "init", "--quiet")
    commit(folder)
    return folder


def assert_merged(top: Path, *names: str) -> None:
    """Each project's update is staged, with its conflict, and nothing else is."""
    unmerged = git(top, "diff", "--name-only", "--diff-filter=U").split()
    assert unmerged == [f"{name}/both_same_line.txt" for name in names]
    staged = git(top, "diff", "--staged", "--name-only").split()
    for name in names:
        assert f"{name}/added.txt" in staged
        assert f"{name}/.copier-answers.yml" in staged
    assert all(path.partition("/")[0] in names for path in staged), staged
    assert not (top / ".git/index.lock").exists()


#: Which write it comes right before: git gets the merged files, and it has the lock.
BEFORE, UNDER = 1, 3
COMMIT = "cd {top} && echo more >> other/work.txt && git commit -qam more"
ADD = "cd {top} && echo new > other/new.txt && git add other/new.txt"


@pytest.mark.parametrize("what", [COMMIT, pytest.param(ADD, marks=MATRIX)])
@pytest.mark.parametrize("when", [BEFORE, UNDER])
def test_what_is_committed_elsewhere_meanwhile_is_kept_or_refused(
    top: Path, template: Path, when: int, what: str
) -> None:
    one, words = top / "one", ("--template-url", template)
    before = content(one)
    told = f"({what.format(top=top)}) 2> {top.parent}/said"
    done = meanwhile(top.parent, one / "src", when, told, "update", one, *words)
    assert done.returncode == 3, done.stderr
    refused = (top.parent / "said").read_text()
    assert bool(refused) == (when == UNDER)
    assert not refused or "index.lock': File exists" in refused
    last = git(top, "log", "-1", "--format=%s").strip()
    assert last == ("more" if what == COMMIT and not refused else "mine")
    if what == ADD and not refused:
        assert git(top, "ls-files", "other/new.txt")
        git(top, "rm", "--quiet", "--cached", "other/new.txt")
    assert_merged(top, "one")
    run("update", one, "--abort", cwd=top)
    assert content(one) == before
    assert not git(top, "status", "--porcelain", "one")


@MATRIX
def test_a_commit_to_the_project_itself_meanwhile_is_never_reverted(
    top: Path, template: Path
) -> None:
    what = f"cd {top}/one && echo own > own.txt && git add own.txt && git commit -qm own"
    words = ("update", top / "one", "--template-url", template)
    done = meanwhile(top.parent, top / "one/src", BEFORE, what, *words)
    assert done.returncode == 1
    assert "last commit became another" in done.stderr
    assert not git(top, "status", "--porcelain")
    assert (top / "one/own.txt").read_text() == "own\n"
    update(top / "one", template, code=3)
    assert_merged(top, "one")


def test_two_updates_at_once_in_one_repository_both_come_right(top: Path, template: Path) -> None:
    words = ["--template-url", str(template), "--quiet"]
    runs = [
        subprocess.Popen([*COMMAND, "update", str(top / name), *words], cwd=top, stdout=-1)
        for name in ("one", "two")
    ]
    assert [each.wait(300) for each in runs] == [3, 3]
    for each in runs:
        each.communicate()
    assert_merged(top, "one", "two")
    for name in ("one", "two"):
        assert "<<<<<<< yours" in (top / name / "both_same_line.txt").read_text()
        run("update", top / name, "--abort", cwd=top)
    assert not git(top, "status", "--porcelain")


@MATRIX
def test_an_update_waits_for_another_one_that_has_the_index(top: Path, template: Path) -> None:
    words = ("--template-url", template)
    command = shlex.join([*COMMAND, "update", str(top / "two"), *map(str, words), "--quiet"])
    what = f"({command} > {top.parent}/said 2>&1; echo $? > {top.parent}/code) & sleep 8"
    done = meanwhile(top.parent, top / "one/src", UNDER, what, "update", top / "one", *words)
    assert done.returncode == 3, done.stderr
    ended = top.parent / "code"
    for _ in range(600):
        if ended.exists() and ended.read_text():
            break
        time.sleep(0.1)
    assert ended.read_text() == "3\n", (top.parent / "said").read_text()
    assert_merged(top, "one", "two")


def test_a_lock_that_a_killed_update_left_stops_no_other_project(top: Path, template: Path) -> None:
    before, words = content(top / "one"), ("--template-url", template)
    killed(top.parent, top / "one/src", UNDER, "update", top / "one", *words)
    assert (top / ".git/index.lock").exists()
    shutil.copytree(top, top.parent / "own/top", symlinks=True)
    update(top / "two", template, code=3)
    assert not (top / ".git/index.lock").exists()
    run("update", top / "one", "--abort", cwd=top)
    assert content(top / "one") == before
    assert_merged(top, "two")
    # and its own next run knows it too, in a copy of the repository even
    run("update", top.parent / "own/top/one", "--abort", cwd=top)
    assert content(top.parent / "own/top/one") == before
    assert not git(top.parent / "own/top", "status", "--porcelain")
    assert not (top.parent / "own/top/.git/index.lock").exists()
