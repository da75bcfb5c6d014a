"""Keeps a mirror of a team's template repository, fetched with the user's own credentials."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from frameworkpick.core.plain_text import shown_address
from frameworkpick.git import TIMEOUT, Git, GitError, GitMissingError

from .cache import alone, kept

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .address import Address

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


def mirror_of(address: Address) -> Path:
    """Return the mirror of an address, empty before it was ever fetched."""
    name = sha256(address.for_git.encode("utf-8", "surrogateescape")).hexdigest()[:24]
    return kept(f"mirrors/{name}.git", _start)


def refresh(
    mirror: Path,
    address: Address,
    refs: Sequence[str] = ("tags",),
    *,
    kind: str = "template",
    timeout: float = TIMEOUT,
) -> None:
    """Fetch the tags of a repository.

    Args:
        mirror: Where it is kept.
        address: Where it is.
        refs: What to fetch: ``tags`` and ``heads``.
        kind: What it holds, for a message.
        timeout: Seconds until it counts as out of reach.

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


def _start(folder: Path) -> None:
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
