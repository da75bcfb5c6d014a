"""Works a merge out completely before anything of the project is touched."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from frameworkpick.merge import habits
from frameworkpick.merge.files import (
    File,
    Files,
    expected_refusals,
    is_crlf,
    read_file,
    read_folder,
)
from frameworkpick.merge.files import with_line_ends_of as with_ends
from frameworkpick.merge.place import OWN_FOLDER
from frameworkpick.merge.threeway import SUBMODULE, Merged, Workbench

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from frameworkpick.merge.place import Place

#: What conflict markers call the project's side.
YOURS = "yours"


@dataclass(frozen=True, slots=True)
class Planned:
    """A merge that is ready to be applied."""

    bench: Workbench  #: The repository it was worked out in.
    merged: Merged  #: The result.
    untracked: tuple[str, ...]  #: The template has them, git does not know them: left alone.

    def marked(self) -> frozenset[str]:
        """Return the conflicting files that show both sides between markers."""
        result = self.merged.result
        paths = [p for p in self.merged.conflicts if p in result and result[p][0] != SUBMODULE]
        contents = self.bench.git.contents([result[path][1] for path in paths])
        marker = f"<<<<<<< {YOURS}".encode()
        return frozenset(p for p, data in zip(paths, contents, strict=True) if marker in data)


@expected_refusals()
def plan(
    place: Place,
    scratch: Path,
    *,
    base: Path,
    new: Path,
    label: str,
    extend: Mapping[str, Callable[[bytes], bytes]] | None = None,
) -> Planned:
    """Merge what changed between two renders into a project, in a scratch repository.

    Args:
        place: The project.
        scratch: An empty folder.
        base: The template as the project was made from it.
        new: The template as it is to be.
        label: What conflict markers call the template's side.
        extend: Files of the project that are written anew from what they are, if they are there.
    """
    repository = place.repository
    bench = Workbench(
        scratch,
        objects=repository.objects if repository else None,
        form=repository.format if repository else "sha1",
        attributes_of=place.folder,
    )
    old_files, new_files = read_folder(base), read_folder(new)
    wanted = {*old_files, *new_files, *(extend or {})}
    yours: Files | str
    if repository is None:
        yours = head = _loose(place, bench)
        known: Collection[str] = yours
        submodules: Collection[str] = ()
    else:
        spelled = f"{repository.head}:{repository.prefix.rstrip('/')}"
        yours = repository.git("rev-parse", "--verify", spelled).decode().strip()
        listed = bench.tree(yours)
        known = listed
        submodules = [path for path, (mode, _) in listed.items() if mode == SUBMODULE]
        held = [path for path in sorted(wanted & listed.keys()) if path not in submodules]
        contents = bench.git.contents([listed[path][1] for path in held])
        head = {p: File(listed[p][0], data) for p, data in zip(held, contents, strict=True)}
    untracked = _untracked(place.folder, wanted, known, submodules)
    for path in untracked:
        old_files.pop(path, None)
        new_files.pop(path, None)
    texts = _normalised(
        place, [p for p, f in new_files.items() if p not in head and is_crlf(f.data)]
    )
    old_files, new_files = with_ends(head, old_files, texts), with_ends(head, new_files, texts)
    for path, longer in (extend or {}).items():
        if path in head:
            old_files[path] = head[path]
            new_files[path] = File(head[path].mode, longer(head[path].data))
    style = "merge"
    if repository is not None:
        style = habits.style_of(repository)
        bench.set_attributes(habits.attributes_of(repository, {*known, *old_files, *new_files}))
    merged = bench.merge(old_files, yours, new_files, (YOURS, label), style)
    return Planned(bench, merged, tuple(sorted(untracked)))


def _normalised(place: Place, paths: Collection[str]) -> set[str]:
    """Find the files that the project's attributes make git keep with LF; no filter runs."""
    if place.repository is None or not paths:
        return set()
    listed = os.fsencode("".join(f"{path}\0" for path in paths))
    said = place.repository.git("check-attr", "-z", "--stdin", "text", "eol", stdin=listed)
    fields = [os.fsdecode(field) for field in said.split(b"\0")]
    attributes = dict(zip(zip(fields[::3], fields[1::3], strict=False), fields[2::3], strict=False))
    return {
        path
        for path in paths
        if attributes[path, "text"] in {"set", "auto"}
        or (attributes[path, "text"] == "unspecified" and attributes[path, "eol"] in {"lf", "crlf"})
    }


def _loose(place: Place, bench: Workbench) -> Files:
    """Read a project that is not in git: all but what it ignores."""
    found: Files = {}
    for path in bench.unignored():
        if PurePosixPath(path).parts[0] == OWN_FOLDER:
            continue
        if (file := read_file(place.folder / path)) is not None:
            found[path] = file
    return found


def _untracked(
    folder: Path, wanted: Collection[str], known: Collection[str], submodules: Collection[str]
) -> set[str]:
    """Find what git does not know and would overwrite: an ignored ``.env``, a submodule's file."""
    folders = {parent.as_posix() for path in known for parent in PurePosixPath(path).parents}
    found = set()
    for path in wanted:
        if any(f"{path}/".startswith(f"{each}/") for each in submodules):
            found.add(path)
            continue
        if path in known:
            continue
        parents = [parent.as_posix() for parent in PurePosixPath(path).parents][:-1]
        blocked = any(
            parent not in folders
            and parent not in known
            and os.path.lexists(folder / parent)
            and ((folder / parent).is_symlink() or not (folder / parent).is_dir())
            for parent in parents
        )
        if blocked or (os.path.lexists(folder / path) and path not in folders):
            found.add(path)
    return found
