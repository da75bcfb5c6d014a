"""A template with its versions, wherever it comes from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from frameworkpick.core.template import (
    ADDRESS,
    described_commit,
    in_order,
    latest_of,
    nearest,
    version_key,
)
from frameworkpick.errors import FrameworkpickError, InputError
from frameworkpick.git import Git, GitError

from .mirror import refresh
from .releases import INCOMPLETE, is_listed
from .tree import write_tree

if TYPE_CHECKING:
    from pathlib import Path

    from .address import Address


#: Begins like a version: what is none is said of these tags only.
_LIKE_A_VERSION = re.compile(r"\D?\d|\D+[-_/]v?\d+\.\d")


class Source:
    """A template repository; a team's own is asked once, and only when that is needed.

    Args:
        git_dir: The repository, or what was fetched of it.
        where: Where a team's own is; without it, the one of this installation.

    Attributes:
        address: As a generated project keeps it.
        stale: Why the versions may not be the newest; empty when they are.
    """

    def __init__(self, git_dir: Path, where: Address | None = None) -> None:
        self.address = where.recorded if where else ADDRESS
        self.stale = ""
        self._git_dir = git_dir
        self._where = where
        self._asked: set[str] = set()
        self._known: dict[str, str] | None = None

    def versions(self) -> tuple[str, ...]:
        """Return the versions as they are tagged, oldest first; of ``X`` and ``vX`` only ``X``.

        Offline, those that were there when last asked.
        """
        self._ask("tags")
        tags = self._tags()
        return in_order({name for name in tags if not (name[0] == "v" and name[1:] in tags)})

    def latest(self) -> str:
        """Return the highest final release; where none is released, the highest version.

        Raises:
            FrameworkpickError: The repository has no version.
        """
        if versions := self.versions():
            return latest_of(versions)
        raise FrameworkpickError(
            f"The template repository {self.address} has no version.",
            "Tag its commits with versions, such as 1.0.0 or v1.0.0.",
        )

    def has(self, version: str) -> bool:
        """Whether there is such a version, however it is spelled."""
        return self._found(version) is not None

    def spelled(self, version: str) -> str:
        """Return how this repository spells a version, which is what git and Copier understand.

        Raises:
            InputError: It does not exist; the hint names the nearest.
        """
        return self._named(version)[0]

    def commit(self, version: str) -> str:
        """Return the id of the commit that a version names now.

        Raises:
            InputError: There is no such version.
        """
        return self._commit_at(self._named(version)[1]) or ""

    def holds(self, commit: str) -> bool:
        """Whether a commit is here, by its full id."""
        return bool(re.fullmatch(r"[0-9a-f]{40,64}", commit)) and bool(self._commit_at(commit))

    def passed_over(self) -> tuple[str, ...]:
        """Return the tags that look like versions, are none, and hold more than the latest does."""
        newest = self._tags()[self.latest()]
        words = ("for-each-ref", "--format=%(refname:strip=2)", f"--no-merged={newest}")
        listed = self._git(*words, "refs/tags").split("\n")
        return tuple(tag for tag in listed if _LIKE_A_VERSION.match(tag) and not version_key(tag))

    def tree(self, version: str, into: Path, commit: str = "") -> Path:
        """Write the templates of a version into a folder that is empty or does not exist.

        Args:
            version: The version.
            into: The folder.
            commit: What the version named when that was noted down; it counts, if it is here.

        Returns:
            The folder that holds ``copier.yml``.

        Raises:
            InputError: There is no such version.
            FrameworkpickError: It is not safe to use.
        """
        at = commit if self.holds(commit) else self.commit(version)
        label = f"The template {self.address} {version}"
        write_tree(self._git_dir, at, into, label=label)
        if not (into / "copier.yml").is_file():
            raise FrameworkpickError(
                f"{label} has no copier.yml at its top.", "Give a repository of templates."
            )
        return into

    def _named(self, version: str) -> tuple[str, str]:
        if found := self._found(version):
            return found
        problem = f"The template {self.address} has no version {version}."
        raise InputError([problem], self._advice(version))

    def _found(self, version: str) -> tuple[str, str] | None:
        """Return how a version is spelled here, and what git knows it by; asked only at need."""
        if (found := self._found_here(version)) is not None or self._where is None:
            return found
        self._ask(*(("tags", "heads") if described_commit(version) else ("tags",)))
        return self._found_here(version)

    def _ask(self, *refs: str) -> None:
        if self._where is None or self._asked.issuperset(refs):
            return
        try:
            refresh(self._git_dir, self._where, refs)
        except GitError as error:
            if not self._tags():
                raise
            self.stale = error.message
        self._asked |= {*refs}
        self._known = None

    def _found_here(self, version: str) -> tuple[str, str] | None:
        tags = self._tags()
        for name in (version, f"v{version}", version.removeprefix("v")):
            if name in tags:
                return name, tags[name]
        commit = described_commit(version)
        return (version, commit) if commit and self._commit_at(commit) else None

    def _commit_at(self, ref: str) -> str | None:
        return Git.bare(self._git_dir).commit(ref)

    def _tags(self) -> dict[str, str]:
        """Return the tags that are versions, with their references."""
        if self._known is None:
            refs = self._git("for-each-ref", "--format=%(refname)", "refs/tags").split("\n")
            named = {ref.removeprefix("refs/tags/"): ref for ref in refs}
            self._known = {
                name: ref
                for name, ref in named.items()
                if version_key(name) and not described_commit(name)
            }
        return self._known

    def _git(self, *words: str) -> str:
        return Git.bare(self._git_dir)(*words).decode("utf-8", "replace")

    def _advice(self, version: str) -> str:
        if self._where is not None:
            return self.stale or _known(self.versions(), version)
        if is_listed(version):
            return f"{INCOMPLETE}."
        asked, known = version_key(version), self.versions()
        highest = version_key(known[-1]) if known else None
        if asked is not None and highest is not None and asked > highest:
            return "It comes from a newer frameworkpick: upgrade frameworkpick."
        if ".dev" in version:
            return "It comes from an unreleased build of frameworkpick; install that build."
        return _known(known, version)


def _known(versions: tuple[str, ...], wanted: str) -> str:
    near = nearest(versions, wanted)
    if len(near) == len(versions):
        return f"It has: {', '.join(versions) or 'no version at all'}."
    return f"The nearest of its {len(versions)} versions: {', '.join(near)}."


def is_built_in(address: str) -> bool:
    """Whether an address is that of the templates that came with this installation."""
    return address in {ADDRESS, ADDRESS.removesuffix(".git")}
