"""What the owner of a project has to know of the versions that an update crosses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from frameworkpick.core.versions import is_release, version_key
from frameworkpick.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: ``manual``: something has to be done by hand; ``breaking``: something behaves differently.
Kind = Literal["manual", "breaking"]

_KINDS = ("manual", "breaking")
_KEYS = ("version", "kind", "summary", "details", "when")
_HINT = "The file explains its form at its top."


@dataclass(frozen=True, slots=True)
class Upgrade:
    """One thing that a merge cannot do for the owner of a project."""

    version: str  #: The release that brings it.
    kind: Kind  #: Whether something has to be done, or behaves differently.
    summary: str  #: One sentence.
    details: str  #: What to do; may be empty.
    #: The options a project must have for it to matter; empty for every project.
    when: tuple[tuple[str, str | bool], ...] = ()


def read_upgrades(content: Mapping[str, object], label: str) -> tuple[Upgrade, ...]:
    """Check the content of an ``UPGRADES.toml`` and return what it holds, oldest first.

    Args:
        content: The parsed file.
        label: What to call the file in a message.

    Raises:
        CatalogError: Something in it is wrong; the message lists every fault.
    """
    faults = [f"{label}: unknown key {key!r}." for key in content if key != "upgrade"]
    tables = content.get("upgrade", [])
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        faults.append(f"{label}: 'upgrade' is no list of tables.")
        tables = []
    for number, table in enumerate(tables, 1):
        faults += [f"{label}: upgrade {number}: {fault}." for fault in _faults(table)]
    if faults:
        raise CatalogError("\n".join(faults), _HINT)
    read = [_upgrade(table) for table in tables]
    return tuple(sorted(read, key=lambda each: version_key(each.version) or ()))


def crossed(
    upgrades: Iterable[Upgrade], old: str, new: str, options: Mapping[str, object]
) -> tuple[Upgrade, ...]:
    """Return what matters to a project on its way from one version to another.

    Args:
        upgrades: What the newer templates hold.
        old: The version the project has.
        new: The version it gets.
        options: The project's options, as they will be.
    """
    low, high = version_key(old), version_key(new)
    return tuple(
        each
        for each in upgrades
        if (low or ()) < (version_key(each.version) or ()) <= (high or ())
        and all(options.get(name) == value for name, value in each.when)
    )


def _faults(table: Mapping[str, object]) -> list[str]:
    faults = [f"unknown key {key!r}" for key in table if key not in _KEYS]
    faults += [f"{key!r} is missing" for key in _KEYS[:3] if key not in table]
    version = table.get("version", "0")
    if not isinstance(version, str) or not is_release(version):
        faults.append(f"'version' is {version!r}, which is no released version such as \"1.2.0\"")
    if table.get("kind", "manual") not in _KINDS:
        faults.append(f"'kind' is {table['kind']!r}, and has to be one of {', '.join(_KINDS)}")
    summary = table.get("summary", "x")
    if not isinstance(summary, str) or not summary.strip() or "\n" in summary:
        faults.append("'summary' is no single line of text")
    if not isinstance(table.get("details", ""), str):
        faults.append("'details' is no text")
    when = table.get("when", {})
    if not isinstance(when, dict) or not all(isinstance(v, str | bool) for v in when.values()):
        faults.append("'when' is no table of options with a text or true or false each")
    return faults


def _upgrade(table: Mapping[str, object]) -> Upgrade:
    when = cast("dict[str, str | bool]", table.get("when", {}))
    return Upgrade(
        version=str(table["version"]),
        kind=cast("Kind", table["kind"]),
        summary=str(table["summary"]).strip(),
        details=str(table.get("details", "")).strip(),
        when=tuple(when.items()),
    )
