"""Builds the package and installs it for somebody who has nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from frameworkpick.process import find_uv

ROOT = Path(__file__).parents[2]
ADDRESS = "frameworkpick://templates.git"
#: Nobody's git configuration, and a name to commit with.
GIT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}


def uv(*words: str, cwd: Path, check: bool = True, env: dict[str, str] | None = None) -> str:
    program = find_uv()
    assert program
    done = subprocess.run(
        [program, *words], cwd=cwd, env=os.environ | (env or {}), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode == 0) is check, done.stderr
    return done.stderr


def run(*words: str | Path, cwd: Path, env: dict[str, str]) -> str:
    done = subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def build(source: Path, into: Path, **env: str) -> str:
    return uv("build", "--python", sys.executable, "--out-dir", str(into), cwd=source, env=env)


def install(wheel: Path, folder: Path) -> dict[str, str]:
    """Install a wheel; return the environment of a person who has nothing else."""
    uv("venv", "--quiet", "--python", sys.executable, "venv", cwd=folder)
    scripts = folder / "venv/bin"
    uv("pip", "install", "--quiet", "--python", str(scripts / "python"), str(wheel), cwd=folder)
    (folder / "home").mkdir()
    system = os.pathsep.join(
        {str(Path(found).parent) for name in ("git", "sh") if (found := shutil.which(name))}
    )
    return GIT | {"PATH": f"{scripts}{os.pathsep}{system}", "HOME": str(folder / "home")}


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".env" and ".git" not in path.parts
    }


def source_files() -> list[str]:
    """Name what a commit of everything here would hold."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return [name for name in listed.split("\0") if name and os.path.lexists(ROOT / name)]


def found(words: list[str], env: dict[str, str]) -> list[str]:
    return [shutil.which(words[0], path=env["PATH"]) or words[0], *words[1:]]


def clone(source: Path, folder: Path, *words: str) -> Path:
    words = ("git", "clone", "--quiet", *words, f"file://{source}", str(folder))
    run(*words, cwd=folder.parent, env=dict(os.environ))
    return folder
