"""Files as the merge sees them, mode and bytes by path: read, written down, their line ends."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from frameworkpick.errors import FrameworkpickError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

#: There is no such file, or what leads to it is no folder: a file, or a link to itself.
NOTHING = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}
REGULAR, EXECUTABLE, LINK = "100644", "100755", "120000"


@dataclass(frozen=True, slots=True)
class File:
    """One file or symbolic link."""

    mode: str  #: As git writes it: 100644, 100755, or 120000 for a link.
    data: bytes  #: The content; of a link where it points to.

    @property
    def digest(self) -> str:
        """A hash of the content."""
        return sha256(self.data).hexdigest()


#: Files by their path, with forward slashes.
Files = dict[str, File]


def read_file(path: Path) -> File | None:
    """Read what is at a path, never following a link; ``None`` when it is no file."""
    try:
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            return File(LINK, os.fsencode(path.readlink()))
        if not stat.S_ISREG(found.st_mode):
            return None
        data = path.read_bytes()
    except OSError as error:
        if error.errno in NOTHING:
            return None
        raise
    return File(EXECUTABLE if found.st_mode & stat.S_IXUSR else REGULAR, data)


def read_folder(root: Path) -> Files:
    """Read every file under a folder."""
    found: Files = {}
    for path in _walk(root):
        if (file := read_file(path)) is not None:
            found[path.relative_to(root).as_posix()] = file
    return found


def _walk(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        here = root / os.path.relpath(folder, root)
        yield from (here / name for name in names)
        yield from (here / name for name in folders if (here / name).is_symlink())


def write_down(path: Path, data: bytes) -> None:
    """Write a file and bring it to the disk, so that a power cut does not take it back."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def settle(folder: Path) -> None:
    """Bring a folder's list of names to the disk, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def prune(folder: Path, top: Path) -> None:
    """Remove folders that are empty now, up to the project's own."""
    with suppress(OSError):
        while folder != top:
            folder.rmdir()
            folder = folder.parent


def with_line_ends_of(
    head: Mapping[str, File], files: Mapping[str, File], unix: Collection[str] = ()
) -> Files:
    """Write a template's files with the line ends that the project keeps.

    A file whose line ends the project keeps otherwise would differ in every line. What the project
    does not have gets CRLF when most of its other files have it.

    Args:
        head: The project's files as git keeps them.
        files: The template's.
        unix: Those that the project does not have, and that git is to keep with LF.
    """
    common = [head[path].data for path in files if path in head and head[path].data]
    crlf = sum(map(is_crlf, common)) * 2 > len(common)
    written = dict(files)
    for path, file in files.items():
        kept = head[path].data if path in head else None
        if file.mode == LINK:
            continue
        if crlf if kept is None else is_crlf(kept):
            written[path] = File(file.mode, _to_crlf(file.data))
        elif is_crlf(file.data) and (path in unix if kept is None else _is_lf(kept)):
            written[path] = File(file.mode, _unix(file.data))
    return written


def same_text(one: bytes, other: bytes) -> bool:
    """Whether two contents are the same but for their line ends."""
    return one == other or (_unix(one) == _unix(other) and b"\0" not in one)


def is_crlf(data: bytes) -> bool:
    """Whether a text has CRLF at the end of each line."""
    return b"\0" not in data and 0 < data.count(b"\r\n") == data.count(b"\n")


def _is_lf(data: bytes) -> bool:
    return b"\n" in data and b"\r\n" not in data and b"\0" not in data


def _to_crlf(data: bytes) -> bytes:
    return data if b"\0" in data else _unix(data).replace(b"\n", b"\r\n")


def _unix(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")


def _temporary(project: Path, number: int, path: str) -> Path:
    """Return where a file is written before it is moved to its place."""
    return (project / path).parent / f".frameworkpick-{number}.tmp"


def clear(project: Path, number: int, path: str) -> None:
    """Remove what a sudden end left beside the place of a file."""
    with suppress(FileNotFoundError, NotADirectoryError):
        _temporary(project, number, path).unlink()


def place_file(project: Path, number: int, path: str, mode: str, data: bytes) -> None:
    """Write one file beside its place and move it there, never through a link."""
    target = project / path
    for parent in target.relative_to(project).parents:
        if (project / parent).is_symlink():
            raise FrameworkpickError(
                f"{path} leads through the link {parent}.", "Nothing is written through links."
            )
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = _temporary(project, number, path)
    clear(project, number, path)
    if mode == LINK:
        scratch.symlink_to(os.fsdecode(data))
    else:
        executable = mode == EXECUTABLE
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(scratch, flags, 0o777 if executable else 0o666), "wb") as file:
            file.write(data)
        if target.is_file() and not target.is_symlink():
            bits = target.stat().st_mode & 0o777
            scratch.chmod(bits | (bits & 0o444) >> 2 if executable else bits & ~0o111)
    scratch.replace(target)


@contextmanager
def expected_refusals() -> Iterator[None]:
    """Turn a refusal of the file system into an expected failure; also a decorator."""
    try:
        yield
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        raise FrameworkpickError(
            f"The project's files could not be read or written: {error.strerror or error}{where}.",
            "Put that right and run it again; what is half-done is undone by the next run.",
        ) from error
