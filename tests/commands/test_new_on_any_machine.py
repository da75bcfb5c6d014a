"""``new`` where the machine holds other projects: variables, workspaces, settings, an old uv."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from frameworkpick import process

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMAND = [sys.executable, "-m", "frameworkpick"]
#: What would send uv or git elsewhere, or let it leave something out.
ELSEWHERE = {
    "UV_PROJECT": "{elsewhere}",
    "UV_WORKING_DIR": "{elsewhere}",
    "UV_PROJECT_ENVIRONMENT": "{elsewhere}/env",
    "VIRTUAL_ENV": "{elsewhere}/env",
    "UV_FROZEN": "1",
    "UV_NO_DEV": "1",
    "UV_NO_INSTALL_PROJECT": "1",
    "UV_FORK_STRATEGY": "fewest",
    "UV_PRERELEASE": "allow",
    "PYTHONPATH": "{elsewhere}",
    "GIT_INDEX_FILE": "{elsewhere}/index",
    "GIT_OBJECT_DIRECTORY": "{elsewhere}/objects",
}
#: An old uv, which says that all is done.
OLD = '#!/bin/sh\n[ "$1" = --version ] && echo "uv 0.4.0"\nexit 0\n'


def program(folder: Path, text: str) -> str:
    """Write what stands for uv; return a PATH on which it comes first."""
    folder.mkdir(parents=True)
    (folder / "uv").write_text(text)
    (folder / "uv").chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def settings(folder: Path, text: str = "") -> dict[str, str]:
    """Write git's settings; return the variables that lead there."""
    config = folder / "gitconfig"
    config.write_text(f"[user]\n\tname = A\n\temail = a@example.com\n{text}")
    return {"GIT_CONFIG_GLOBAL": str(config), "GIT_CONFIG_NOSYSTEM": "1"}


def new(
    place: Path, env: Mapping[str, str], *words: str, code: int = 0
) -> dict[str, dict[str, Any]]:
    done = subprocess.run(
        [*COMMAND, "new", "svc", "--yes", "--framework", "fastapi", "--json", *words],
        cwd=place, env=os.environ | dict(env), capture_output=True, text=True,
        stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return {step["id"]: step for step in json.loads(done.stdout)["steps"]}


def git(folder: Path, *words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=folder, capture_output=True, text=True, check=True
    ).stdout


def test_the_project_is_installed_and_committed_whatever_else_is_set(tmp_path: Path) -> None:
    (elsewhere := tmp_path / "elsewhere").mkdir()
    env = {name: value.format(elsewhere=elsewhere) for name, value in ELSEWHERE.items()}
    env |= settings(tmp_path, "[init]\n\tdefaultBranch = trunk\n")
    env["PATH"] = program(tmp_path / "bin", OLD)
    steps = new(tmp_path, env, "--install", "--git")
    project = tmp_path / "svc"
    assert [step["status"] for step in steps.values()] == ["done", "done"]
    assert "UV_PROJECT is set and was left aside" in steps["install"]["detail"]
    assert list(elsewhere.iterdir()) == []
    assert git(project, "ls-files", "uv.lock") == "uv.lock\n"
    assert git(project, "branch", "--show-current") == "trunk\n"
    assert "name trunk there" in steps["git"]["detail"]
    assert (project / ".venv/bin/pytest").is_file()
    uv = process.find_uv()
    assert uv
    subprocess.run([uv, "lock", "--check", "--quiet"], cwd=project, check=True)


def test_a_uv_that_says_done_and_leaves_nothing_is_not_believed(tmp_path: Path) -> None:
    env = settings(tmp_path) | {"PATH": program(tmp_path / "bin", "#!/bin/sh\nexit 0\n")}
    steps = new(tmp_path, env, "--install", code=4)
    assert steps["install"]["status"] == "failed"
    assert "no uv.lock and no .venv in the project" in steps["install"]["detail"]
    assert steps["git"]["detail"] == "uv.lock is not in it: commit it after `uv sync`."


def test_a_workspace_around_it_is_left_alone_and_said_how_to_leave(tmp_path: Path) -> None:
    workspace = tmp_path / "work"
    (workspace / "packages").mkdir(parents=True)
    outer = workspace / "pyproject.toml"
    text = '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.11"\n[tool.uv.workspace]\n'
    outer.write_text(f'{text}members = ["packages/*"]\n')
    step = new(workspace, settings(tmp_path), "-o", "packages", "--no-git")["install"]
    assert (step["status"], step["command"]) == ("not_done", "uv sync")
    assert f"The uv workspace {workspace} takes the folder in" in step["detail"]
    assert sorted(path.name for path in workspace.iterdir()) == ["packages", "pyproject.toml"]
    told = 'exclude = ["packages/svc"]'
    assert told in step["detail"]
    outer.write_text(f'{text}members = ["packages/*"]\n{told}\n')
    uv = process.find_uv()
    assert uv
    project = workspace / "packages/svc"
    asked = [uv, "workspace", "dir", "--color", "never"]
    said = subprocess.run(asked, cwd=project, capture_output=True, text=True, check=True).stdout
    assert Path(said.strip()) == project


def test_what_a_rule_elsewhere_keeps_out_of_the_commit_is_said(tmp_path: Path) -> None:
    (tmp_path / "ignore").write_text("*.log\nuv.lock\n")
    env = settings(tmp_path, f"[core]\n\texcludesFile = {tmp_path}/ignore\n")
    env["PATH"] = program(tmp_path / "bin", "#!/bin/sh\nmkdir .venv && touch uv.lock\n")
    step = new(tmp_path, env)["git"]
    assert step["status"] == "not_done"
    assert step["detail"] == (
        "The commit is made, but uv.lock is not in it: "
        f"line 2 of {tmp_path}/ignore (uv.lock) says so."
    )
    project = tmp_path / "svc"
    subprocess.run(step["command"], shell=True, cwd=project, env=os.environ | env, check=True)  # noqa: S602
    assert git(project, "ls-files", "uv.lock") == "uv.lock\n"
    assert git(project, "rev-list", "--count", "HEAD") == "1\n"


@pytest.mark.parametrize(
    ("rule", "told", "command"),
    [
        pytest.param(
            "uv.lock",
            "uv.lock is ignored there",
            "git add . && git add --force uv.lock",
            marks=pytest.mark.matrix,
        ),
        ("svc/", "It is ignored there: line 1 of .gitignore (svc/) says so.", "git add ."),
    ],
)
def test_what_an_outer_repository_ignores_is_said(
    tmp_path: Path, rule: str, told: str, command: str
) -> None:
    env = settings(tmp_path)
    env["PATH"] = program(tmp_path / "bin", "#!/bin/sh\nmkdir .venv && touch uv.lock\n")
    (outer := tmp_path / "outer").mkdir()
    git(outer, "init", "--quiet")
    (outer / ".gitignore").write_text(f"{rule}\n")
    step = new(outer, env)["git"]
    assert told in step["detail"]
    assert (step["status"], step["command"]) == ("not_done", command)
