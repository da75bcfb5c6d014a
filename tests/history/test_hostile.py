from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from frameworkpick import history
from frameworkpick.errors import FrameworkpickError

from .repositories import commit, git, write

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.version


def hostile(team: Path, mode: str, name: str, content: bytes) -> None:
    """Tag a commit whose tree git itself would not have made, as 6.6.6."""
    kind = {"120000": "blob", "160000": "commit"}.get(mode, "blob")
    oid = (
        git(team, "rev-parse", "HEAD")
        if kind == "commit"
        else git(team, "hash-object", "-w", "--stdin", stdin=content)
    )
    for part in reversed(name.split("/")):
        raw = f"{mode} {part}\0".encode() + bytes.fromhex(oid)
        oid = git(team, "hash-object", "-w", "-t", "tree", "--literally", "--stdin", stdin=raw)
        mode = "40000"
    git(team, "tag", "6.6.6", git(team, "commit-tree", oid, "-m", "x"))


@pytest.mark.parametrize(
    ("mode", "name", "content", "why"),
    [
        ("100644", "../x", b"x", "leaves the folder"),
        ("100644", "a/../../x", b"x", "leaves the folder"),
        ("100644", ".git/hooks/x", b"x", "belongs to git itself"),
        ("100644", "a/.GIT/config", b"x", "belongs to git itself"),
        ("100644", "a\x1b[2J", b"x", "control characters"),
        ("120000", "out", b"/etc", "is a link that leaves the template"),
        ("120000", "a/b/out", b"../../..", "is a link that leaves the template"),
        ("120000", "loop", b"loop", "is a link that leaves the template"),
        ("120000", "zero", b"a\0b", "cannot be written"),
        ("160000", "sub", b"", "is a submodule"),
    ],
)
def test_a_hostile_repository_writes_nothing_outside(
    mode: str, name: str, content: bytes, why: str, team: Path, tmp_path: Path
) -> None:
    hostile(team, mode, name, content)
    with pytest.raises(FrameworkpickError, match=r"6\.6\.6 is refused") as caught:
        history.open_source(str(team), allowed=True).tree("6.6.6", tmp_path / "deep/out")
    assert why in caught.value.message
    assert "\x1b" not in caught.value.message
    assert {path.name for path in tmp_path.iterdir()} <= {"team", "cache", "deep"}
    assert {path.name for path in (tmp_path / "deep").glob("*")} <= {"out"}


def test_links_that_lead_out_together_are_refused(team: Path, tmp_path: Path) -> None:
    (team / "a").mkdir()
    (team / "a/up").symlink_to("..")
    (team / "out").symlink_to("a/up/../..")
    commit(team, "6.6.6")
    with pytest.raises(FrameworkpickError, match="link that leaves"):
        history.open_source(str(team), allowed=True).tree("6.6.6", tmp_path / "t")


def test_no_file_is_written_through_a_link(team: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    blob = git(team, "hash-object", "-w", "--stdin", stdin=str(outside).encode())
    raw = b"100644 x\0" + bytes.fromhex(blob)
    tree = git(team, "hash-object", "-w", "-t", "tree", "--literally", "--stdin", stdin=raw)
    raw = b"120000 a\0" + bytes.fromhex(blob) + b"40000 a\0" + bytes.fromhex(tree)
    both = git(team, "hash-object", "-w", "-t", "tree", "--literally", "--stdin", stdin=raw)
    git(team, "tag", "6.6.6", git(team, "commit-tree", both, "-m", "x"))
    with pytest.raises(FrameworkpickError, match=r"6\.6\.6 is refused"):
        history.open_source(str(team), allowed=True).tree("6.6.6", tmp_path / "t")
    assert list(outside.iterdir()) == []


def test_attributes_of_the_repository_change_no_byte(team: Path, tmp_path: Path) -> None:
    write(team, ".gitattributes", "* text eol=crlf export-ignore filter=lfs ident\n")
    write(team, "plain", "$Id$\nline\n")
    commit(team, "3.0.0")
    folder = history.open_source(str(team), allowed=True).tree("3.0.0", tmp_path / "t")
    assert (folder / "plain").read_bytes() == b"$Id$\nline\n"
