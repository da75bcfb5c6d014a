"""Repositories that the tests of the history make."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from frameworkpick import history
from frameworkpick.history import builtin

if TYPE_CHECKING:
    from pathlib import Path

#: Nobody's configuration, and a name to commit with.
GIT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}


def git(cwd: Path, *words: str, stdin: bytes = b"", **env: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=cwd, env=GIT | env, input=stdin, capture_output=True, check=True
    )
    return done.stdout.decode().strip()


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)


def commit(root: Path, *tags: str) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "-m", "x")
    for tag in tags:
        git(root, "tag", tag)


def forget() -> None:
    """Do as a new process does."""
    history._OPEN.clear()  # noqa: SLF001 (nobody else has a reason to)


def opened(bundle: bytes, folder: Path) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    builtin.unpack(bundle, folder)
    return folder


def refs(bundle: bytes) -> dict[str, str]:
    lines = bundle.partition(b"\n\n")[0].decode().splitlines()[1:]
    return {name: oid for oid, name in (line.split(" ") for line in lines)}
