"""Which preset a run uses, and what its name means: built in, a file, or one in a repository."""

from __future__ import annotations

import os
import posixpath
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from frameworkpick.core.plain_text import did_you_mean, shown_address
from frameworkpick.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The preset of a folder and of everything in it; also the default file of a repository.
FILE_NAME = "frameworkpick-preset.toml"
#: Names a preset when no flag does.
VARIABLE = "FRAMEWORKPICK_PRESET"

_BUILT_IN = Path(__file__).parents[1] / "data" / "presets"
_GIT = re.compile(r"git\+(?P<scheme>https|ssh|file)://(?P<host>[^/]*)(?P<path>/.*)", re.DOTALL)
_SERVER = re.compile(r"(\[[^]]*\]|[^:]*)(:\d*)?")
_REF = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./+-]*")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_HINT = (
    "Name a built-in preset, a file, or git+https://HOST/REPOSITORY.git@TAG#FILE "
    "(git+ssh and git+file too)."
)


@dataclass(frozen=True, slots=True)
class ChosenPreset:
    """A preset that a run uses."""

    source: str  #: What :func:`~frameworkpick.presets.load` takes.
    origin: Literal["flag", "variable", "folder", "user"]  #: Who named it.
    note: str  #: A sentence for the person; empty when they named it themselves with a flag.


def find(named: str | None, start: Path) -> ChosenPreset | None:
    """Find the preset to use: flag, variable, the folder's or one above it, the person's own.

    Args:
        named: What the flag says.
        start: The folder to look in and above.
    """
    if named is not None:
        return ChosenPreset(named, "flag", "")
    if variable := os.environ.get(VARIABLE):
        note = f"The preset is {shown_address(variable)}, named by {VARIABLE}."
        return ChosenPreset(variable, "variable", note)
    for origin, path in found_files(start):
        return ChosenPreset(str(path), origin, f"The preset is {path}.")
    return None


def found_files(start: Path) -> Iterator[tuple[Literal["folder", "user"], Path]]:
    """Yield the presets that are found without being named, the one that counts first.

    Args:
        start: The folder to look in and above.
    """
    folder = Path(os.path.abspath(start))  # noqa: PTH100 (without "..", and no link is followed)
    for each in (folder, *folder.parents):
        if _is_file(each / FILE_NAME):
            yield "folder", each / FILE_NAME
            break
    if (own := user_file()) is not None and _is_file(own):
        yield "user", own


def user_file() -> Path | None:
    """Return where a person's own preset belongs; None when they have no home."""
    if given := os.environ.get("XDG_CONFIG_HOME"):
        base = Path(given)
    else:
        try:
            base = Path.home() / ".config"
        except RuntimeError:
            return None
    return base / "frameworkpick" / "preset.toml" if base.is_absolute() else None


def built_in_names() -> tuple[str, ...]:
    """Return the names of the presets that come with the program."""
    return tuple(sorted(path.stem for path in _BUILT_IN.glob("*.toml")))


def built_in_file(name: str) -> Path | None:
    """Return the file of a built-in preset; None when there is none of that name."""
    return _BUILT_IN / f"{name}.toml" if name in built_in_names() else None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder that may not be looked into
        return False


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A preset file on this machine."""

    path: Path  #: Where it is, from the root.
    built_in: str = ""  #: Its name, if it comes with the program.
    fixed = True  #: There is no tag that could name something else one day.

    @property
    def label(self) -> str:
        """What to call it in a message: as short as it is clear from here."""
        if self.built_in:
            return f"the built-in preset {self.built_in}"
        relative = os.path.relpath(self.path)
        return str(self.path) if relative.startswith(os.pardir) else relative

    @property
    def full_name(self) -> str:
        """The same with the file's own ending, which tells the form of the content."""
        return str(self.path) if self.built_in else self.label


@dataclass(frozen=True, slots=True)
class InRepository:
    """A preset file in a git repository."""

    url: str  #: The repository's address, with the leading ``git+``.
    ref: str  #: A tag, a branch or a commit.
    file: str  #: The file's path in it.
    built_in = ""  #: None of them comes with the program.

    @property
    def label(self) -> str:
        """What to call it in a message."""
        return f"{self.url}@{self.ref}" if self.file == FILE_NAME else self.full_name

    @property
    def full_name(self) -> str:
        """The same with the file's own ending, which tells the form of the content."""
        return f"{self.url}@{self.ref}#{self.file}"

    @property
    def fixed(self) -> bool:
        """Whether the reference names a commit, which never changes."""
        return _COMMIT.fullmatch(self.ref) is not None

    @property
    def on_this_machine(self) -> bool:
        """Whether the repository is a folder."""
        return self.url.startswith("git+file:")


Reference = LocalFile | InRepository


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
        return LocalFile(path, text)
    if not (re.search(r"[/\\.]", text) or (base / text).is_file()):
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
