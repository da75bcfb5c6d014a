"""Repositories in the user's cache folder, or in a temporary one if that is read-only.

A team's own are mirrored there, fetched with the user's own credentials.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick.core.plain_text import shown_address
from frameworkpick.git import TIMEOUT, Git, GitError, GitMissingError
from frameworkpick.scratch import temporary, until_exit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .address import Address


_WEEK = 7 * 24 * 3600.0
#: What git says, and what a person can do about it.
_NETWORK = (
    r"could not resolve host|unable to access|could not connect|timed out|no route"
    r"|connection (refused|reset|closed)|unreachable|ended after"
)
_CREDENTIALS = (
    r"authentication failed|could not read (username|password)|permission denied"
    r"|access denied|host key verification|terminal prompts disabled"
)
_CAUSES = (
    (_CREDENTIALS, "Check that `git ls-remote` with this address works here without a question."),
    (_NETWORK, "Check the network and the address."),
    (r"dubious ownership", "If you trust the folder, say so with git's `safe.directory`."),
    (r"not allowed", "Only https, ssh and file are used, whatever an address is rewritten to."),
    (r"", "Check the address, and that you may read the repository."),
)


def cache_folder() -> Path | None:
    """Return where caches of this tool belong; ``None`` when the user has no home."""
    if given := os.environ.get("XDG_CACHE_HOME"):
        base = Path(given)
    else:
        try:
            home = Path.home()
        except RuntimeError:
            return None
        base = home / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    return base / "frameworkpick" if base.is_absolute() else None


def kept(
    name: str, make: Callable[[Path], None], whole: Callable[[Path], bool] = Path.is_dir
) -> Path:
    """Return a folder of the cache, made whole by the first who asks.

    What is there and not ``whole`` is made anew, at the path that ``make`` is given.
    """
    for folder in _folders():
        target = folder / name
        if target.is_dir() and whole(target):
            return target
        shutil.rmtree(target, ignore_errors=True)
        if target.exists():  # broken, and not ours to remove
            continue
        with contextlib.ExitStack() as stack:
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                scratch = stack.enter_context(temporary(folder))
            except OSError:
                continue
            make(scratch / "made")
            with contextlib.suppress(OSError):  # another process was faster
                (scratch / "made").rename(target)
        return target
    raise AssertionError("a temporary folder can be written to")


def forget_old(pattern: str) -> None:
    """Remove what was made more than a week ago from the cache."""
    folder = cache_folder()
    for path in folder.glob(pattern) if folder else ():
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _WEEK:
                shutil.rmtree(path)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other processes that ask for the same folder waiting; without a lock file, go ahead."""
    if sys.platform == "win32":  # no such locks there
        yield
        return
    import fcntl  # noqa: PLC0415 (POSIX only)

    try:
        handle = (folder.parent / f"{folder.name}.lock").open("w")
    except OSError:
        yield
        return
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _folders() -> Iterator[Path]:
    if (folder := cache_folder()) is not None:
        yield folder
    yield until_exit()


def mirror_of(address: Address) -> Path:
    """Return the mirror of an address, empty before it was ever fetched."""
    name = sha256(address.for_git.encode("utf-8", "surrogateescape")).hexdigest()[:24]
    return kept(f"mirrors/{name}.git", _begun)


def refresh(
    mirror: Path,
    address: Address,
    refs: Sequence[str] = ("tags",),
    *,
    kind: str = "template",
    timeout: float = TIMEOUT,
) -> None:
    """Fetch the tags of a repository.

    ``refs`` are ``tags`` and ``heads``; ``kind`` says in a message what the repository holds.

    Raises:
        GitError: It cannot be reached or read; what was fetched earlier stays.
    """
    with alone(mirror):
        try:
            Git.online(mirror)(
                "fetch", "--quiet", "--prune", "--no-tags", "--no-recurse-submodules",
                "--no-write-fetch-head", "--end-of-options",
                address.for_git, *(f"+refs/{each}/*:refs/{each}/*" for each in refs),
                timeout=timeout,
            )  # fmt: skip
        except GitMissingError:
            raise
        except GitError as error:
            raise _worded(address, error.said, kind) from error


def _begun(folder: Path) -> None:
    Git.private(folder.parent)("init", "--quiet", "--bare", "--template=", str(folder))


def _worded(address: Address, said: str, kind: str) -> GitError:
    plain = "".join(each if each.isprintable() else " " for each in said)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if re.match(r"(fatal|error):", line)]
    line = (telling or lines)[0]
    reason = "".join(each for each in re.sub(r"^(fatal|error): ", "", line) if each.isprintable())
    hint = next(hint for cause, hint in _CAUSES if re.search(cause, plain, re.IGNORECASE))
    reason = shown_address(reason).rstrip(".")
    return GitError(f"The {kind} repository {address.recorded} cannot be read: {reason}.", hint)
