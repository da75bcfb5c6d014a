"""For the maintainers: ``python -m frameworkpick.history publish DESTINATION``, in a checkout.

Pushes the released templates to an ordinary repository, for those who have no frameworkpick on
their machines. Nothing is ever forced: the commits of a version are the same in every build.
"""

from __future__ import annotations

import sys
from pathlib import Path

from frameworkpick import __version__
from frameworkpick.errors import FrameworkpickError
from frameworkpick.git import Git, GitError
from frameworkpick.scratch import temporary

from . import packing
from .builtin import checkout, unpack

_USAGE = "usage: python -m frameworkpick.history publish DESTINATION"


def publish(root: Path, version: str, destination: str) -> tuple[str, ...]:
    """Push every released version that a repository does not have yet.

    Args:
        root: The checkout.
        version: The version that its source names; newer releases are left out.
        destination: A git URL, or the path of a repository.

    Returns:
        What git says of each branch and tag.

    Raises:
        GitError: It cannot be written, or it holds something else under the same name.
    """
    packed = packing.pack(root, version, releases_only=True)
    with temporary() as scratch:
        repository = scratch / "templates.git"
        unpack(packed.bundle, repository)
        answer = Git.online(repository)(
            "push", "--porcelain", "--atomic", "--end-of-options",
            destination, "refs/heads/main", "refs/tags/*:refs/tags/*",
        )  # fmt: skip
    return tuple(line for line in answer.decode("utf-8", "replace").splitlines() if "\t" in line)


def main(words: list[str]) -> None:
    """Read the command line."""
    match words:
        case ["publish", destination] if not destination.startswith("-"):
            pass
        case _:
            sys.exit(_USAGE)
    try:
        if (root := checkout()) is None:
            raise GitError("There is no checkout to publish from.", "Run it in a clone.")
        # A path means the same from wherever git runs.
        place = Path(destination)
        target = str(place.absolute()) if place.exists() else destination
        sys.stdout.write("".join(f"{line}\n" for line in publish(root, __version__, target)))
    except FrameworkpickError as error:
        sys.exit(f"{error.message} {error.hint}".rstrip())


if __name__ == "__main__":
    main(sys.argv[1:])
