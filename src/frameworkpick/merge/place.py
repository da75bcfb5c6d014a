"""Where a project stands: in a repository that keeps it, or in a plain folder."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from frameworkpick.errors import FrameworkpickError
from frameworkpick.git import Git, refuse_old
from frameworkpick.merge.files import expected_refusals

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The record that makes a folder a project; git has to know it, or the project is not in git.
_RECORD = ".copier-answers.yml"
#: In a project without git: what an update replaced.
OWN_FOLDER = ".frameworkpick-update"
_UNDER_WAY = (
    ("MERGE_HEAD", "merge"),
    ("CHERRY_PICK_HEAD", "cherry-pick"),
    ("REVERT_HEAD", "revert"),
    ("rebase-merge", "rebase"),
    ("rebase-apply/applying", "am"),
    ("rebase-apply", "rebase"),
)
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository a project is kept in."""

    git: Git  #: git, run in the project's folder.
    folder: Path  #: Its git directory (a linked work tree has one of its own).
    index: Path  #: Its index.
    objects: Path  #: Where its objects are.
    format: str  #: ``sha1`` or ``sha256``.
    prefix: str  #: The project's folder in it, such as ``services/shop/``; empty at the top.
    head: str  #: The commit that is checked out.

    def checked_out(self, path: str, name: str) -> bytes:
        """Return a file as this repository's settings want it on disk: line ends, filters."""
        return self.git("cat-file", "--filters", f"--path={self.prefix}{path}", name)


@dataclass(frozen=True, slots=True)
class Place:
    """A project's folder."""

    folder: Path  #: The folder, resolved.
    repository: Repository | None  #: ``None``: not in git.
    hold: int | None = None  #: The handle that keeps a second run out.

    @property
    def journal(self) -> Path:
        """Where an update keeps what it is about to replace."""
        if self.repository is None:
            return self.folder / OWN_FOLDER
        name = quote(self.repository.prefix.rstrip("/"), safe="") or "top"
        return self.repository.folder / "frameworkpick" / name


def find_place(folder: Path) -> Place:
    """Find out how a project is kept.

    Raises:
        FrameworkpickError: git is missing, too old, or refuses the folder; or nothing is committed.
    """
    refuse_old()
    folder = folder.resolve()
    git = Git.personal(folder)
    asked = git.ask(
        "rev-parse", "--is-inside-work-tree", "--show-object-format", "--path-format=absolute",
        "--git-dir", "--git-path", "index", "--git-path", "objects", "--show-prefix",
    )  # fmt: skip
    if asked.returncode:
        if "not a git repository" in asked.stderr or "work tree" in asked.stderr:
            return Place(folder, None)
        raise FrameworkpickError(
            f"git refuses {folder}: {asked.stderr.strip()}", "Follow what git says."
        )
    inside, form, *paths, prefix = os.fsdecode(asked.stdout).split("\n")[:6]
    if inside != "true" or _is_ignored(git):
        return Place(folder, None)
    commit = git.commit("HEAD")
    if commit is None:
        raise FrameworkpickError(
            "The repository has no commit yet.",
            "Make the first commit, so that an update can be told from your own work.",
        )
    git_dir, index, objects = map(Path, paths)
    return Place(folder, Repository(git, git_dir, index, objects, form, prefix, commit))


def _is_ignored(git: Git) -> bool:
    """Whether an outer repository leaves the project out, a build folder for one."""
    if git("ls-files", "-z", "--", _RECORD):
        return False
    return git.ask("check-ignore", "--quiet", "--no-index", "--", _RECORD).returncode == 0


def refuse_moved(repository: Repository) -> None:
    """Refuse a project whose last commit is not the one that was looked at: that one is merged.

    A commit elsewhere in the repository changes nothing.

    Raises:
        FrameworkpickError: It was committed to, or another branch is checked out.
    """
    inner = repository.prefix.rstrip("/")
    asked = repository.git.ask("rev-parse", f"{repository.head}:{inner}", f"HEAD:{inner}")
    if asked.returncode or len(set(asked.stdout.split())) > 1:
        raise FrameworkpickError(
            "The project's last commit became another while the update was at work.",
            "Run it again; nothing was changed.",
        )


def refuse_unclean(repository: Repository) -> None:
    """Refuse a project with work in it that is not committed: it could not be told apart.

    Raises:
        FrameworkpickError: Something is changed, untracked, or under way.
    """
    for name, what in _UNDER_WAY:
        if (repository.folder / name).exists():
            raise FrameworkpickError(
                f"A `git {what}` is under way in the project's repository.",
                f"Finish it, or give it up with `git {what} --abort`.",
            )
    found = repository.git(
        "status", "--porcelain", "-z", "--no-renames", "--untracked-files=normal", "--", "."
    )
    paths = [os.fsdecode(entry[3:]) for entry in found.split(b"\0") if entry]
    if paths:
        more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
        raise FrameworkpickError(
            f"The project has changes that are not committed: {', '.join(paths[:_SHOWN])}{more}.",
            "Commit them, or put them aside with `git stash --include-untracked`.",
        )


@contextmanager
def held(folder: Path) -> Iterator[int | None]:
    """Keep a second run out of a project.

    Yields:
        The handle that does, for a program that is to keep it out too, should this one be killed.

    Raises:
        FrameworkpickError: Another one is at work.
    """
    if sys.platform == "win32":  # no locks on folders there
        yield None
        return
    import fcntl  # noqa: PLC0415 (POSIX only)

    with expected_refusals():
        handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise FrameworkpickError(
            f"Another frameworkpick is at work in {folder}.", "Wait for it to end."
        ) from None
    try:
        yield handle
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)  # whoever inherited it may outlive this run
        os.close(handle)
