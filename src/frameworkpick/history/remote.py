"""``git-remote-frameworkpick``: lets git, and so Copier, read the templates of this installation.

Git starts it for ``frameworkpick://templates.git`` and speaks as gitremote-helpers(7) describes.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import BinaryIO

from frameworkpick.core.versions import ADDRESS
from frameworkpick.errors import FrameworkpickError
from frameworkpick.git import Git

from .builtin import repository
from .source import is_built_in


def main() -> None:
    """Answer git on standard input and output."""
    # Unbuffered: what follows the last command belongs to git upload-pack.
    with os.fdopen(0, "rb", 0, closefd=False) as asked, os.fdopen(1, "wb", 0, closefd=False) as out:
        try:
            sys.exit(_serve(sys.argv[1:], asked, out))
        except FrameworkpickError as error:
            sys.exit(f"frameworkpick: {error.message} {error.hint}".rstrip())


def _serve(words: list[str], asked: BinaryIO, out: BinaryIO) -> int:
    address = words[-1] if words else ""
    if not is_built_in(address):
        raise FrameworkpickError(f"There is no repository {address!r}.", f"It is {ADDRESS}.")
    while command := asked.readline().split():
        if command == [b"capabilities"]:
            out.write(b"connect\n\n")
        elif command == [b"connect", b"git-upload-pack"]:
            git_dir = repository()
            out.write(b"\n")
            return _upload(git_dir)
        else:
            raise FrameworkpickError(
                "These templates can only be read.", "Push to a repository of your own."
            )
    return 0


def _upload(git_dir: Path) -> int:
    protocol = {"GIT_PROTOCOL": os.environ["GIT_PROTOCOL"]} if "GIT_PROTOCOL" in os.environ else {}
    return Git.private(Path.cwd(), protocol).relay("upload-pack", "--strict", str(git_dir))
