"""What a preset can be named by: a built-in name, a file, or a file in a git repository."""

from __future__ import annotations

import os
import posixpath
import re
from dataclasses import dataclass
from pathlib import Path

from frameworkpick.core.plain_text import shown_address
from frameworkpick.errors import InputError

from .finding import BUILT_IN_LABEL, FILE_NAME, built_in_file, built_in_names

_GIT = re.compile(r"git\+(?P<scheme>https|ssh|file)://(?P<host>[^/]*)(?P<path>/.*)", re.DOTALL)
_SERVER = re.compile(r"(\[[^]]*\]|[^:]*)(:\d*)?")
_REF = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./+-]*")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_HINT = (
    "Name a built-in preset, a file, or git+https://HOST/REPOSITORY.git@TAG#FILE "
    "(git+ssh and git+file too)."
)


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A preset that comes with the program."""

    name: str  #: Its name.
    path: Path  #: Its file.

    @property
    def label(self) -> str:
        """What to call it in a message."""
        return f"{BUILT_IN_LABEL}{self.name}"


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A preset file on this machine."""

    path: Path  #: Where it is, from the root.

    @property
    def label(self) -> str:
        """What to call it in a message: as short as it is clear from here."""
        relative = os.path.relpath(self.path)
        return str(self.path) if relative.startswith(os.pardir) else relative


@dataclass(frozen=True, slots=True)
class InRepository:
    """A preset file in a git repository."""

    url: str  #: The repository's address, with the leading ``git+``.
    ref: str  #: A tag, a branch or a commit.
    file: str  #: The file's path in it.

    @property
    def label(self) -> str:
        """What to call it in a message."""
        return f"{self.url}@{self.ref}" + (f"#{self.file}" if self.file != FILE_NAME else "")

    @property
    def fixed(self) -> bool:
        """Whether the reference names a commit, which never changes."""
        return _COMMIT.fullmatch(self.ref) is not None

    @property
    def on_this_machine(self) -> bool:
        """Whether the repository is a folder."""
        return self.url.startswith("git+file:")


Reference = BuiltIn | LocalFile | InRepository


def read_reference(text: str, base: Path) -> Reference:
    """Tell what a preset's name means.

    Args:
        text: As a person or a file wrote it.
        base: The folder that a relative path starts from.

    Raises:
        InputError: It means nothing.
    """
    if not text.strip() or not text.isprintable():
        raise InputError(["The name of a preset is empty or holds control characters."], _HINT)
    if text.startswith("git+") or "://" in text:
        return read_git_reference(text)
    if (path := built_in_file(text)) is not None:
        return BuiltIn(text, path)
    if not (re.search(r"[/\\.]", text) or (base / text).is_file()):
        from frameworkpick.core.selection import did_you_mean  # noqa: PLC0415 (pays for difflib)

        names = built_in_names()
        raise InputError(
            [f"There is no preset {text!r}.{did_you_mean(text, names)}"],
            f"Built in are {', '.join(names)}; a file is named by its path.",
        )
    try:
        path = base / Path(text).expanduser()
    except RuntimeError as error:  # ~somebody who is not there
        raise InputError(
            [f"The preset {text!r} is in the home of nobody known here."], _HINT
        ) from error
    return LocalFile(Path(os.path.abspath(path)))  # noqa: PTH100 (no link is followed)


def read_git_reference(text: str) -> InRepository:
    """Read an address of the form ``git+https://HOST/PATH@REF#FILE``.

    Raises:
        InputError: It has another form.
    """
    address, _, file = text.partition("#")
    found = _GIT.fullmatch(address)
    shown = shown_address(text)
    who, _, server = found["host"].rpartition("@") if found else ("", "", "")
    if found is None or not _SERVER.fullmatch(server):
        raise InputError([f"The preset address {shown!r} is not of a form used here."], _HINT)
    if who and (":" in who or found["scheme"] == "https"):
        raise InputError(
            [f"The preset address {shown!r} names who you are, and every project would keep it."],
            "Leave that to git: a credential helper, or url.<base>.insteadOf.",
        )
    path, at, ref = found["path"].rpartition("@")
    if not at or not path.strip("/"):
        raise InputError(
            [f"The preset address {shown!r} names no version."],
            "Write @ and a tag behind the repository, such as @v1.2.",
        )
    if not _REF.fullmatch(ref) or ".." in ref or ref.endswith(("/", ".", ".lock")):
        raise InputError([f"{ref!r} in the preset address {shown!r} is no tag."], _HINT)
    url = f"git+{found['scheme']}://{found['host']}{path}"
    return InRepository(url, ref, _inside(file or FILE_NAME, shown))


def beside(reference: InRepository, file: str) -> InRepository:
    """Return another file of the same repository at the same place in its history.

    Args:
        reference: The file that names the other.
        file: The other's path, relative to it.

    Raises:
        InputError: The path leaves the repository.
    """
    joined = posixpath.join(posixpath.dirname(reference.file), file)
    return InRepository(reference.url, reference.ref, _inside(joined, reference.label))


def _inside(file: str, where: str) -> str:
    path = posixpath.normpath(file)
    if path.startswith(("/", "../")) or path in {".", ".."} or "\\" in path:
        raise InputError(
            [f"The file {file!r} named in {where} is outside of its repository."],
            "Name a file by its path from the top of the repository.",
        )
    return path
