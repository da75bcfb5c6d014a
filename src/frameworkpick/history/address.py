"""Tells which addresses a team's own templates may have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from frameworkpick.core.plain_text import shown_address
from frameworkpick.errors import InputError
from frameworkpick.git import TRANSPORTS

_SCP = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_.-]*@[A-Za-z0-9][A-Za-z0-9.-]*:(?!:)[^-].*")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?=://|::)")
_HINT = "Give https://..., git+https://..., ssh://..., git@host:path, file://... or a folder."


@dataclass(frozen=True, slots=True)
class Address:
    """An address that may be asked."""

    recorded: str  #: As a generated project keeps it.
    for_git: str  #: As git understands it.


def read_address(text: str, kind: str = "template") -> Address:
    """Check an address of a repository.

    ``kind`` says in a message what it holds.

    Raises:
        InputError: It has a form or a transport that is not used here, or holds a secret.
    """
    fault = _fault(text)
    if fault:
        shown = shown_address(text)
        raise InputError([f"The {kind} address {shown!r} {fault}."], _HINT)
    plain = text.removeprefix("git+")
    if _SCHEME.match(plain) or _SCP.fullmatch(plain):
        return Address(text, plain)
    folder = Path(plain).expanduser().absolute()
    if ".." in folder.parts:  # a link stays as it is named
        folder = folder.resolve()
    return Address(str(folder), str(folder))


def same_repository(one: str, other: str) -> bool:
    """Whether two addresses mean one repository; what is no address means only itself."""
    if one == other:
        return True
    try:
        return _place(read_address(one)) == _place(read_address(other))
    except InputError:
        return False


def _place(address: Address) -> str:
    """Return where an address leads, the same for all its spellings on this machine."""
    plain = address.for_git.removeprefix("file://")
    return str(Path(plain).resolve()) if plain.startswith("/") else plain.rstrip("/")


def _fault(text: str) -> str | None:
    if not text.strip() or text != text.strip() or not text.isprintable():
        return "is empty, or has blanks around it or control characters in it"
    plain = text.removeprefix("git+")
    if plain.startswith("-"):
        return "begins with a dash"
    scheme = _SCHEME.match(plain)
    if scheme is None:
        return None
    if plain[scheme.end() :].startswith("::") or scheme[0] not in TRANSPORTS.split(":"):
        return f"uses {scheme[0]!r}, and only https, ssh and file are used"
    return _url_fault(plain)


def _url_fault(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # "user:pass/word@host" has none that is a number
    except ValueError:
        return "is not a valid URL"
    if parts.password is not None:
        return "holds a password, which every project would keep; use a credential helper"
    if parts.username is not None and parts.scheme == "https":
        return "names a user, which can be a token; leave it to a credential helper"
    host = parts.hostname or ""
    if host.startswith("-") or (parts.scheme != "file" and not host):
        return "names no host"
    return None
