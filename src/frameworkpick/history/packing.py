"""Packs the released templates of a checkout into a git bundle whose commits are always the same.

Every tag ``vX.Y.Z`` whose ``templates/`` differ from those of the release before it becomes one
commit with a fixed author and date, tagged ``X.Y.Z``. Its parent is the release that it really
followed, so a later release of an older series changes no commit that is already out there.

The build runs this before anything is installed: the standard library has to be enough.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from frameworkpick.core.template import in_order, is_release, unreleased, version_key
from frameworkpick.git import Git, GitError
from frameworkpick.scratch import temporary

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_COMMIT = """\
tree {tree}
{parents}author frameworkpick <templates@frameworkpick.invalid> 946684800 +0000
committer frameworkpick <templates@frameworkpick.invalid> 946684800 +0000

Templates {version}
"""


@dataclass(frozen=True, slots=True)
class Packed:
    """The history of a checkout's templates."""

    bundle: bytes  #: A git bundle: ``HEAD``, ``refs/heads/main`` and one tag a version.
    current: str  #: The version of the templates as they lie in the checkout.


@dataclass(slots=True)
class _Chain:
    """The commits made so far."""

    #: Id of the commit that holds the templates of a release, changed or not.
    commits: dict[str, str] = field(default_factory=dict)
    #: Id of the tree of a commit.
    trees: dict[str, str] = field(default_factory=dict)
    #: Commit by the version that brought it.
    tags: dict[str, str] = field(default_factory=dict)


def pack(root: Path, version: str, *, releases_only: bool = False) -> Packed:
    """Pack the released templates, and those of the working tree as an unreleased version.

    Works in a shallow clone, without tags and without a repository too; there is just less to pack.

    Args:
        root: The folder that holds ``templates/``.
        version: The version that the source names.
        releases_only: Leave the working tree out.

    Raises:
        GitError: Git is missing or failed, or there is nothing to pack.
    """
    with temporary() as scratch:
        repository = _Repository(root, scratch)
        chain, current = repository.chain(version, releases_only=releases_only)
        return Packed(repository.bundle(chain, chain.tags[current]), current)


def current(root: Path, version: str) -> str:
    """Return the version of the templates as they lie in the checkout; see :func:`pack`."""
    with temporary() as scratch:
        return _Repository(root, scratch).chain(version)[1]


def release_faults(root: Path, version: str) -> list[str]:
    """Say why the checkout cannot be built as the release of a version; empty when it can."""
    if not is_release(version):
        return [f"{version} is not the version of a release."]
    try:
        if _read(root, "rev-parse", "--is-shallow-repository").strip() != "false":
            return ["The clone is shallow, so released templates are missing: fetch it whole."]
        here = _read(root, "for-each-ref", "--format=%(refname)", "--points-at=HEAD").split()
        changed = _read(root, "status", "--porcelain").strip()
        tagged = _tags(root)
    except GitError as error:
        return [error.message]
    faults = []
    if f"refs/tags/v{version}" not in here:
        faults.append(f"The tag v{version} is missing, or is not on the commit that is built.")
    faults += [
        f"CHANGELOG.md names {each}, and the tag v{each} is missing: fetch it."
        for each in _released(root)
        if each not in {version, *tagged}
    ]
    if changed:
        faults.append("The working tree differs from its commit.")
    return faults


def _released(root: Path) -> list[str]:
    """Return the releases that the changelog names."""
    changelog = root / "CHANGELOG.md"
    text = changelog.read_text(encoding="utf-8") if changelog.is_file() else ""
    return re.findall(r"^## \[(\d[^]]*)\]", text, re.MULTILINE)


def tree_of(root: Path) -> str:
    """Return the id of the tree of the templates as they lie in a source."""
    with temporary() as scratch:
        return _Repository(root, scratch).working_tree()


def _read(root: Path, *words: str) -> str:
    env = {"GIT_DIR": str(root / ".git"), "GIT_WORK_TREE": str(root)}
    return os.fsdecode(Git.private(root, env)(*words))


def _tags(root: Path, merged: str | None = None) -> dict[str, str]:
    """Return the release tags by version, those that a ref contains if one is given."""
    words = ["for-each-ref", "--format=%(refname:strip=2)"]
    words += [f"--merged={merged}"] if merged else []
    names = _read(root, *words, "refs/tags/v*").split()
    tags = {name.removeprefix("v"): f"refs/tags/{name}" for name in names}
    return {version: tag for version, tag in tags.items() if version_key(version) is not None}


class _Repository:
    """Reads a checkout; writes new objects into a folder beside it."""

    def __init__(self, root: Path, scratch: Path) -> None:
        self._root = root
        self._versioned = (root / ".git").exists()
        objects = scratch / "objects"
        objects.mkdir()
        if self._versioned:
            # In place, so that a partial clone can still fetch what it lacks.
            git_dir = root / ".git"
            borrowed = root / _read(root, "rev-parse", "--git-path", "objects").rstrip("\n")
        else:
            git_dir = borrowed = scratch / "git"
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

    def chain(self, version: str, *, releases_only: bool = False) -> tuple[_Chain, str]:
        """Make the commits; return them and the version of the last."""
        tags = _tags(self._root) if self._versioned else {}
        limit = version if is_release(version) else unreleased(version, 0, frozenset(tags))
        chain = _Chain()
        trees = self._released_trees(tags)
        for each in in_order(frozenset(trees), up_to=limit):
            before = in_order(frozenset(_tags(self._root, tags[each])) & chain.commits.keys())
            self._add(chain, each, trees[each], before)
        if not releases_only:
            return chain, self._add_working_tree(chain, version, frozenset(tags))
        if not chain.tags:
            raise GitError("There is no release yet: no tag vX.Y.Z with templates.")
        return chain, in_order(frozenset(chain.tags))[-1]

    def _released_trees(self, tags: Mapping[str, str]) -> dict[str, str]:
        if not tags:
            return {}
        asked = "".join(f"{tag}:templates\n" for tag in tags.values()).encode()
        lines = self._git("cat-file", "--batch-check", stdin=asked).splitlines()
        kinds = {version: line.split() for version, line in zip(tags, lines, strict=True)}
        return {version: k[0] for version, k in kinds.items() if len(k) > 1 and k[1] == "tree"}

    def _add_working_tree(self, chain: _Chain, version: str, taken: frozenset[str]) -> str:
        before: tuple[str, ...] = ()
        commits = _dev_number(version)
        if self._versioned and self._run.commit("HEAD"):
            reached = frozenset(_tags(self._root, "HEAD"))
            before = in_order(reached & chain.commits.keys())
            since = [f"^{_tags(self._root)[each]}" for each in in_order(reached)[-1:]]
            commits = int(self._git("rev-list", "--count", "HEAD", *since))
        tree = self.working_tree()
        return self._add(chain, unreleased(version, commits, taken), tree, before)

    def working_tree(self) -> str:
        """Store the templates as they lie in the checkout; return the id of their tree."""
        self._git("add", "--all", "--", "templates")
        return self._git("write-tree", "--prefix=templates/").strip()

    def _add(self, chain: _Chain, version: str, tree: str, before: tuple[str, ...]) -> str:
        """Add a version after those it contains; return the version that brought its templates."""
        parent = chain.commits[before[-1]] if before else None
        if parent is not None and chain.trees[parent] == tree:
            chain.commits[version] = parent
            return next(name for name, commit in chain.tags.items() if commit == parent)
        text = _COMMIT.format(
            tree=tree, parents=f"parent {parent}\n" if parent else "", version=version
        )
        commit = self._git("hash-object", "-t", "commit", "-w", "--stdin", stdin=text.encode())
        commit = commit.strip()
        chain.commits[version] = chain.tags[version] = commit
        chain.trees[commit] = tree
        return version

    def bundle(self, chain: _Chain, head: str) -> bytes:
        """Put the bundle together; ``git bundle`` would reuse whatever deltas it finds here."""
        refs = {"HEAD": head, "refs/heads/main": head}
        refs |= {f"refs/tags/{name}": chain.tags[name] for name in sorted(chain.tags)}
        lines = "".join(f"{commit} {name}\n" for name, commit in refs.items())
        wanted = "".join(f"{commit}\n" for commit in sorted(set(refs.values())))
        data = self._run(
            "-c", "pack.compression=9", "pack-objects", "--quiet", "--stdout", "--revs",
            "--threads=1", "--no-reuse-delta", "--no-reuse-object", "--delta-base-offset",
            stdin=wanted.encode(),
        )  # fmt: skip
        return f"# v2 git bundle\n{lines}\n".encode() + data

    def _git(self, *words: str, stdin: bytes = b"") -> str:
        return self._run(*words, stdin=stdin).decode()


def _dev_number(version: str) -> int:
    _, found, number = version.partition(".dev")
    return int(number) if found and number.isdecimal() else 0
