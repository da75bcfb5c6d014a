"""The last commit became another one since an update: that does not say that it is committed."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from .killing import killed
from .small import MINE, commit, content, git, make_project, run, update, write

if TYPE_CHECKING:
    from pathlib import Path

MATRIX = pytest.mark.matrix
#: Of the writes to the project's code: git's work, the index, and the second file.
HALF = 4


def make_top(template: Path, folder: Path) -> Path:
    write(make_project(template, folder / "shop", in_git=False), MINE)
    write(folder, {"other/work.txt": "committed\n"})
    git(folder, "init", "--quiet")
    commit(folder)
    return folder


@pytest.fixture(scope="module")
def before(template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return content(make_top(template, tmp_path_factory.mktemp("before") / "top") / "shop")


@pytest.fixture(scope="module")
def _half(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = make_top(template, tmp_path_factory.mktemp("half") / "top")
    words = ("update", top / "shop", "--template-url", template)
    killed(top.parent, top / "shop/src", HALF, *words)
    (top / ".git/index.lock").unlink(missing_ok=True)  # as git tells a person to
    return top


@pytest.fixture(scope="module")
def _whole(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = make_top(template, tmp_path_factory.mktemp("whole") / "top")
    update(top / "shop", template, code=3)
    return top


@pytest.fixture
def half(_half: Path, tmp_path: Path) -> Path:
    """A repository in which an update was killed half way."""
    return shutil.copytree(_half, tmp_path / "top", symlinks=True)


@pytest.fixture
def whole(_whole: Path, tmp_path: Path) -> Path:
    """A repository with an update that is whole, staged, and has a conflict."""
    return shutil.copytree(_whole, tmp_path / "top", symlinks=True)


def settle(top: Path) -> None:
    write(top / "shop", {"both_same_line.txt": "settled\n"})
    git(top, "add", "shop/both_same_line.txt")


def elsewhere(top: Path) -> None:
    write(top, {"other/work.txt": "more\n"})
    git(top, "commit", "--quiet", "--message", "more", "--only", "other/work.txt")


def amended(top: Path) -> None:
    git(top, "commit", "--quiet", "--amend", "--only", "--message", "other words")


def switched(top: Path) -> None:
    git(top, "switch", "--quiet", "--create", "topic")
    git(top, "commit", "--quiet", "--allow-empty", "--only", "--message", "topic")


ELSEWHERE = [elsewhere, pytest.param(amended, marks=MATRIX), pytest.param(switched, marks=MATRIX)]


@pytest.mark.parametrize("move", ELSEWHERE)
def test_half_an_update_is_undone_after_a_commit_elsewhere(
    half: Path, template: Path, before: dict[str, bytes], move: object
) -> None:
    assert callable(move)
    move(half)
    assert content(half / "shop") != before
    if move is not elsewhere:
        # the next update does it anew
        assert "was undone first" in update(half / "shop", template, code=3).stdout
        assert "shop/added.txt" in git(half, "diff", "--staged", "--name-only")
    run("update", "shop", "--abort", cwd=half)
    assert content(half / "shop") == before
    assert not git(half, "status", "--porcelain")


def test_half_an_update_that_was_committed_is_never_up_to_date(
    half: Path, template: Path, before: dict[str, bytes]
) -> None:
    commit(half, "work in progress")
    done = update(half / "shop", template, code=1)
    assert "An update was ended half way, and " in done.stderr
    assert "`frameworkpick update shop --abort`" in done.stderr
    undone = json.loads(run("update", "shop", "--abort", "--json", cwd=half).stdout)
    assert "added.txt" in undone["taken_back"]
    assert content(half / "shop") == before
    assert not git(half, "diff", "--name-only")  # all of it is staged
    commit(half, "back")
    assert not git(half, "diff", "HEAD~2", "--name-only")


def test_half_an_update_without_git_is_undone_in_git_too(
    template: Path, before: dict[str, bytes], tmp_path: Path
) -> None:
    shop = make_project(template, tmp_path / "shop", in_git=False)
    write(shop, MINE)
    killed(tmp_path, shop / "src", 1, "update", shop, "--template-url", template)
    git(shop, "init", "--quiet")
    shutil.copytree(shop, tmp_path / "unborn/shop")
    commit(shop)
    said = update(shop, template, code=1).stderr
    assert "An update was ended half way, and committed so" in said
    assert content(shop) == before
    assert git(shop, "status", "--porcelain")
    run("update", tmp_path / "unborn/shop", "--abort", cwd=tmp_path)
    assert content(tmp_path / "unborn/shop") == before


@pytest.mark.parametrize("move", ELSEWHERE)
def test_a_whole_update_is_undone_after_a_commit_elsewhere(
    whole: Path, before: dict[str, bytes], move: object
) -> None:
    assert callable(move)
    settle(whole)  # with a conflict git lets nobody commit
    move(whole)
    done = run("update", "shop", "--abort", cwd=whole)
    assert "The update is undone, but for what was edited since:" in done.stdout
    left = content(whole / "shop")
    assert left.pop("both_same_line.txt") == b"settled\n"
    assert left == {path: data for path, data in before.items() if path in left}
    assert left.keys() | {"both_same_line.txt"} == before.keys()
    assert git(whole, "status", "--porcelain") == "M  shop/both_same_line.txt\n"


def test_what_is_committed_of_an_update_stays_and_the_rest_is_undone(
    whole: Path, before: dict[str, bytes]
) -> None:
    settle(whole)
    git(whole, "commit", "--quiet", "--message", "a part", "--only", "shop/added.txt")
    done = run("update", "shop", "--abort", cwd=whole)
    assert "`git revert` undoes that:\n  added.txt\n" in done.stdout
    after = content(whole / "shop")
    assert after.pop("added.txt") == b"added\n"
    assert after | {"both_same_line.txt": before["both_same_line.txt"]} == before
    assert git(whole, "status", "--porcelain") == "M  shop/both_same_line.txt\n"


@MATRIX
def test_undoing_waits_for_what_is_put_aside_or_committed(
    whole: Path, before: dict[str, bytes]
) -> None:
    after = content(whole / "shop")
    settle(whole)
    commit(whole, "updated")
    done = run("update", "shop", "--abort", cwd=whole, code=1)
    assert "no update to undo: the last one is committed" in done.stderr
    git(whole, "reset", "--quiet", "--hard", "HEAD~")
    done = run("update", "shop", "--abort", cwd=whole, code=1)
    assert "no update to undo: nothing of the last is left" in done.stderr
    assert content(whole / "shop") == before
    git(whole, "checkout", "--quiet", "HEAD@{1}", "--", "shop/added.txt")
    run("update", "shop", "--abort", cwd=whole)
    assert content(whole / "shop") == before != after
    assert not git(whole, "status", "--porcelain")


@pytest.mark.parametrize("gone", [True, pytest.param(False, marks=MATRIX)])
def test_a_resolution_that_is_in_the_index_alone_is_kept(whole: Path, *, gone: bool) -> None:
    settle(whole)
    if gone:
        (whole / "shop/both_same_line.txt").unlink()
    else:
        write(whole / "shop", {"both_same_line.txt": "another try\n"})
    done = run("update", "shop", "--abort", cwd=whole)
    assert "edited since:\n  both_same_line.txt\n" in done.stdout
    assert git(whole, "show", ":shop/both_same_line.txt") == "settled\n"
    assert git(whole, "status", "--porcelain")[:3] == ("MD " if gone else "MM ")
