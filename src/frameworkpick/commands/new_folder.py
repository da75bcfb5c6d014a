"""Writes a project beside its place and moves it there whole, or leaves nothing behind."""

from __future__ import annotations

import os
import secrets
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from frameworkpick import process
from frameworkpick.core.plan import PlannedFile
from frameworkpick.errors import TargetError
from frameworkpick.scratch import temporary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

#: The line of ``.env.example`` that ``.env`` fills in.
_SECRET_LINE = "APP_SECRET_KEY="  # noqa: S105 (a setting's name) # nosec B105


def check_target(target: Path) -> None:
    """Refuse a place that holds anything but a lone ``.git``.

    Raises:
        TargetError: Something is there, or the place cannot be looked at.
    """
    try:
        if target.is_symlink() or (target.exists() and not target.is_dir()):
            raise TargetError(f"{target} exists and is not a folder.", "Choose another name.")
        held = sorted(entry.name for entry in target.iterdir()) if target.is_dir() else []
    except OSError as error:
        raise TargetError(
            f"{target} cannot be used: {error.strerror}.", "Choose another folder with -o."
        ) from error
    if held not in ([], [".git"]):
        raise TargetError(
            f"The folder {target} is not empty.",
            "Choose another name, or another place with -o; nothing was changed.",
        )


@contextmanager
def staged(target: Path) -> Iterator[Staging]:
    """Make a temporary folder beside the target, on the same file system: a rename moves it.

    Raises:
        TargetError: Nothing can be written there.
    """
    parent = target.parent
    made_parents: list[Path] = []
    with ExitStack() as ending:
        ending.callback(_remove, made_parents)
        try:
            with process.held_signals():  # a folder that nobody knows of yet could not be removed
                for folder in reversed([f for f in (parent, *parent.parents) if not f.exists()]):
                    folder.mkdir()
                    made_parents.append(folder)
                scratch = ending.enter_context(temporary(parent))
        except OSError as error:
            raise TargetError(
                f"Nothing can be written in {parent}: {error.strerror}.",
                "Choose another place with -o.",
            ) from error
        yield Staging(scratch / target.name, target, made_parents)


def _remove(made_parents: list[Path]) -> None:
    """Remove the folders that were made for a project which did not come."""
    with process.held_signals(), suppress(OSError):  # somebody put something into it meanwhile
        while made_parents:
            made_parents.pop().rmdir()


@dataclass(frozen=True, slots=True)
class Staging:
    """A project that is put together beside its place."""

    folder: Path  #: Where; made by what is first rendered into it.
    target: Path  #: Its place.
    made_parents: list[Path]  #: Folders that were made around that; they go if it does not come.

    def write_texts(self, texts: Mapping[str, str]) -> None:
        """Write UTF-8 files by their path in the project."""
        for name, text in texts.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")

    def write_secret_env(self) -> None:
        """Write ``.env`` from ``.env.example`` with a random secret, for its owner alone.

        One that the template brought stays as it is.
        """
        example, env_file = self.folder / ".env.example", self.folder / ".env"
        if os.path.lexists(env_file):
            if env_file.is_file() and not env_file.is_symlink():
                env_file.chmod(0o600)
            return
        if not example.is_file():
            return
        lines = example.read_text(encoding="utf-8").splitlines()
        filled = [
            f"{_SECRET_LINE}{secrets.token_urlsafe(48)}" if line == _SECRET_LINE else line
            for line in lines
        ]
        handle = os.open(env_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as env:
            env.write("\n".join(filled) + "\n")

    def files(self) -> tuple[PlannedFile, ...]:
        """List the files, in the order of their paths."""
        return tuple(
            PlannedFile(path.relative_to(self.folder).as_posix(), path.stat().st_size)
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        )

    def commit(self) -> None:
        """Move the project to its place in one step.

        Raises:
            TargetError: The place was taken meanwhile.
        """
        check_target(self.target)
        with process.held_signals():
            if (repository := self.target / ".git").exists():
                repository.rename(self.folder / ".git")
            try:
                self.folder.rename(self.target)
            except OSError as error:
                if (moved := self.folder / ".git").exists():
                    moved.rename(repository)
                raise TargetError(
                    f"The project could not be moved to {self.target}: {error.strerror}.",
                    "Choose another name, or another place with -o; nothing was changed.",
                ) from error
        self.made_parents.clear()
