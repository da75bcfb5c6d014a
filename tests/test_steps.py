from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from frameworkpick import process, steps
from frameworkpick.core.plan import Step

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.version

OPTIONAL = Step("git", "First commit", required=False)
REQUIRED = Step("git", "First commit", required=True)


@pytest.fixture(autouse=True)
def identity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "gitconfig"
    config.write_text("[user]\nname = T\nemail = t@example.com\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "a.txt").write_text("a")
    return folder


def log(folder: Path) -> str:
    return subprocess.run(
        ["git", "log", "--format=%s"], cwd=folder, capture_output=True, text=True, check=True
    ).stdout


def test_the_first_commit_holds_the_project(tmp_path: Path) -> None:
    folder = project(tmp_path)
    assert steps.commit(OPTIONAL, folder, "Start").status == "done"
    assert log(folder) == "Start\n"


def test_a_fresh_clones_repository_is_used(tmp_path: Path) -> None:
    folder = project(tmp_path)
    subprocess.run(["git", "init", "-q", "-b", "trunk"], cwd=folder, check=True)
    assert steps.commit(OPTIONAL, folder, "Start").status == "done"
    head = (folder / ".git" / "HEAD").read_text()
    assert head == "ref: refs/heads/trunk\n"


def test_inside_another_repository_none_is_made_unless_asked(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    folder = project(tmp_path)
    outcome = steps.commit(OPTIONAL, folder, "Start")
    assert outcome.status == "not_done"
    assert str(tmp_path) in outcome.detail
    assert not (folder / ".git").exists()
    assert steps.commit(REQUIRED, folder, "Start").status == "done"


def test_without_an_identity_the_step_says_so_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "user.useConfigOnly")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "true")
    outcome = steps.commit(REQUIRED, project(tmp_path), "Start")
    assert outcome.status == "failed"
    assert outcome.detail == (
        "git does not know who you are: "
        "set user.name and user.email with `git config --global` first."
    )
    assert "git commit" in outcome.command


def test_any_other_refusal_is_told_in_gits_own_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "pre-commit").write_text("#!/bin/sh\necho not on a Monday >&2\nexit 1\n")
    (hooks / "pre-commit").chmod(0o755)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.hooksPath")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(hooks))
    assert steps.commit(REQUIRED, project(tmp_path), "Start").detail == "not on a Monday"


def test_a_missing_uv_is_a_remark_or_a_failure_by_who_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "find_uv", lambda: None)
    optional = Step("install", "Install", required=False)
    required = Step("install", "Install", required=True)
    assert steps.install(optional, tmp_path, "3.11").status == "not_done"
    assert steps.install(required, tmp_path, "3.11").status == "failed"


def test_this_python_is_used_only_where_it_is_new_enough() -> None:
    assert steps.python_for("3.11") == getattr(sys, "_base_executable")  # noqa: B009
    assert steps.python_for("99.0") is None
