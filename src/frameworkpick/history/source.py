"""A template's versions in a git repository, and how one of them is written out.

Git's own checkout would apply attributes and filters, and would follow what was written before;
here every byte is the repository's, and every name is looked at first.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from frameworkpick.core.paths import fault_of
from frameworkpick.core.plain_text import decoded
from frameworkpick.core.upgrades import Upgrade, read_upgrades
from frameworkpick.core.versions import (
    ADDRESS,
    described_commit,
    in_order,
    latest_of,
    nearest,
    version_key,
)
from frameworkpick.errors import CatalogError, FrameworkpickError, InputError
from frameworkpick.git import Git, GitError
from frameworkpick.scratch import stays_inside

from .cache import refresh
from .releases import INCOMPLETE, is_listed

if TYPE_CHECKING:
    from pathlib import Path

    from .address import Address


#: Begins like a version: what is none is said of these tags only.
_LIKE_A_VERSION = re.compile(r"\D?\d|\D+[-_/]v?\d+\.\d")
#: Bytes that all files of a template may have together.
_LARGEST = 100 * 1024 * 1024
_FILE, _PROGRAM, _LINK = "100644", "100755", "120000"
_REFUSED = "Have its owner correct it; nothing of it was used."
#: The file beside ``copier.yml``; it is never rendered.
UPGRADES_FILE = "UPGRADES.toml"


class Source:
    """A template repository; a team's own is asked once, and only when that is needed.

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

        ``commit`` is what the version named when that was noted down; it counts, if it is here.

        Returns:
            The folder that holds ``copier.yml``.

        Raises:
            InputError: There is no such version.
            FrameworkpickError: It is not safe to use.
        """
        at = commit if self.holds(commit) else self.commit(version)
        label = f"The template {self.address} {version}"
        _write_tree(self._git_dir, at, into, label=label)
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


def upgrades_of(templates: Path) -> tuple[Upgrade, ...]:
    """Return the manual steps and breaking changes that templates know of, oldest first.

    ``templates`` is what :meth:`Source.tree` returned.

    Raises:
        CatalogError: The file is not valid; the message lists every fault.
    """
    path = templates / UPGRADES_FILE
    if not path.is_file():
        return ()
    try:
        content = tomllib.loads(decoded(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise CatalogError(
            f"{UPGRADES_FILE} of the template cannot be read: {error}", "Correct the file."
        ) from error
    return read_upgrades(content, UPGRADES_FILE)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file in a repository's tree."""

    mode: str  #: Kind and executable bit, as git writes them.
    blob: str  #: Id of its content.
    size: int  #: Length of its content.
    path: str  #: Where it lies.


def _write_tree(git_dir: Path, commit: str, into: Path, *, label: str) -> None:
    """Write the files of a commit into a folder that is empty or does not exist.

    Raises:
        FrameworkpickError: It holds a submodule, a name or a link that leaves the folder, a name
            inside ``.git``, or too much.
    """
    entries = _entries(git_dir, commit, label)
    blobs = sorted({entry.blob for entry in entries})
    contents = dict(zip(blobs, Git.bare(git_dir).contents(blobs), strict=True))
    into.mkdir(parents=True, exist_ok=True)
    # Links last: whatever they point at, no file is written through them.
    for entry in sorted(entries, key=lambda each: each.mode == _LINK):
        path = into / entry.path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if entry.mode == _LINK:
                path.symlink_to(contents[entry.blob].decode("utf-8"))
            else:
                with path.open("xb") as file:
                    file.write(contents[entry.blob])
                if entry.mode == _PROGRAM:
                    path.chmod(path.stat().st_mode | 0o111)
        except (OSError, ValueError) as error:
            raise _refused(label, entry.path, f"cannot be written: {error}") from error
    for entry in entries:
        if entry.mode == _LINK and not stays_inside(into / entry.path, into):
            raise _refused(label, entry.path, "is a link that leaves the template")


def _entries(git_dir: Path, commit: str, label: str) -> list[_Entry]:
    listed = Git.bare(git_dir)("ls-tree", "-r", "-l", "-z", "--full-tree", commit)
    entries = []
    for line in filter(None, listed.split(b"\0")):
        head, _, name = line.partition(b"\t")
        mode, _, blob, size = head.decode().split()
        path = name.decode("utf-8", "surrogateescape")
        if mode == "160000":
            raise _refused(label, path, "is a submodule, which a template cannot have")
        if (fault := fault_of(path)) or mode not in {_FILE, _PROGRAM, _LINK, "100664"}:
            raise _refused(label, path, fault or f"has the unknown mode {mode}")
        entries.append(_Entry(mode, blob, int(size), path))
    if sum(entry.size for entry in entries) > _LARGEST:
        raise FrameworkpickError(
            f"{label} holds more than {_LARGEST // 1024**2} MiB, too much for a template.", _REFUSED
        )
    return entries


def _refused(label: str, path: str, why: str) -> FrameworkpickError:
    shown = path.encode("utf-8", "replace").decode()
    return FrameworkpickError(f"{label} is refused: {shown!r} {why}.", _REFUSED)
