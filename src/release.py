"""For contributors: lists the templates as they lie here as a release, ``python src/release.py``.

``python src/release.py VERSION`` names the version itself: for a major one, or where the program
alone changed. ``python src/release.py publish DESTINATION`` pushes every listed release to an
ordinary repository, for those who have no frameworkpick on their machines.
"""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick.core.versions import is_final, version_key
from frameworkpick.errors import FrameworkpickError
from frameworkpick.git import Git, GitError
from frameworkpick.history import release_bundle, upgrades_of
from frameworkpick.history.builtin import unpack
from frameworkpick.history.releases import PLACE, Release, read_releases
from frameworkpick.scratch import temporary

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]
_USAGE = "usage: python src/release.py [VERSION | publish DESTINATION]"
_HEADING = "## [Unreleased]\n"


def release(root: Path, asked: str | None = None) -> str:
    """Add the templates as they lie in a checkout to its list of releases, the changelog included.

    Listed templates that no commit holds can be packed by nobody: they give way to these ones.

    Args:
        root: The checkout.
        asked: The version; without one it is told from the questions, see :func:`next_version`.

    Returns:
        What was done, in a sentence.

    Raises:
        FrameworkpickError: There is nothing to release, or it cannot be released like that.
    """
    listed, held = read_releases(root / PLACE), committed(root)
    kept = list(listed)
    while kept and kept[-1].tree not in held:
        kept.pop()
    made = Release(asked or "", datetime.now(UTC).date().isoformat(), release_bundle.tree_of(root))
    if asked is None:
        made = replace(made, version=_version_after(kept, made.tree, root))
    _check(made.version, kept, root)
    write_list(root, (*kept, made))
    write_version(root, made, dropped=[each.version for each in listed[len(kept) :]])
    return f"{made.version} is listed. Commit it together with templates/."


def _version_after(releases: Sequence[Release], tree: str, root: Path) -> str:
    if not releases:
        raise FrameworkpickError(
            "No listed release is in this clone.", "Fetch it whole, or name the version."
        )
    newest = releases[-1]
    if tree == newest.tree:
        raise FrameworkpickError(
            f"The templates are those of {newest.version}.",
            "Name a version to release the program alone.",
        )
    return next_version(newest.version, *questions_of_both(root, newest))


def _check(version: str, releases: Sequence[Release], root: Path) -> None:
    """Refuse a version that comes too early, for this list or for what ``UPGRADES.toml`` says."""
    newest = releases[-1].version if releases else "0"
    if not is_final(version) or not _comes_after(version, newest):
        raise FrameworkpickError(f"{version} does not come after {newest}.", _USAGE)
    for each in upgrades_of(root / "templates"):
        if _comes_after(each.version, version):
            raise FrameworkpickError(
                f"UPGRADES.toml speaks of {each.version}, and this is {version}.",
                "Correct one of them.",
            )


def _comes_after(version: str, other: str) -> bool:
    one, two = version_key(version), version_key(other)
    return one is not None and two is not None and one > two


def committed(root: Path) -> frozenset[str]:
    """Return the trees that ``templates/`` had in the commits that lead to HEAD."""
    git = release_bundle.in_checkout(root)
    commits = git("rev-list", "HEAD").decode().split()
    asked = "".join(f"{commit}:templates\n" for commit in commits).encode()
    lines = git("cat-file", "--batch-check", stdin=asked).decode().splitlines()
    return frozenset(line.split()[0] for line in lines if line.split()[1] == "tree")


def questions_of_both(root: Path, newest: Release) -> tuple[dict[str, object], dict[str, object]]:
    """Read the questions of a release and those of the working tree, each with its choices."""
    before = release_bundle.in_checkout(root)("show", f"{newest.tree}:copier.yml").decode()
    return questions_in(before), questions_in((root / "templates/copier.yml").read_text())


def questions_in(text: str) -> dict[str, object]:
    """Return the questions of a ``copier.yml`` with the answers that they allow."""
    import yaml  # noqa: PLC0415 (publishing needs the standard library alone)

    found: dict[str, object] = {}
    for name, question in yaml.safe_load(text).items():
        if not name.startswith("_"):
            choices = question.get("choices") if isinstance(question, dict) else None
            found[name] = [*choices.values()] if isinstance(choices, dict) else choices
    return found


def next_version(newest: str, before: dict[str, object], after: dict[str, object]) -> str:
    """Return the next minor version where a question or an answer came or went, else a patch."""
    major, minor, patch = ([int(part) for part in newest.split(".")] + [0, 0])[:3]
    return f"{major}.{minor}.{patch + 1}" if before == after else f"{major}.{minor + 1}.0"


def write_list(root: Path, releases: Sequence[Release]) -> None:
    """Write the list of releases, given the oldest first."""
    file = root / PLACE
    head = file.read_text(encoding="utf-8").partition("releases = [")[0]
    lines = "".join(
        f'  {{ version = "{each.version}", date = {each.date}, tree = "{each.tree}" }},\n'
        for each in reversed(releases)
    )
    file.write_text(f"{head}releases = [\n{lines}]\n", encoding="utf-8")


def write_version(root: Path, made: Release, *, dropped: Sequence[str] = ()) -> None:
    """Name a release in the changelog and the guides, in place of those that no commit holds."""
    changelog = root / "CHANGELOG.md"
    text = changelog.read_text(encoding="utf-8")
    for old in dropped:
        text = re.sub(rf"^## \[{re.escape(old)}\].*\n\n?", "", text, flags=re.MULTILINE)
    heading = f"{_HEADING}\n## [{made.version}] - {made.date}\n"
    changelog.write_text(text.replace(_HEADING, heading, 1), encoding="utf-8")
    for guide in (root / "docs/guides").glob("*.md"):
        text = guide.read_text(encoding="utf-8")
        text = re.sub(r"(?<=frameworkpick==)[\w.]+", made.version, text)
        guide.write_text(text, encoding="utf-8")


def publish(root: Path, destination: str) -> tuple[str, ...]:
    """Push every listed release that a repository does not have yet; nothing is ever forced.

    Args:
        root: The checkout.
        destination: A git URL, or the path of a repository.

    Returns:
        What git says of each branch and tag.

    Raises:
        GitError: It cannot be written, or it holds something else under the same name; or the
            checkout lacks templates.
    """
    packed = release_bundle.pack(root, releases_only=True)
    if packed.missing:
        raise GitError(
            f"The templates of {packed.missing[0]} are not here.", "Fetch the whole clone."
        )
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
    said: tuple[str, ...]
    try:
        match words:
            case []:
                said = (release(ROOT),)
            case ["publish", destination] if not destination.startswith("-"):
                # A path means the same from wherever git runs.
                place = Path(destination)
                said = publish(ROOT, str(place.absolute()) if place.exists() else destination)
            case [version] if version_key(version):
                said = (release(ROOT, version),)
            case _:
                sys.exit(_USAGE)
    except FrameworkpickError as error:
        sys.exit(f"{error.message} {error.hint}".rstrip())
    sys.stdout.write("".join(f"{line}\n" for line in said))


if __name__ == "__main__":
    main(sys.argv[1:])
