"""Runs git with nothing of the caller's repository, and no hook, in the way."""

from __future__ import annotations

import functools
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick import process
from frameworkpick.errors import FrameworkpickError

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Seconds one call may take; a repository can be large.
TIMEOUT = 300.0
#: The first git that has ``merge-tree --write-tree``.
_OLDEST = (2, 38)
#: Variables of the caller that say how to configure git, not which repository to work on.
_KEPT = re.compile(r"GIT_(CONFIG.*|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|EXEC_PATH)")
_SETTINGS = (
    f"core.hooksPath={os.devnull}",
    "core.fsmonitor=false",
    "core.splitIndex=false",
    "core.quotePath=false",
    "core.safecrlf=false",
    "gc.auto=0",
    "merge.renames=true",
    "merge.directoryRenames=true",
    "advice.detachedHead=false",
)


class Git:
    """One folder and environment to run git in.

    Args:
        cwd: The folder.
        env: Variables beside the caller's own.
    """

    def __init__(self, cwd: Path, env: Mapping[str, str] | None = None) -> None:
        self._cwd = cwd
        self._env = _environment() | dict(env or {})

    def __call__(
        self,
        *words: str,
        stdin: bytes = b"",
        ok: tuple[int, ...] = (0,),
        env: Mapping[str, str] | None = None,
    ) -> bytes:
        """Run git; return what it wrote to standard output.

        Raises:
            FrameworkpickError: It failed, or there is no git.
        """
        return self.ask(*words, stdin=stdin, ok=ok, env=env).stdout

    def ask(
        self,
        *words: str,
        stdin: bytes = b"",
        ok: tuple[int, ...] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> process.Captured:
        """Run git; return all it left behind, whatever its exit code unless ``ok`` lists some."""
        flags = [word for setting in _SETTINGS for word in ("-c", setting)]
        done = process.capture(
            ["git", *flags, *words],
            cwd=self._cwd,
            env=self._env | dict(env or {}),
            timeout=TIMEOUT,
            stdin=stdin,
        )
        if done.returncode == process.NOT_FOUND:
            raise FrameworkpickError(
                "git was not found.", "Install git 2.38 or newer; the merge is done by it."
            )
        if ok is not None and done.returncode not in ok:
            said = (done.stderr or done.stdout.decode("utf-8", "replace")).strip()
            raise FrameworkpickError(
                f"git {_verb(words)} failed: {said or done.returncode}",
                "Correct what git names and run it again.",
            )
        return done


def _verb(words: tuple[str, ...]) -> str:
    return next((word for word in words if word != "-c" and "=" not in word), "")


@functools.cache
def refuse_old() -> None:
    """Refuse a git that cannot merge without a work tree; asked once.

    Raises:
        FrameworkpickError: It is older than 2.38, or there is none.
    """
    said = Git(Path(os.sep))("version").decode("utf-8", "replace").strip()
    found = re.search(r"(\d+)\.(\d+)", said)
    if found and (int(found[1]), int(found[2])) < _OLDEST:
        raise FrameworkpickError(
            f"This is {said}, and the merge needs 2.38 or newer.", "Upgrade git and run it again."
        )


def _environment() -> dict[str, str]:
    own = {k: v for k, v in os.environ.items() if not k.startswith("GIT_") or _KEPT.fullmatch(k)}
    return own | {
        "LC_ALL": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_LITERAL_PATHSPECS": "1",
    }
