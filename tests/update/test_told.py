"""What an update and its undoing tell a person to do next, and what stops them early."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from .killing import killed, writes
from .small import ANSWERS, FIRST, commit, git, make_project, run, update, write

if TYPE_CHECKING:
    from pathlib import Path

COPIER = "_subdirectory: project\n_answers_file: .copier-answers.yml\nframework: {type: str}\n"
FILES = {"pyproject.toml": "one\n", "notes.txt": "one\n", "logo.bin": b"\0one"}
NEWER = {"pyproject.toml": "two\n", "notes.txt": "two\n", "logo.bin": b"\0two"}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template with two versions whose files all differ."""
    folder = tmp_path_factory.mktemp("tiny") / "team.git"
    write(folder, {"copier.yml": COPIER, f"project/{ANSWERS}": FIRST[ANSWERS]})
    git(folder, "init", "--quiet")
    for version, files in (("1.0.0", FILES), ("1.1.0", NEWER)):
        write(folder / "project", files)
        commit(folder)
        git(folder, "tag", version)
    return folder


def made(tiny: Path, folder: Path, *, in_git: bool = True) -> Path:
    return make_project(tiny, folder, version="1.0.0", in_git=in_git, framework="fastapi")


def test_each_kind_of_conflict_and_the_lock_file_have_their_next_step(
    tiny: Path, tmp_path: Path
) -> None:
    project = made(tiny, tmp_path / "shop")
    write(project, {"notes.txt": "mine\n", "logo.bin": b"\0mine", "uv.lock": "locked\n"})
    commit(project)
    said = update(project, tiny, code=3).stdout
    assert "Settle the conflicts between the markers, and `git add` each file." in said
    assert "each of these: `git add` it, or `git rm` it: logo.bin." in said
    assert "uv lock && git add uv.lock" in said
    other = made(tiny, tmp_path / "other")
    said = update(other, tiny).stdout
    assert "uv lock" not in said
    assert "markers" not in said


def test_undoing_without_git_names_the_copies_of_what_was_edited_since(
    tiny: Path, tmp_path: Path
) -> None:
    project = made(tiny, tmp_path / "shop", in_git=False)
    update(project, tiny)
    write(project, {"notes.txt": "mine now\n"})
    said = run("update", project, "--abort", cwd=tmp_path).stdout
    assert "  notes.txt\n  notes.txt.before-update, what it was before\n" in said
    assert (project / "notes.txt.before-update").read_text() == "one\n"


def test_a_git_that_is_too_old_is_named(tiny: Path, tmp_path: Path) -> None:
    project = made(tiny, tmp_path / "shop")
    old = tmp_path / "bin/git"
    last = 'for last; do :; done; [ "$last" = version ] && exec echo "git version 2.37.1"'
    write(tmp_path, {"bin/git": f'#!/bin/sh\n{last}\nexec {shutil.which("git")} "$@"\n'})
    old.chmod(0o755)
    env = {"PATH": f"{old.parent}{os.pathsep}{os.environ['PATH']}"}
    words = ("update", project, "--template-url", tiny)
    done = run(*words, cwd=tmp_path, code=1, env=env)
    assert "This is git version 2.37.1, and the merge needs 2.38 or newer." in done.stderr


def test_an_answer_that_the_record_lost_is_named(tiny: Path, tmp_path: Path) -> None:
    project = made(tiny, tmp_path / "shop")
    record = project / ".copier-answers.yml"
    record.write_text(record.read_text().replace("framework: fastapi\n", ""))
    commit(project)
    for verb in ("update", "check"):
        done = run(verb, project, "--template-url", tiny, cwd=tmp_path, code=1)
        assert ".copier-answers.yml does not say framework." in done.stderr


def test_the_next_run_removes_what_a_killed_one_left_in_the_temporary_folder(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, scratch = made(tiny, tmp_path / "shop"), tmp_path / "tmp"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    shutil.copytree(project, tmp_path / "count/shop")
    words = ("--template-url", tiny)
    total = writes(tmp_path, tmp_path / "count", "update", tmp_path / "count/shop", *words)
    assert list(scratch.iterdir()) == []
    killed(tmp_path, project, total // 2, "update", project, *words)
    assert list(scratch.iterdir()) != []
    update(project, tiny)
    assert list(scratch.iterdir()) == []


def test_the_next_check_removes_what_a_killed_one_left_in_the_temporary_folder(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, scratch = made(tiny, tmp_path / "shop"), tmp_path / "tmp"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    words = ("check", project, "--template-url", tiny)
    total = writes(tmp_path, scratch, *words)
    killed(tmp_path, scratch, total // 2, *words)
    assert list(scratch.iterdir()) != []
    run(*words, cwd=tmp_path, code=3)
    assert list(scratch.iterdir()) == []
