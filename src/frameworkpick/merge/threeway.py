"""The merge itself: git's, of two pristine renders, in a repository of its own.

Nothing here touches the project. The scratch repository borrows the project's objects, so that its
files need no copying, and is configured by nobody, so that the same merge has the same result
everywhere.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from frameworkpick.errors import FrameworkpickError
from frameworkpick.git import Git, Stored, refuse_old, stored_files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frameworkpick.merge.files import Files

#: A file as it is and as it is to be.
Change = tuple[Stored | None, Stored | None]
#: The mode of a submodule: a commit of another repository.
SUBMODULE = "160000"
#: What the versions of an unmerged file are numbered with.
BASE, OURS, THEIRS = 1, 2, 3

_REASONS = (
    ("binary", "binary, changed by both"),
    ("rename/rename", "moved by both, to different places"),
    ("rename/add", "moved to where the other side added one"),
    ("file/directory", "a file on one side, a folder on the other"),
    ("directory rename", "the folder was moved to more than one place"),
    ("distinct types", "a file on one side, a link on the other"),
    ("submodule", "a submodule"),
    ("add/add", "added by both"),
)


@dataclass(frozen=True, slots=True)
class Merged:
    """The result of a merge, before anything is written."""

    yours: Mapping[str, Stored]  #: The project as it is.
    result: Mapping[str, Stored]  #: As it is to be; conflicts carry markers.
    stages: Mapping[str, Mapping[int, Stored]]  #: The versions of each conflicting file.
    conflicts: Mapping[str, str]  #: Why, by path.
    kept_deleted: tuple[str, ...]  #: Removed by a person; the template's change is left out.
    kept_edited: tuple[str, ...]  #: Removed by the template; kept, because a person changed it.

    def changes(self) -> dict[str, Change]:
        """Return what differs, by path: as it is, and as it is to be."""
        paths = sorted({*self.yours, *self.result})
        pairs = {path: (self.yours.get(path), self.result.get(path)) for path in paths}
        return {path: pair for path, pair in pairs.items() if pair[0] != pair[1]}


class Workbench:
    """A throw-away repository.

    Args:
        scratch: A folder for it.
        objects: Another repository's objects to borrow.
        form: How objects are named: ``sha1`` or ``sha256``.
        attributes_of: A project whose ``.gitattributes`` say how to merge.
    """

    def __init__(
        self,
        scratch: Path,
        *,
        objects: Path | None = None,
        form: str = "sha1",
        attributes_of: Path | None = None,
    ) -> None:
        refuse_old()
        store = scratch / "merge.git"
        env = {"GIT_DIR": str(store)}
        Git.private(scratch)(
            "init", "--quiet", "--bare", "--template=", f"--object-format={form}", str(store)
        )
        if objects is not None:
            (store / "objects" / "info").mkdir(exist_ok=True)
            (store / "objects" / "info" / "alternates").write_bytes(os.fsencode(objects) + b"\n")
        if attributes_of is not None:
            env["GIT_WORK_TREE"] = str(attributes_of)
        self.git = Git.private(attributes_of or scratch, env)

    def unignored(self) -> list[str]:
        """List the files of the work tree that its ignore rules leave."""
        found = self.git("ls-files", "-z", "--others", "--exclude-standard")
        return [os.fsdecode(path) for path in found.split(b"\0") if path]

    def tree(self, tree: str) -> dict[str, Stored]:
        """List a tree's files."""
        return stored_files(self.git("ls-tree", "-r", "-z", "--full-tree", tree))

    def pack(self, names: list[str]) -> bytes:
        """Pack stored files, to be unpacked in another repository."""
        listed = "".join(f"{name}\n" for name in names).encode()
        return self.git("pack-objects", "--quiet", "--stdout", stdin=listed)

    def set_attributes(self, lines: bytes) -> None:
        """Say how files merge, before any ``.gitattributes``."""
        info = Path(os.fsdecode(self.git("rev-parse", "--absolute-git-dir").strip())) / "info"
        info.mkdir(exist_ok=True)
        (info / "attributes").write_bytes(lines)

    def merge(
        self,
        base: Files,
        yours: Files | str,
        new: Files,
        names: tuple[str, str],
        style: str = "merge",
    ) -> Merged:
        """Merge what changed from ``base`` to ``new`` into the project's files.

        Args:
            base: The template as the project was made from it.
            yours: The project's files, or the id of the tree they are in.
            new: The template as it is to be.
            names: What conflict markers call the two sides.
            style: How they show a conflict: ``merge``, ``diff3`` or ``zdiff3``.
        """
        root = "refs/heads/base"
        ours, theirs = (f"refs/tags/{name}" for name in names)
        stream = _commit(root, base) + _commit(theirs, new, root)
        stream += _commit(ours, yours, root)
        self.git("fast-import", "--quiet", "--force", stdin=stream)
        shown = ("-c", f"merge.conflictStyle={style}")
        done = self.git.ask(*shown, "merge-tree", "--write-tree", "-z", *names, ok=(0, 1))
        tree, stages, conflicts = _parse(done.stdout)
        mine, result = self.tree(ours), self.tree(tree)
        _keep_added(mine, result, stages, self.tree(root))
        return _settled(mine, result, stages, conflicts)


def _commit(ref: str, files: Files | str, parent: str | None = None) -> bytes:
    parts = [f"commit {ref}\ncommitter frameworkpick <frameworkpick@localhost> 0 +0000\n".encode()]
    parts.append(b"data 0\n")
    if parent:
        parts.append(f"from {parent}\ndeleteall\n".encode())
    if isinstance(files, str):
        parts.append(f'M 040000 {files} ""\n'.encode())
    else:
        for path, file in files.items():
            parts.append(f"M {file.mode} inline ".encode() + _quoted(path))
            parts.append(f"\ndata {len(file.data)}\n".encode() + file.data + b"\n")
    return b"".join(parts) + b"\n"


def _quoted(path: str) -> bytes:
    escaped = os.fsencode(path).replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    return b'"' + escaped.replace(b"\n", b"\\n") + b'"'


def _parse(answer: bytes) -> tuple[str, dict[str, dict[int, Stored]], dict[str, str]]:
    """Read what ``git merge-tree -z`` wrote: the tree, the unmerged files, and why."""
    fields = iter(answer.split(b"\0"))
    tree = next(fields).decode().strip()
    stages: dict[str, dict[int, Stored]] = {}
    for field in fields:
        if not field:
            break
        facts, _, path = field.partition(b"\t")
        mode, name, stage = facts.decode().split(" ")
        stages.setdefault(os.fsdecode(path), {})[int(stage)] = (mode, name)
    said: dict[str, str] = {}
    for field in fields:
        if not field:
            break
        named = [os.fsdecode(next(fields)) for _ in range(int(field))]
        kind, message = next(fields).decode(), next(fields).decode("utf-8", "replace")
        for each in named:
            said[each] = f"{said.get(each, '')} {kind} {message}"
    return tree, stages, {path: _reason(said.get(path, "")) for path in stages}


def _reason(said: str) -> str:
    return next((why for word, why in _REASONS if word in said), "the same lines changed by both")


def _settled(
    yours: dict[str, Stored],
    result: dict[str, Stored],
    stages: dict[str, dict[int, Stored]],
    conflicts: dict[str, str],
) -> Merged:
    """Settle what only one side removed: what a person did stands."""
    kept_deleted, kept_edited = [], []
    for path, versions in sorted(stages.items()):
        if versions.keys() == {BASE, THEIRS} and path not in yours:
            result.pop(path, None)
            kept_deleted.append(path)
        elif versions.keys() == {BASE, OURS} and result.get(path) == yours.get(path):
            kept_edited.append(path)
    for path in (*kept_deleted, *kept_edited):
        del stages[path], conflicts[path]
    return Merged(yours, result, stages, conflicts, tuple(kept_deleted), tuple(kept_edited))


def _keep_added(
    yours: dict[str, Stored],
    result: dict[str, Stored],
    stages: dict[str, dict[int, Stored]],
    base: dict[str, Stored],
) -> None:
    """Put back what git 2.39 drops: files of a folder that took the place of a moved file.

    Raises:
        FrameworkpickError: Something else lies there.
    """
    kept = {name for _, name in result.values()}
    kept |= {name for versions in stages.values() for _, name in versions.values()}
    for path, stored in yours.items():
        if path in base or path in result or path in stages or stored[1] in kept:
            continue
        around = {parent.as_posix() for parent in PurePosixPath(path).parents}
        if around & result.keys() or any(each.startswith(f"{path}/") for each in result):
            raise FrameworkpickError(
                f"{path} has no place beside what the template moved.",
                "Move it elsewhere, commit that, and run it again.",
            )
        result[path] = stored
