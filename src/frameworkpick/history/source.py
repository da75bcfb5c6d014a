"""A template with its versions, wherever it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.core.template import ADDRESS, in_order, latest_of, nearest, version_key
from frameworkpick.errors import FrameworkpickError, InputError

from .git import GitError, git, inside
from .mirror import mirror_of, refresh
from .tree import write_tree

if TYPE_CHECKING:
    from pathlib import Path

    from .address import Address


class Source:
    """A template repository.

    Attributes:
        address: As a generated project keeps it.
        stale: Why the versions may not be the newest; empty when they are.
    """

    def __init__(self, address: str, git_dir: Path) -> None:
        self.address = address
        self.stale = ""
        self._git_dir = git_dir
        self._found: dict[str, str] | None = None

    def versions(self) -> tuple[str, ...]:
        """Return the versions, oldest first."""
        return in_order(frozenset(self._tags()))

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
        """Whether there is such a version."""
        return self._tag(version) is not None

    def check(self, version: str) -> None:
        """Refuse a version that does not exist.

        Raises:
            InputError: It does not; the hint names the nearest.
        """
        if not self.has(version):
            problem = f"The template {self.address} has no version {version}."
            raise InputError([problem], self._advice(version))

    def tree(self, version: str, into: Path) -> Path:
        """Write the templates of a version into a folder that is empty or does not exist.

        Returns:
            The folder that holds ``copier.yml``.

        Raises:
            InputError: There is no such version.
            FrameworkpickError: It is not safe to use.
        """
        self.check(version)
        tag = self._tag(version)
        assert tag is not None  # noqa: S101 (just checked) # nosec B101
        label = f"The template {self.address} {version}"
        write_tree(self._git_dir, tag, into, label=label)
        if not (into / "copier.yml").is_file():
            raise FrameworkpickError(
                f"{label} has no copier.yml at its top.", "Give a repository of templates."
            )
        return into

    def _tag(self, version: str) -> str | None:
        return self._tags().get(version)

    def _tags(self) -> dict[str, str]:
        """Return the tags by version; where ``X`` and ``vX`` exist, ``X`` counts."""
        if self._found is not None:
            return self._found
        words = ["for-each-ref", "--format=%(refname)", "refs/tags"]
        refs = (
            git(*words, cwd=self._git_dir, env=inside(self._git_dir))
            .decode("utf-8", "replace")
            .split("\n")
        )
        named = {ref.removeprefix("refs/tags/"): ref for ref in refs}
        with_v = {name[1:]: ref for name, ref in named.items() if name.startswith("v")}
        both = with_v | named
        self._found = {name: ref for name, ref in both.items() if version_key(name) is not None}
        return self._found

    def _advice(self, version: str) -> str:
        asked, known = version_key(version), self.versions()
        highest = version_key(known[-1]) if known else None
        if asked is not None and highest is not None and asked > highest:
            return "It comes from a newer frameworkpick: upgrade frameworkpick."
        if ".dev" in version:
            return "It comes from an unreleased build of frameworkpick; install that build."
        return _known(known, version)


class TeamSource(Source):
    """A team's own repository: asked once for its versions, and only when that is needed."""

    def __init__(self, address: Address) -> None:
        super().__init__(address.recorded, mirror_of(address))
        self._address = address
        self._asked = False

    def versions(self) -> tuple[str, ...]:
        """Return the versions, oldest first; offline, those that were there when last asked."""
        self._ask()
        return super().versions()

    def _tag(self, version: str) -> str | None:
        if (found := super()._tag(version)) is not None:
            return found  # works offline
        self._ask()
        return super()._tag(version)

    def _ask(self) -> None:
        if self._asked:
            return
        try:
            refresh(self._git_dir, self._address)
        except GitError as error:
            if not self._tags():
                raise
            self.stale = error.message
        self._asked = True
        self._found = None

    def _advice(self, version: str) -> str:
        return self.stale or _known(super().versions(), version)


def _known(versions: tuple[str, ...], wanted: str) -> str:
    near = nearest(versions, wanted)
    if len(near) == len(versions):
        return f"It has: {', '.join(versions) or 'no version at all'}."
    return f"The nearest of its {len(versions)} versions: {', '.join(near)}."


def is_built_in(address: str) -> bool:
    """Whether an address is that of the templates that came with this installation."""
    return address in {ADDRESS, ADDRESS.removesuffix(".git")}
