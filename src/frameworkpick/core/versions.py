"""Names a template and its versions: the built-in address, and the order of PEP 440 versions."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

#: Where a generated project says its template is; any machine with frameworkpick can resolve it.
ADDRESS = "frameworkpick://templates.git"

_VERSION = re.compile(
    r"v?(?P<release>\d+(?:\.\d+)*)"
    r"(?:(?P<pre>a|b|rc)(?P<pre_number>\d+))?"
    r"(?:\.post(?P<post>\d+))?"
    r"(?:\.dev(?P<dev>\d+))?"
    r"(?:\+(?P<local>[a-z0-9]+(?:\.[a-z0-9]+)*))?"
    r"(?:-(?P<since>\d+)-g(?P<commit>[0-9a-f]{4,40}))?"  # as `git describe` adds it
)
_LAST = 10**9

#: What versions are sorted by.
VersionKey = tuple[tuple[int, ...], tuple[int, int], int, int, str, int]


def version_key(version: str) -> VersionKey | None:
    """Return what sorts versions as PEP 440 does; ``None`` for what is no version in normal form.

    Args:
        version: Such as ``1.2.0``, ``v1.2.0rc1`` or ``1.2.0.dev3``, or what ``git describe`` says
            of a commit after one: ``v1.2.0-3-g0a1b2c3``.
    """
    found = _VERSION.fullmatch(version)
    if found is None:
        return None
    release = [int(part) for part in found["release"].split(".")]
    while len(release) > 1 and release[-1] == 0:
        release.pop()
    dev = _LAST if found["dev"] is None else int(found["dev"])
    post = -1 if found["post"] is None else int(found["post"])
    if found["pre"]:
        pre = (["a", "b", "rc"].index(found["pre"]), int(found["pre_number"]))
    else:  # 1.0.dev1 comes before 1.0a1, 1.0 after 1.0rc1
        pre = (-1, 0) if found["dev"] is not None and found["post"] is None else (3, 0)
    return tuple(release), pre, post, dev, found["local"] or "", int(found["since"] or 0)


def same_version(one: str, other: str) -> bool:
    """Whether two spellings, with a leading ``v`` or without, mean one version."""
    return one.removeprefix("v") == other.removeprefix("v")


def described_commit(version: str) -> str | None:
    """Return the commit in what ``git describe`` says of one after a version; else ``None``."""
    found = _VERSION.fullmatch(version)
    return found["commit"] if found else None


def is_release(version: str) -> bool:
    """Whether this is a version somebody published: no development build, nothing local."""
    found = _VERSION.fullmatch(version)
    return found is not None and not (found["dev"] or found["local"] or found["since"])


def is_final(version: str) -> bool:
    """Whether this is a release and no release candidate."""
    found = _VERSION.fullmatch(version)
    return is_release(version) and found is not None and found["pre"] is None


def in_order(versions: set[str] | frozenset[str]) -> tuple[str, ...]:
    """Return the versions oldest first; what is no version is left out."""
    keyed = [(key, each) for each in versions if (key := version_key(each)) is not None]
    return tuple(each for _, each in sorted(keyed))


def latest_of(versions: tuple[str, ...]) -> str:
    """Return the highest final release, else the highest version there is.

    Args:
        versions: At least one, oldest first.
    """
    return next((each for each in reversed(versions) if is_final(each)), versions[-1])


def nearest(versions: tuple[str, ...], wanted: str, most: int = 5) -> tuple[str, ...]:
    """Return the versions around one that does not exist, oldest first.

    Args:
        versions: Those there are, oldest first.
        wanted: What somebody asked for; what is no version is taken for a new one.
        most: How many to name.
    """
    key = version_key(wanted)
    older = [each for each in versions if key is None or (version_key(each) or key) < key]
    start = min(max(len(older) - most // 2 - 1, 0), max(len(versions) - most, 0))
    return versions[start : start + most]


def free_version(after: str, taken: Collection[str]) -> str:
    """Return a version to advise that comes after another one and does not exist yet."""
    found = _VERSION.match(after)
    release = found["release"] if found else "1.0.0"
    names = (f"{release}.post{number}" for number in count(int((found and found["post"]) or 0) + 1))
    return next(name for name in names if name not in taken)


def unreleased(after: str) -> str:
    """Name templates that were edited after a release and are none themselves."""
    found = _VERSION.match(after)
    head, dot, last = (found["release"] if found else "0").rpartition(".")
    return f"{head}{dot}{int(last) + 1}.dev0"
