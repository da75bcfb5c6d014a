"""One setting at a time that could get in the way: of the user, the project, the environment.

The result has to be the same as without it, and no program that is set somewhere may run.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from .people import assert_merged, work_a_little
from .releases import add, edit, frameworkpick, new
from .small import commit, content, git

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.matrix
HOOKS = (
    "applypatch-msg", "commit-msg", "fsmonitor-watchman", "post-checkout", "post-commit",
    "post-index-change", "post-merge", "pre-commit", "pre-merge-commit", "prepare-commit-msg",
    "reference-transaction",
)  # fmt: skip
DRIVERS = "* diff=evil merge=evil\n"


@dataclass(frozen=True, slots=True)
class Place:
    """What a hostile setting may use."""

    project: Path  #: The project, committed.
    evil: str  #: A program that leaves a trace.
    room: Path  #: A folder for more.


@dataclass(frozen=True, slots=True)
class Setting:
    """A way to get in the way."""

    user: str = ""  #: The user's git configuration.
    own: str = ""  #: The project's own, in its repository.
    attributes: str = ""  #: The project's ``.gitattributes``.
    env: str = ""  #: Variables, one a line.
    runs: bool = True  #: Whether git would run the program.


SETTINGS = {
    "hooksPath": Setting(user="[core]\nhooksPath={room}/hooks\n"),
    "hooks of the project": Setting(own="[core]\nhooksPath={room}/hooks\n"),
    "signing": Setting(user="[commit]\ngpgSign=true\n[gpg]\nprogram={evil}\n"),
    "fsmonitor": Setting(user="[core]\nfsmonitor={evil}\n"),
    "fsmonitor of the project": Setting(own="[core]\nfsmonitor={evil}\n"),
    "external diff": Setting(user="[diff]\nexternal={evil}\n"),
    "external diff by variable": Setting(env="GIT_EXTERNAL_DIFF={evil}"),
    "drivers of the user": Setting(
        user='[core]\nattributesFile={room}/attributes\n[merge "evil"]\ndriver={evil} %A\n'
        '[diff "evil"]\ntextconv={evil}\n'
    ),
    "drivers of the project": Setting(
        own='[merge "evil"]\ndriver={evil} %A\n[diff "evil"]\ncommand={evil}\n', attributes=DRIVERS
    ),
    "commit template": Setting(user="[commit]\ntemplate={room}/message\n", runs=False),
    "conflict style": Setting(user="[merge]\nconflictStyle=diff3\n", runs=False),
    "no renames": Setting(user="[merge]\nrenames=false\n[diff]\nrenames=false\n", runs=False),
    "untracked files hidden": Setting(user="[status]\nshowUntrackedFiles=no\n", runs=False),
    "everything ignored": Setting(user="[core]\nexcludesFile={room}/everything\n", runs=False),
    "odd output": Setting(
        user="[diff]\nnoprefix=true\n[color]\nui=always\n[status]\nshort=true\nrelativePaths=false\n"
        "[core]\nquotePath=true\nabbrev=4\n",
        runs=False,
    ),
    "another form of the index": Setting(
        user="[index]\nversion=4\n[core]\nsplitIndex=true\nuntrackedCache=true\n", runs=False
    ),
    "line ends refused": Setting(user="[core]\nsafecrlf=true\nautocrlf=input\n", runs=False),
    "another repository": Setting(
        env="GIT_DIR={room}/other/.git\nGIT_WORK_TREE={room}/other\nGIT_INDEX_FILE={room}/index\n"
        "GIT_OBJECT_DIRECTORY={room}/objects\nGIT_COMMON_DIR={room}/other/.git",
        runs=False,
    ),
    "traces": Setting(env="GIT_TRACE=1\nGIT_TRACE_SETUP=1\nGIT_CURL_VERBOSE=1", runs=False),
    "glob pathspecs": Setting(env="GIT_ICASE_PATHSPECS=1\nGIT_GLOB_PATHSPECS=1", runs=False),
    "settings of Copier": Setting(env="COPIER_SETTINGS_PATH={room}/copier.yml", runs=False),
}  # fmt: skip


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


def into_place(setting: Setting, place: Place) -> dict[str, str]:
    """Put a setting in place; return the variables for it."""
    names = {"evil": place.evil, "room": str(place.room)}
    if setting.attributes:
        add(place.project / ".gitattributes", setting.attributes)
        commit(place.project)
    with (place.project / ".git/config").open("a") as config:
        config.write(setting.own.format(**names))
    user = "[user]\nname = A Person\nemail = person@localhost\n" + setting.user.format(**names)
    add(place.room / "gitconfig", user)
    lines = [line.partition("=") for line in setting.env.format(**names).splitlines()]
    return {"GIT_CONFIG_GLOBAL": str(place.room / "gitconfig")} | {n: v for n, _, v in lines}


def everyday_work(project: Path, variables: dict[str, str]) -> None:
    """Do in a copy what everybody does with git, whether it works or not."""
    copy = shutil.copytree(project, project.parent / "copy", symlinks=True)
    for words in (
        "status", "checkout -b other", "commit -am theirs", "checkout -", "commit -am ours",
        "merge other", "diff HEAD~1",
    ):  # fmt: skip
        if words.startswith("commit"):
            edit(copy / "README.md", "# shop\n", f"# shop\n\n{words}\n")
        subprocess.run(
            ["git", *words.split(" ")], cwd=copy, env=os.environ | variables,
            capture_output=True, stdin=subprocess.DEVNULL, check=False, timeout=60,
        )  # fmt: skip
    shutil.rmtree(copy)


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
