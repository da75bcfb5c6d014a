"""One setting at a time that could get in the way: of the user, the project, the environment.

The result has to be the same as without it, and no program that is set somewhere may run.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
from typing import TYPE_CHECKING, Any

import pytest

from .people import assert_merged, work_a_little
from .releases import add, frameworkpick, new
from .settings import DRIVERS, HOOKS, SETTINGS, Place, Setting, everyday_work, into_place
from .small import commit, content, git

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.matrix


@pytest.fixture(scope="module")
def original(releases: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = new(releases["1.0.0"], tmp_path_factory.mktemp("original"), "flask", "--no-git")
    work_a_little(project)
    git(project, "init", "--quiet")
    commit(project)
    return project


@pytest.fixture(scope="module")
def expected(original: Path, releases: dict[str, Path]) -> tuple[dict[str, bytes], str, Any]:
    """Files and index after an update, and what ``check`` says before, with nothing in the way."""
    project = shutil.copytree(original, original.parent / "expected/shop", symlinks=True)
    drift = checked(releases["1.1.0"], project)
    frameworkpick(releases["1.1.0"], "update", cwd=project, code=3)
    assert_merged(project)
    return content(project), git(project, "ls-files", "--stage"), drift


def checked(release: Path, project: Path, **variables: str) -> Any:
    done = frameworkpick(release, "check", "--json", cwd=project, code=3, **variables)
    [found] = json.loads(done.stdout)["projects"]
    return {file["path"]: file["status"] for file in found["files"]}


@pytest.fixture
def place(original: Path, tmp_path: Path) -> Place:
    room = tmp_path / "room"
    evil = room / "evil"
    add(evil, f'#!/bin/sh\necho "$0 $@" >> {tmp_path}/ran\nexit 1\n')
    evil.chmod(0o755)
    (room / "hooks").mkdir()
    for hook in HOOKS:
        shutil.copy(evil, room / "hooks" / hook)
    add(room / "attributes", DRIVERS)
    add(room / "everything", "*\n")
    add(room / "message", "Not mine\n")
    add(room / "copier.yml", "defaults: {contact: hush, cache: false}\ntrust: ['/']\n")
    git(room, "init", "--quiet", "other")
    return Place(shutil.copytree(original, tmp_path / "shop", symlinks=True), str(evil), room)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_changes_nothing_and_runs_nothing(
    name: str,
    place: Place,
    releases: dict[str, Path],
    expected: tuple[dict[str, bytes], str, Any],
    tmp_path: Path,
) -> None:
    setting, ran = SETTINGS[name], tmp_path / "ran"
    variables = into_place(setting, place)
    if setting.runs:
        everyday_work(place.project, variables)
        assert ran.exists(), "git does not run it either: this proves nothing"
        ran.unlink()
    if setting.runs or setting.env:
        assert checked(releases["1.1.0"], place.project, **variables) == expected[2]
        assert not ran.exists(), ran.read_text()
    done = frameworkpick(
        releases["1.1.0"], "update", "--json", cwd=place.project, code=3, **variables
    )
    assert not ran.exists(), ran.read_text()
    assert "trace" not in done.stderr
    files, index = content(place.project), git(place.project, "ls-files", "--stage")
    if setting.attributes:
        assert files.pop(".gitattributes") == setting.attributes.encode()
        index = "".join(e for e in index.splitlines(keepends=True) if ".gitattributes" not in e)
    assert index == expected[1]
    assert {path: _undated(data) for path, data in files.items()} == {
        path: _undated(data) for path, data in expected[0].items()
    }
    assert list((place.room / "other").iterdir()) == [place.room / "other/.git"]
    assert not (place.room / "index").exists()


def _undated(data: bytes) -> bytes:
    return b"".join(
        line for line in data.splitlines(keepends=True) if not line.startswith(b"date = ")
    )


def test_a_filter_of_the_project_is_left_to_git(
    place: Place, releases: dict[str, Path], tmp_path: Path
) -> None:
    filters = '[filter "rot"]\nclean = "tr a-z b-za"\nsmudge = "tr b-za a-z"\nrequired = true\n'
    add(place.project / ".gitattributes", "*.md filter=rot\n")
    with (place.project / ".git/config").open("a") as config:
        config.write(filters)
    commit(place.project)
    assert "# tipq" in git(place.project, "show", "HEAD:README.md")
    frameworkpick(releases["1.1.0"], "update", cwd=place.project, code=None)
    assert "# shop" in (place.project / "README.md").read_text()
    assert not list(tmp_path.rglob("*.tmp"))
    frameworkpick(releases["1.1.0"], "update", "--abort", cwd=place.project)
    assert not git(place.project, "status", "--porcelain")


def test_a_filter_of_an_untrusted_project_is_not_run_by_check(
    place: Place, releases: dict[str, Path], expected: tuple[Any, Any, Any], tmp_path: Path
) -> None:
    add(place.project / ".gitattributes", "* filter=evil\n")
    with (place.project / ".git/config").open("a") as config:
        config.write(f'[filter "evil"]\nclean={place.evil}\nsmudge={place.evil}\n')
    everyday_work(place.project, {})
    assert (tmp_path / "ran").exists()
    (tmp_path / "ran").unlink()
    assert checked(releases["1.1.0"], place.project) == expected[2]
    assert not (tmp_path / "ran").exists()


def test_autocrlf_of_the_user_writes_crlf_and_stores_lf(
    place: Place, releases: dict[str, Path], expected: tuple[dict[str, bytes], str, Any]
) -> None:
    variables = into_place(Setting(user="[core]\nautocrlf=true\n"), place)
    frameworkpick(releases["1.1.0"], "update", cwd=place.project, code=3, **variables)
    assert git(place.project, "ls-files", "--stage") == expected[1]
    files = content(place.project)
    assert files["docs/cache.md"] == expected[0]["docs/cache.md"].replace(b"\n", b"\r\n")
    assert {path: _undated(data.replace(b"\r\n", b"\n")) for path, data in files.items()} == {
        path: _undated(data) for path, data in expected[0].items()
    }


def test_a_union_driver_of_the_project_is_heeded(place: Place, releases: dict[str, Path]) -> None:
    add(place.project / ".gitattributes", "README.md merge=union\n")
    commit(place.project)
    frameworkpick(releases["1.1.0"], "update", cwd=place.project)
    assert "## Test it\n## Prove it\n" in (place.project / "README.md").read_text()


def _as_link(project: Path, git_dir: Path) -> None:
    (project / ".git").rename(git_dir)
    (project / ".git").symlink_to(git_dir)


def _as_file(project: Path, git_dir: Path) -> None:
    git(project, "init", "--quiet", f"--separate-git-dir={git_dir}")


@pytest.mark.parametrize("move", [_as_link, _as_file])
def test_a_repository_that_lies_elsewhere(
    place: Place, releases: dict[str, Path], move: Callable[[Path, Path], None]
) -> None:
    before = content(place.project)
    move(place.project, place.room / "git")
    frameworkpick(releases["1.1.0"], "update", cwd=place.project, code=3)
    assert_merged(place.project)
    assert stat.S_ISLNK((place.project / ".git").lstat().st_mode) == (move is _as_link)
    frameworkpick(releases["1.1.0"], "update", "--abort", cwd=place.project)
    assert {p: d for p, d in content(place.project).items() if p != ".git"} == before
    assert not git(place.project, "status", "--porcelain")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_a_project_of_somebody_else_needs_git_to_be_told_that_it_is_safe(
    place: Place, releases: dict[str, Path], expected: tuple[Any, Any, Any]
) -> None:
    for path in (place.project, place.project / ".git"):
        os.chown(path, 12345, 12345)
    before = content(place.project)
    assert checked(releases["1.1.0"], place.project) == expected[2]
    done = frameworkpick(releases["1.1.0"], "update", cwd=place.project, code=1)
    assert "dubious ownership" in done.stderr
    assert "Hint: " in done.stderr
    assert content(place.project) == before
    variables = into_place(Setting(user=f"[safe]\ndirectory={place.project}\n"), place)
    frameworkpick(releases["1.1.0"], "update", cwd=place.project, code=3, **variables)
    assert "max-age=63072000" in (place.project / "src/shop/http.py").read_text()
