"""How a project of the real templates is kept: every circumstance an update has to cope with."""

from __future__ import annotations

import json
import shutil
import tomllib
from typing import TYPE_CHECKING

import pytest

from .people import OWN_ADR, OWN_RECORD, assert_merged, work_a_little
from .releases import add, edit, frameworkpick, new
from .small import commit, content, git

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.matrix


@pytest.fixture(scope="module", params=["fastapi"])
def original(
    request: pytest.FixtureRequest,
    releases: dict[str, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A project of 1.0.0 that a person worked on, without a repository."""
    folder = tmp_path_factory.mktemp("original")
    project = new(releases["1.0.0"], folder, request.param, "--no-git")
    work_a_little(project)
    return project


@pytest.fixture
def plain(original: Path, tmp_path: Path) -> Path:
    return shutil.copytree(original, tmp_path / "shop")


@pytest.fixture
def project(plain: Path) -> Path:
    return into_git(plain)


def into_git(folder: Path, *how: str) -> Path:
    git(folder, "init", "--quiet", *how)
    commit(folder)
    return folder


@pytest.fixture
def update(releases: dict[str, Path]) -> Callable[..., str]:
    def run(project: Path, *words: str, code: int = 3) -> str:
        done = frameworkpick(releases["1.1.0"], "update", *words, cwd=project, code=code)
        return done.stdout if code in {0, 3} else done.stderr

    return run


def test_no_git(plain: Path, update: Callable[..., str]) -> None:
    before = content(plain)
    said = update(plain)
    assert_merged(plain)
    assert not (plain / ".git").exists()
    assert (plain / ".env").read_bytes() == before[".env"]
    assert "To undo it:\n  frameworkpick update . --abort\n" in said
    assert "git reset" not in said
    update(plain, "--abort", code=0)
    assert content(plain) == before


def test_a_dirty_tree(project: Path, update: Callable[..., str]) -> None:
    for path in ("src/shop/db.py", "own.txt"):
        add(project / path, "not committed\n")
        before = content(project)
        assert path in update(project, code=1)
        assert content(project) == before
        git(project, "stash", "--quiet", "--include-untracked")


def test_a_monorepo_where_another_folder_is_dirty(
    original: Path, tmp_path: Path, update: Callable[..., str]
) -> None:
    top = tmp_path / "mono"
    project = shutil.copytree(original, top / "services/shop")
    add(top / "other/work.txt", "committed\n")
    into_git(top)
    add(top / "other/work.txt", "dirty\n")
    before = content(top)
    said = update(project)
    assert_merged(project)
    assert "git reset" not in said  # it would take the other folder's work along
    staged = git(top, "diff", "--name-only", "--staged").split()
    assert staged
    assert all(path.startswith("services/shop/") for path in staged)
    update(project, "--abort", code=0)
    assert content(top) == before


def test_a_shallow_clone(project: Path, tmp_path: Path, update: Callable[..., str]) -> None:
    commit(project, "more")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{project}", str(clone))
    update(clone)
    assert_merged(clone)


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_a_squashed_history(plain: Path, update: Callable[..., str], form: str) -> None:
    update(into_git(plain, f"--object-format={form}"))
    assert_merged(plain)


def test_a_linked_work_tree(project: Path, tmp_path: Path, update: Callable[..., str]) -> None:
    git(project, "worktree", "add", "--quiet", str(tmp_path / "tree"))
    update(tmp_path / "tree")
    assert_merged(tmp_path / "tree")


def test_crlf_in_the_work_tree_alone(
    project: Path, tmp_path: Path, update: Callable[..., str]
) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "-c", "core.autocrlf=true", str(project), str(clone))
    update(clone)
    assert_merged(clone)
    for path in ("src/shop/http.py", "src/shop/clock.py", "docs/cache.md"):
        written = (clone / path).read_bytes()
        assert written.count(b"\n") == written.count(b"\r\n") > 0, path
        assert b"\r" not in git(clone, "show", f":{path}").encode()


def test_crlf_that_is_committed(plain: Path, update: Callable[..., str]) -> None:
    for path, data in content(plain).items():
        add(plain / path, data.replace(b"\n", b"\r\n"))
    update(into_git(plain))
    assert_merged(plain)
    for path in ("src/shop/http.py", "src/shop/clock.py", ".copier-answers.yml"):
        written = (plain / path).read_bytes()
        assert written.count(b"\n") == written.count(b"\r\n") > 0, path


def test_a_failing_hook_and_signing(
    project: Path, tmp_path: Path, update: Callable[..., str]
) -> None:
    for name in ("pre-commit", "post-checkout", "post-index-change", "reference-transaction"):
        hook = project / ".git/hooks" / name
        add(hook, f"#!/bin/sh\necho {name} >> {tmp_path}/ran\nexit 1\n")
        hook.chmod(0o755)
    git(project, "config", "commit.gpgSign", "true")
    git(project, "config", "gpg.program", "false")
    update(project)
    assert_merged(project)
    assert not (tmp_path / "ran").exists()


def test_a_renamed_package_folder(project: Path, update: Callable[..., str]) -> None:
    git(project, "mv", "src/shop", "src/store")
    edit(project / "src/store/problems.py", "MOST_ERRORS = 100", "MOST_ERRORS = 50")
    commit(project)
    said = json.loads(update(project, "--json"))
    # The one module that the template moves too has two places to go to: that is asked.
    moved = {"src/shop/problems.py", "src/store/problems.py", "src/store/problem_details.py"}
    assert_merged(project, "store", also=moved)
    why = {file["path"]: file["why"] for file in said["files"] if file["path"] in moved}
    assert set(why.values()) == {"moved by both, to different places"}
    for name in ("problems.py", "problem_details.py"):
        assert "MOST_ERRORS = 50" in (project / "src/store" / name).read_text()
    assert (project / "src/store/clock.py").is_file()
    assert (project / "src/store/static/logo.png").read_bytes() == b"\0one"
    assert not (project / "src/shop").exists()


def test_answers_changed(project: Path, update: Callable[..., str]) -> None:
    said = update(project, "-a", "database=postgresql", "-a", "cache=no")
    assert_merged(project)
    assert "psycopg" in (project / "pyproject.toml").read_text()
    assert not (project / "docs/cache.md").exists()
    assert "1.1.0, manual: Upgrade the PostgreSQL server. With its own command:\n" in said
    assert "      docker compose exec -T db pg_dump" in said
    assert "--format=custom app > ~/a-long-name.dump\n" in said  # on one line
    assert "Set APP_CACHE." not in said


def test_undo_by_git_and_by_abort(project: Path, update: Callable[..., str]) -> None:
    before = content(project)
    assert ".env" in before
    said = update(project)
    assert "To undo it, before the commit:\n" in said
    assert "  frameworkpick update . --abort\n  git reset --hard\n" in said
    git(project, "reset", "--quiet", "--hard")
    assert content(project) == before
    update(project)
    update(project, "--abort", code=0)
    assert content(project) == before
    assert not git(project, "status", "--porcelain")


def test_the_decision_records_survive_where_there_is_no_git(
    plain: Path, update: Callable[..., str]
) -> None:
    record = plain / "docs/adr/0001-web-framework.md"
    record.write_text(record.read_text() + OWN_ADR)
    kept = record.read_bytes()
    add(plain / ".frameworkpick.toml", (plain / ".frameworkpick.toml").read_text() + OWN_RECORD)
    update(plain)
    assert record.read_bytes() == kept
    now = (plain / ".frameworkpick.toml").read_text()
    assert OWN_RECORD in now
    assert tomllib.loads(now)["options"]["python_version"] == "3.12"
    assert " --python 3.12 " in tomllib.loads(now)["command"]
    assert [entry["to"] for entry in tomllib.loads(now)["updates"]] == ["1.1.0"]
