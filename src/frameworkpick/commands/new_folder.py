"""Writes a project beside its place and moves it there whole, or leaves nothing behind."""

from __future__ import annotations

import os
import secrets
from typing import IO, TYPE_CHECKING, Self

from frameworkpick import process, scratch
from frameworkpick.core.plan import PlannedFile
from frameworkpick.errors import TargetError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

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


class Staging:
    """A temporary folder beside the target, on the same file system, so that a rename moves it.

    Attributes:
        folder: Where the project is put together; made by what is first rendered into it.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._made_parents: list[Path] = []
        self._scratch: Path | None = None
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        parent = self._target.parent
        try:
            with process.held_signals():  # a folder that nobody knows of yet could not be removed
                self._make_parents(parent)
                scratch.sweep(parent)
                self._scratch, self._lock = scratch.make(parent)
                self.folder = self._scratch / self._target.name
        except OSError as error:
            self._remove()
            raise TargetError(
                f"Nothing can be written in {parent}: {error.strerror}.",
                "Choose another place with -o.",
            ) from error
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._remove()

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
        check_target(self._target)
        with process.held_signals():
            if (repository := self._target / ".git").exists():
                repository.rename(self.folder / ".git")
            try:
                self.folder.rename(self._target)
            except OSError as error:
                if (moved := self.folder / ".git").exists():
                    moved.rename(repository)
                raise TargetError(
                    f"The project could not be moved to {self._target}: {error.strerror}.",
                    "Choose another name, or another place with -o; nothing was changed.",
                ) from error
        self._made_parents.clear()

    def _make_parents(self, parent: Path) -> None:
        missing = [each for each in (parent, *parent.parents) if not each.exists()]
        for each in reversed(missing):
            each.mkdir()
            self._made_parents.append(each)

    def _remove(self) -> None:
        with process.held_signals():
            if self._scratch:
                scratch.remove(self._scratch)
            if self._lock:
                self._lock.close()
            while self._made_parents:
                try:
                    self._made_parents.pop().rmdir()
                except OSError:  # somebody put something into it meanwhile
                    return
