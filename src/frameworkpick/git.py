"""Runs git: in repositories of our own, in the person's, and out on the network."""

from __future__ import annotations

import functools
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Self

from frameworkpick import process
from frameworkpick.errors import FrameworkpickError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Seconds one call may take; a repository can be large, and a network slow.
TIMEOUT = 300.0
#: What git may use to get to a repository, whatever settings turn an address into.
TRANSPORTS = "https:ssh:file"
#: A file as git stores it: its mode and the id of its content.
Stored = tuple[str, str]

#: The first git that has ``merge-tree --write-tree``.
_OLDEST = (2, 38)
#: Hold for every call: no hook and no monitor runs, and output does not depend on settings.
_SETTINGS = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.splitIndex": "false",
    "core.quotePath": "false",
    "core.safecrlf": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "merge.renames": "true",
    "merge.directoryRenames": "true",
    "advice.detachedHead": "false",
}
#: Hold beside them where the person's settings have no say.
_PRIVATE = {
    "core.excludesFile": os.devnull,
    "core.attributesFile": os.devnull,
    "core.commitGraph": "false",
    "protocol.version": "2",
}
_QUIET = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
_LOCAL = _QUIET | {"GIT_OPTIONAL_LOCKS": "0", "GIT_LITERAL_PATHSPECS": "1"}
#: Variables of the caller that say how to configure git, not which repository to work on.
_CONFIGURING = re.compile(
    r"GIT_(CONFIG.*|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|EXEC_PATH)"
)
#: Variables of the caller that would point git at another repository.
_ELSEWHERE = re.compile(
    r"GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES"
    r"|NAMESPACE|PREFIX|SHALLOW_FILE|GRAFT_FILE|CONFIG|IMPLICIT_WORK_TREE|QUARANTINE_PATH"
    r"|INTERNAL_.*|TRACE.*|PROTOCOL_FROM_USER|REPLACE_REF_BASE|NO_REPLACE_OBJECTS)"
)


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


class Git:
    """One folder and environment to run git in.

    ``env`` is the whole environment, and ``settings`` are set for every call.
    """

    def __init__(
        self, cwd: Path, env: Mapping[str, str], settings: Mapping[str, str] = _SETTINGS
    ) -> None:
        self._cwd = cwd
        self._env = dict(env)
        self._flags = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]

    @classmethod
    def private(cls, cwd: Path, env: Mapping[str, str] | None = None) -> Self:
        """Run where nobody's configuration has a say: in repositories of our own.

        ``GIT_DIR`` and its like, which git sets for what it calls, would point it elsewhere.

        ``env`` are variables beside the caller's own.
        """
        kept = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith("GIT_") or key == "GIT_EXEC_PATH"
        }
        deaf = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
        deaf["GIT_ATTR_NOSYSTEM"] = "1"
        return cls(cwd, kept | _LOCAL | deaf | dict(env or {}), _SETTINGS | _PRIVATE)

    @classmethod
    def bare(cls, git_dir: Path) -> Self:
        """Run in a bare repository of ours.

        Named, git does not look for it, and does not mind who owns it: a mounted cache or a
        checkout in a container often belongs to somebody else.
        """
        return cls.private(git_dir, {"GIT_DIR": str(git_dir)})

    @classmethod
    def personal(cls, folder: Path) -> Self:
        """Run in the person's repository around a folder, by their own configuration."""
        kept = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith("GIT_") or _CONFIGURING.fullmatch(key)
        }
        return cls(folder, kept | _LOCAL)

    @classmethod
    def online(cls, git_dir: Path) -> Self:
        """Run on a bare repository of ours, and reach others as the person would.

        Their configuration counts: credentials, proxies and rewritten addresses belong to a
        private network. Nothing is asked.
        """
        env = callers_environment() | _QUIET | {"GIT_ALLOW_PROTOCOL": TRANSPORTS}
        return cls(git_dir, env | {"GIT_DIR": str(git_dir)}, _SETTINGS | _PRIVATE)

    def __call__(
        self,
        *words: str,
        stdin: bytes = b"",
        ok: tuple[int, ...] = (0,),
        env: Mapping[str, str] | None = None,
        timeout: float = TIMEOUT,
    ) -> bytes:
        """Run git; return what it wrote to standard output.

        Raises:
            GitError: It failed, or there is no git.
        """
        return self.ask(*words, stdin=stdin, ok=ok, env=env, timeout=timeout).stdout

    def ask(
        self,
        *words: str,
        stdin: bytes = b"",
        ok: tuple[int, ...] | None = None,
        env: Mapping[str, str] | None = None,
        timeout: float = TIMEOUT,
    ) -> process.Captured:
        """Run git; return all it left behind, whatever its exit code unless ``ok`` lists some."""
        done = process.capture(
            ["git", *self._flags, *words],
            cwd=self._cwd,
            env=self._env | dict(env or {}),
            timeout=timeout,
            stdin=stdin,
        )
        if done.returncode == process.NOT_FOUND:
            raise GitMissingError(
                "git is not installed, or not on PATH.", "Install git 2.38 or newer."
            )
        if ok is not None and done.returncode not in ok:
            said = (done.stderr or done.stdout.decode("utf-8", "replace")).strip()
            said = said or f"exit code {done.returncode}"
            raise GitError(
                f"git {_verb(words)} failed: {said}",
                "Correct what git names and run it again.",
                said=said,
            )
        return done

    def relay(self, *words: str) -> int:
        """Let git talk with our caller through our own standard streams; return its exit code."""
        return process.relay(["git", *self._flags, *words], cwd=self._cwd, env=self._env)

    def commit(self, name: str) -> str | None:
        """Return the id of the commit that a name stands for; ``None`` when it is none."""
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        done = self.ask(*words)
        said = done.stdout.decode("utf-8", "replace").split()
        return said[-1] if said and not done.returncode else None

    def contents(self, names: Sequence[str]) -> list[bytes]:
        """Return the contents of stored files, in the same order.

        Raises:
            GitError: The repository lacks one.
        """
        if not names:
            return []
        answer = self("cat-file", "--batch", stdin="".join(f"{n}\n" for n in names).encode())
        found, at = [], 0
        for name in names:
            line_end = answer.index(b"\n", at)
            fields = answer[at:line_end].split(b" ")
            if fields[-1] == b"missing":
                raise GitError(
                    f"The repository lacks the object {name}.",
                    "Fetch it: `git fetch --refetch`, or clone again.",
                )
            start = line_end + 1
            at = start + int(fields[-1])
            found.append(answer[start:at])
            at += 1
        return found


def stored_files(listed: bytes) -> dict[str, Stored]:
    """Return mode and id by path from what ``git ls-tree -r -z`` wrote."""
    found: dict[str, Stored] = {}
    for entry in filter(None, listed.split(b"\0")):
        facts, _, path = entry.partition(b"\t")
        mode, _, name = facts.decode().split(" ")
        found[os.fsdecode(path)] = (mode, name)
    return found


def callers_environment() -> dict[str, str]:
    """Return the caller's environment without what would point git at another repository."""
    return {key: value for key, value in os.environ.items() if not _ELSEWHERE.fullmatch(key)}


@functools.cache
def refuse_old() -> None:
    """Refuse a git that cannot merge without a work tree; asked once.

    Raises:
        GitError: It is older than 2.38, or there is none.
    """
    said = Git.personal(Path(os.sep))("version").decode("utf-8", "replace").strip()
    found = re.search(r"(\d+)\.(\d+)", said)
    if found and (int(found[1]), int(found[2])) < _OLDEST:
        raise GitError(
            f"This is {said}, and the merge needs 2.38 or newer.", "Upgrade git and run it again."
        )


def _verb(words: tuple[str, ...]) -> str:
    return next((word for word in words if word != "-c" and "=" not in word), "")
