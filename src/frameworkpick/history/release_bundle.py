"""Packs the released templates of a checkout into a git bundle whose commits are always the same.

Each release in ``data/releases.toml`` that changed ``templates/`` is one commit on top of the one
before it, tagged with its version. Version, date and tree are all that a commit is made of, so it
is the same in every build, also where the templates of an older release are missing.

The build runs this before anything is installed: the standard library has to be enough.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha1
from typing import TYPE_CHECKING

from frameworkpick.core.versions import is_release, unreleased
from frameworkpick.git import Git, GitError
from frameworkpick.scratch import temporary

from .releases import PLACE, Release, read_releases

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_COMMIT = """\
tree {tree}
{parents}author frameworkpick <templates@frameworkpick.invalid> {seconds} +0000
committer frameworkpick <templates@frameworkpick.invalid> {seconds} +0000

Templates {version}
"""


@dataclass(frozen=True, slots=True)
class Packed:
    """The history of a checkout's templates."""

    bundle: bytes  #: A git bundle: ``HEAD``, ``refs/heads/main`` and one tag a version.
    current: str  #: The version of the templates as they lie in the checkout.
    missing: tuple[str, ...]  #: The releases whose templates are not in the checkout.


@dataclass(frozen=True, slots=True)
class _Commit:
    """A version of the templates."""

    version: str
    tree: str
    parent: str  #: Id of the commit before it; empty for the first.
    text: bytes  #: As git stores it.

    @property
    def id(self) -> str:
        """Return what git calls it."""
        return sha1(b"commit %d\0" % len(self.text) + self.text, usedforsecurity=False).hexdigest()


def pack(root: Path, *, releases_only: bool = False) -> Packed:
    """Pack the released templates, and those of the working tree when they differ from the newest.

    Works in a shallow clone and without a repository too; there is just less to pack.

    ``root`` holds ``templates/``; ``releases_only`` leaves the working tree out.

    Raises:
        GitError: Git is missing or failed, or there is nothing to pack.
    """
    listed = read_releases(root / PLACE)
    with temporary() as scratch:
        repository = _Repository(root, scratch)
        tree = repository.working_tree()
        commits = _commits(listed if releases_only else _with_working_tree(listed, tree))
        here = repository.present([each.tree for each in commits])
        packed = [each for each in commits if each.tree in here]
        missing = tuple(each.version for each in commits if each.tree not in here)
        if not packed:
            raise GitError(f"The templates of {', '.join(missing)} are not here.")
        return Packed(repository.bundle(packed), packed[-1].version, missing)


def current(root: Path) -> str:
    """Return the version of the templates as they lie in a checkout; see :func:`pack`."""
    listed = read_releases(root / PLACE)
    return _commits(_with_working_tree(listed, tree_of(root)))[-1].version


def tree_of(root: Path) -> str:
    """Return git's id of the tree of the templates as they lie in a source."""
    with temporary() as scratch:
        return _Repository(root, scratch).working_tree()


def release_faults(root: Path) -> list[str]:
    """Say why a checkout cannot be built as its newest release; empty when it can."""
    version = read_releases(root / PLACE)[-1].version
    try:
        packed = pack(root)
        tagged = _read(root, "for-each-ref", "--format=%(refname)", "--points-at=HEAD").split()
        changed = _read(root, "status", "--porcelain").strip()
    except GitError as error:
        return [error.message]
    faults = []
    if packed.missing:
        faults.append(f"The clone is not whole: the templates of {packed.missing[0]} are missing.")
    if not is_release(packed.current):
        faults.append(f"templates/ are not those of {version}: run `python src/release.py`.")
    if f"refs/tags/v{version}" not in tagged:
        faults.append(f"The tag v{version} is missing, or is not on the commit that is built.")
    if changed:
        faults.append("The working tree differs from its commit.")
    return faults


def _with_working_tree(listed: tuple[Release, ...], tree: str) -> tuple[Release, ...]:
    newest = listed[-1]
    if tree == newest.tree:
        return listed
    return (*listed, Release(unreleased(newest.version), newest.date, tree))


def _commits(releases: Sequence[Release]) -> list[_Commit]:
    """Make the commits; a release that left the templates alone has none."""
    made: list[_Commit] = []
    for release in releases:
        if made and made[-1].tree == release.tree:
            continue
        parent = made[-1].id if made else ""
        text = _COMMIT.format(
            tree=release.tree, parents=f"parent {parent}\n" if parent else "",
            seconds=int(datetime.fromisoformat(release.date).replace(tzinfo=UTC).timestamp()),
            version=release.version,
        )  # fmt: skip
        made.append(_Commit(release.version, release.tree, parent, text.encode()))
    return made


def in_checkout(root: Path) -> Git:
    """Return git as it runs in a checkout: named, it does not mind who owns it."""
    return Git.private(root, {"GIT_DIR": str(root / ".git"), "GIT_WORK_TREE": str(root)})


def _read(root: Path, *words: str) -> str:
    return os.fsdecode(in_checkout(root)(*words))


class _Repository:
    """Reads a checkout; writes new objects into a folder beside it."""

    def __init__(self, root: Path, scratch: Path) -> None:
        self._versioned = (root / ".git").exists()
        objects = scratch / "objects"
        objects.mkdir()
        if self._versioned:
            # In place, so that a partial clone can still fetch what it lacks.
            git_dir = root / ".git"
            borrowed = root / _read(root, "rev-parse", "--git-path", "objects").rstrip("\n")
        else:
            git_dir = scratch / "git"
            Git.private(scratch)("init", "--quiet", "--bare", "--template=", str(git_dir))
            borrowed = git_dir / "objects"
        self._run = Git.private(
            root,
            {
                "GIT_DIR": str(git_dir),
                "GIT_WORK_TREE": str(root),
                "GIT_INDEX_FILE": str(scratch / "index"),
                "GIT_OBJECT_DIRECTORY": str(objects),
                "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(borrowed),
            },
        )

    def working_tree(self) -> str:
        """Store the templates as they lie in the checkout; return the id of their tree."""
        if self._versioned and self._run.commit("HEAD"):
            self._git("read-tree", "HEAD")  # what is tracked and ignored belongs to it, too
        self._git("add", "--all", "--", "templates")
        return self._git("write-tree", "--prefix=templates/").strip()

    def present(self, trees: Sequence[str]) -> set[str]:
        """Return those of some trees that are here."""
        asked = "".join(f"{tree}\n" for tree in trees).encode()
        lines = self._git("cat-file", "--batch-check", stdin=asked).splitlines()
        return {tree for tree, line in zip(trees, lines, strict=True) if line.split()[1] == "tree"}

    def bundle(self, commits: Sequence[_Commit]) -> bytes:
        """Put the bundle together; ``git bundle`` would reuse whatever deltas it finds here.

        A commit whose parent is not among them is marked as git marks it in a shallow clone.
        """
        for each in commits:
            self._git("hash-object", "-t", "commit", "-w", "--stdin", stdin=each.text)
        ids = {each.id: each for each in commits}
        cut = [id_ for id_, each in ids.items() if each.parent and each.parent not in ids]
        head = commits[-1].id
        refs = {"HEAD": head, "refs/heads/main": head}
        refs |= {f"refs/tags/{each.version}": id_ for id_, each in ids.items()}
        lines = [f"-{ids[id_].parent} {id_}" for id_ in cut]
        lines += [f"{id_} {name}" for name, id_ in refs.items()]
        wanted = [*(f"--shallow {id_}" for id_ in cut), *sorted(ids)]
        data = self._run(
            "-c", "pack.compression=9", "pack-objects", "--quiet", "--stdout", "--revs",
            "--threads=1", "--no-reuse-delta", "--no-reuse-object", "--delta-base-offset",
            stdin="".join(f"{each}\n" for each in wanted).encode(),
        )  # fmt: skip
        return "\n".join(["# v2 git bundle", *lines, "", ""]).encode() + data

    def _git(self, *words: str, stdin: bytes = b"") -> str:
        return self._run(*words, stdin=stdin).decode()
