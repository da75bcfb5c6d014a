"""Writes a version out of a repository into a folder, so that nothing lands outside of it.

Git's own checkout would apply attributes and filters, and would follow what was written before;
here every byte is the repository's, and every name is looked at first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from frameworkpick.core.paths import fault_of
from frameworkpick.errors import FrameworkpickError
from frameworkpick.git import Git
from frameworkpick.scratch import stays_inside

if TYPE_CHECKING:
    from pathlib import Path

#: Bytes that all files of a template may have together.
_LIMIT = 100 * 1024 * 1024
_FILE, _PROGRAM, _LINK = "100644", "100755", "120000"
_HINT = "Have its owner correct it; nothing of it was used."


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file in a repository's tree."""

    mode: str  #: Kind and executable bit, as git writes them.
    blob: str  #: Id of its content.
    size: int  #: Length of its content.
    path: str  #: Where it lies.


def write_tree(git_dir: Path, commit: str, into: Path, *, label: str) -> None:
    """Write the files of a commit into a folder that is empty or does not exist.

    Args:
        git_dir: The bare repository.
        commit: A name of the commit.
        into: The folder.
        label: What to call the template in a message.

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
    if sum(entry.size for entry in entries) > _LIMIT:
        raise FrameworkpickError(
            f"{label} holds more than {_LIMIT // 1024**2} MiB, too much for a template.", _HINT
        )
    return entries


def _refused(label: str, path: str, why: str) -> FrameworkpickError:
    shown = path.encode("utf-8", "replace").decode()
    return FrameworkpickError(f"{label} is refused: {shown!r} {why}.", _HINT)
