"""Reads one file of a git repository at a tag, a branch or a commit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from frameworkpick.errors import FrameworkpickError
from frameworkpick.git import TIMEOUT, Git, GitError

from .address import read_address
from .cache import mirror_of, refresh

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .address import Address

#: Seconds that a repository may take to answer when what it was asked for is here already.
_PATIENCE = 15.0
#: Bytes that a file may have.
_LARGEST = 64 * 1024
_COMMIT = re.compile(r"[0-9a-f]{40}")
_FILES = ("100644", "100755")

#: What was found in this run, by mirror and name: a chain of files asks once.
_FOUND: dict[tuple[Path, str], str] = {}


def read_file(
    address: str,
    ref: str,
    path: str,
    commit: str | None = None,
    *,
    note: Callable[[str], None] | None = None,
) -> tuple[bytes, str]:
    """Read a file of a repository that a person named.

    The repository is asked each time, so that a moved tag is noticed on every machine alike; what
    was fetched earlier serves while it cannot be reached. A full commit is never asked for twice.

    Args:
        address: Where the repository is.
        ref: A tag, a branch or a commit.
        path: The file's path from the top of the repository.
        commit: The commit that ``ref`` named when it was pinned.
        note: Told when the repository could not be reached, and an earlier copy serves.

    Returns:
        The content, and the commit that it was read from.

    Raises:
        InputError: It is no address that is used here.
        FrameworkpickError: The repository cannot be read, has no such file or version, or the tag
            names another commit than the pinned one.
    """
    where = read_address(address, "preset")
    mirror = mirror_of(where)
    if (mirror, ref) not in _FOUND:
        _FOUND[mirror, ref] = _found(mirror, where, ref, commit, note)
    found = _as_pinned(where, ref, _FOUND[mirror, ref], commit)
    return _content(mirror, found, path, f"{where.recorded}@{ref}"), found


def _found(
    mirror: Path,
    where: Address,
    ref: str,
    pinned: str | None,
    note: Callable[[str], None] | None,
) -> str:
    """Return the commit to read from."""
    here = pinned if pinned and Git.bare(mirror).commit(pinned) else None
    here = here or _resolved(mirror, ref)
    if here == ref:
        return here
    try:
        patience = _PATIENCE if here else TIMEOUT
        refresh(mirror, where, ("tags", "heads"), kind="preset", timeout=patience)
    except GitError as error:
        if here is None or (pinned and here != pinned):
            raise
        if note:
            known = "pinned" if pinned else "last fetched"
            note(f"{error.message} The version that was {known} is used.")
        return here
    found = _resolved(mirror, ref)
    if found is None:
        raise FrameworkpickError(
            f"The preset repository {where.recorded} has no tag, branch or commit {ref}.",
            f"Its tags are: {', '.join(_tags(mirror)) or 'none'}.",
        )
    return found


def _as_pinned(where: Address, ref: str, found: str, pinned: str | None) -> str:
    if pinned is not None and found != pinned:
        raise FrameworkpickError(
            f"{ref} of the preset repository {where.recorded} names the commit {found[:12]}, and "
            f"was pinned to {pinned[:12]}.",
            "Ask the owner why; if the change is meant, `frameworkpick preset check FILE --pin` "
            "pins it anew.",
        )
    return found


def _resolved(mirror: Path, ref: str) -> str | None:
    """Return the commit that a tag, else a branch, else a commit's own name stands for."""
    for name in (f"refs/tags/{ref}", f"refs/heads/{ref}"):
        if found := Git.bare(mirror).commit(name):
            return found
    return Git.bare(mirror).commit(ref) if _COMMIT.fullmatch(ref) else None


def _tags(mirror: Path) -> list[str]:
    words = ("for-each-ref", "--format=%(refname:strip=2)", "refs/tags")
    listed = Git.bare(mirror)(*words).decode("utf-8", "replace")
    return [tag for tag in listed.split("\n") if tag and tag.isprintable()]


def _content(mirror: Path, commit: str, path: str, label: str) -> bytes:
    git = Git.bare(mirror)
    words = ("ls-tree", "-l", "-z", "--full-tree", commit, "--", path)
    listed = git(*words).rstrip(b"\0")
    if not listed:
        raise FrameworkpickError(
            f"{label} has no file {path}.",
            "Name the file behind #, as in ...@v1.2#presets/api.toml.",
        )
    mode, _, blob, size = listed.partition(b"\t")[0].decode().split()
    if mode not in _FILES or int(size) > _LARGEST:
        why = "is too large for a preset" if mode in _FILES else "is no file but a folder or a link"
        raise FrameworkpickError(f"{path} of {label} {why}.", "Name the preset file itself.")
    return git.contents([blob])[0]
