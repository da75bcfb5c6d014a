"""Runs git on repositories of our own, deaf to the settings of whoever called us."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from frameworkpick import process
from frameworkpick.errors import FrameworkpickError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: Seconds that work on files of this machine may take.
LOCAL_TIMEOUT = 120.0

#: No hook, monitor, ignore list or attributes file of the machine has a say.
_PLAIN = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.excludesFile": os.devnull,
    "core.attributesFile": os.devnull,
    "core.commitGraph": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "protocol.version": "2",
}


class GitError(FrameworkpickError):
    """Git could not do what was needed.

    Attributes:
        said: What git wrote of it.
    """

    def __init__(self, message: str, hint: str = "", *, said: str = "") -> None:
        super().__init__(message, hint)
        self.said = said


class GitMissingError(GitError):
    """There is no git on this machine."""


def plain_flags() -> list[str]:
    """Return the settings that hold for every call."""
    return [word for key, value in _PLAIN.items() for word in ("-c", f"{key}={value}")]


def own_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment in which git reads nobody's configuration.

    ``GIT_DIR`` and its like, which git sets for what it calls, would point it elsewhere.
    """
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("GIT_") or key == "GIT_EXEC_PATH"
    }
    quiet = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    return kept | quiet | {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"} | dict(extra or {})


def inside(git_dir: Path) -> dict[str, str]:
    """Return the environment to work on a repository of ours.

    Named, git does not look for it, and does not mind who owns it: a mounted cache or a checkout
    in a container often belongs to somebody else.
    """
    return own_environment({"GIT_DIR": str(git_dir)})


def git(
    *words: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
    timeout: float = LOCAL_TIMEOUT,
) -> bytes:
    """Run git and return what it wrote.

    Args:
        words: The subcommand and its arguments.
        cwd: The folder to run in.
        env: The whole environment; without one, that of :func:`own_environment`.
        stdin: What it reads.
        timeout: Seconds until it is ended.

    Raises:
        GitMissingError: Git is not installed.
        GitError: It failed.
    """
    done = process.capture(
        ["git", *plain_flags(), *words],
        cwd=cwd, env=own_environment() if env is None else env, timeout=timeout, stdin=stdin,
    )  # fmt: skip
    if done.returncode == process.NOT_FOUND:
        raise GitMissingError("git is not installed, or not on PATH.", "Install git and try again.")
    if done.returncode:
        said = done.stderr.strip() or f"exit code {done.returncode}"
        raise GitError(f"git {words[0]} failed: {said}", said=said)
    return done.stdout
