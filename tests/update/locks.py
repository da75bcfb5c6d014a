"""A template and a project whose dependencies are locked by something that stands for uv."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from .small import commit, git, make_project, make_template, run, write

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

#: What it locks is what is asked for. Files beside it say what happens then, once.
UV = """\
#!/bin/sh
here=$(dirname "$0")
[ "$1" = workspace ] && cat "$here/workspace" 2> /dev/null && exit
[ "$1" = lock ] || exit 9
cd "${UV_WORKING_DIR:-${UV_PROJECT:-.}}"
once() { [ -e "$here/$1" ] && rm "$here/$1"; }
[ -e "$here/offline" ] && echo "error: Failed to fetch" && exit 2
once kill-first && kill -9 $PPID && until once let-go || [ ! -e "$here" ]; do sleep 0.1; done
once half && echo "half of" > uv.lock && kill -9 $PPID && exit
once fail && echo "half of" > uv.lock && echo "error: The disk is full" && exit 2
cp pyproject.toml uv.lock
once kill-then && kill -9 $PPID
once cancel && kill -INT $PPID && sleep 30
exit 0
"""


def make_locking(folder: Path) -> Path:
    """Make a template whose answers are in a project's dependencies."""
    template = make_template(folder / "team.git")
    write(
        template, {"project/pyproject.toml.jinja": "[tool.{{ database }}]\n# \n# \n# \n# \n# 1\n"}
    )
    git(template, "add", "--all")
    git(template, "commit", "--quiet", "--message", "x")
    git(template, "tag", "0.4.0")
    return template


def make_shipping(locking: Path, folder: Path) -> Path:
    """Make a template that ships a lock of its own, which changes with the dependencies."""
    template = folder / "shipping.git"
    shutil.copytree(locking, template)
    for version in ("0.5.0", "0.6.0"):
        lock, asked = "project/uv.lock", "project/pyproject.toml.jinja"
        write(template, {lock: f"of {version}", asked: version})
        commit(template)
        git(template, "tag", version)
    return template


def make_lockable(
    template: Path, folder: Path, *, version: str = "0.4.0", in_git: bool = True
) -> Path:
    """Make a project of it with a lock, its own or the template's, and what stands for uv."""
    made = make_project(template, folder / "shop", version=version, in_git=in_git)
    if not (made / "uv.lock").exists():
        shutil.copy(made / "pyproject.toml", made / "uv.lock")
    if in_git:
        commit(made)
    write(folder, {"bin/uv": UV})
    (folder / "bin/uv").chmod(0o755)
    return made


def on_path(project: Path) -> dict[str, str]:
    """Return the PATH on which a project's stand-in is found first."""
    return {"PATH": f"{project.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def add(
    project: Path, template: Path, *words: str | Path, code: int | None = 0
) -> subprocess.CompletedProcess[str]:
    """Ask for another database, and so for other dependencies."""
    own = ("add", "database=postgresql", "--template-url", template)
    return run(*own, *words, cwd=project, code=code, env=on_path(project))
