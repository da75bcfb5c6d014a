"""What the file system refuses is said in a sentence, and nothing is left half-done."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from frameworkpick import merge

from .small import COMMAND, content, git, lines, make_project, run, update, write

if TYPE_CHECKING:
    from pathlib import Path

#: Root may write everywhere; without these two rights it may not.
PLAIN = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
needs_denial = pytest.mark.skipif(
    os.name != "posix" or (os.geteuid() == 0 and shutil.which(PLAIN[0]) is None),
    reason="nothing is denied to root, and there is no setpriv",
)


def denied(path: Path, mode: int, *words: str | Path) -> str:
    """Run the command while the rights of a path are these; return what it says."""
    before = path.stat().st_mode
    path.chmod(mode)
    start = [*PLAIN, *COMMAND] if os.geteuid() == 0 else COMMAND
    try:
        done = subprocess.run(
            [*start, *map(str, words)], cwd=path.parent, capture_output=True, text=True,
            stdin=subprocess.DEVNULL, check=False, timeout=300,
        )  # fmt: skip
    finally:
        path.chmod(before)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == 1, (done.stdout, done.stderr)
    return done.stderr


@needs_denial
@pytest.mark.parametrize(
    "where",
    ["src/shop", *(pytest.param(each, marks=pytest.mark.matrix) for each in ("", ".git"))],
)
def test_what_cannot_be_written_is_said_and_nothing_is_changed(
    template: Path, tmp_path: Path, where: str
) -> None:
    project = make_project(template, tmp_path / "shop")
    before = content(project)
    said = denied(project / where, 0o555, "update", project, "--template-url", template)
    assert "ermission denied" in said
    assert content(project) == before
    assert not git(project, "status", "--porcelain")
    update(project, template)
    said = denied(project / where, 0o555, "update", project, "--abort")
    assert "ermission denied" in said
    run("update", project, "--abort", cwd=project)
    assert content(project) == before
    assert not git(project, "status", "--porcelain")


@needs_denial
def test_what_cannot_be_read_is_said(template: Path, tmp_path: Path) -> None:
    project = make_project(template, tmp_path / "shop", in_git=False)
    path, words = project / "both_same_line.txt", ("--template-url", template)
    for verb in ("update", "check"):
        said = denied(path, 0o000, verb, project, *words)
        assert f"Permission denied: {path}" in said


def test_an_index_is_swapped_where_there_are_no_hard_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "no hard links here")

    project = tmp_path / "shop"
    write(project, {".copier-answers.yml": "_commit: 1\n", "a.txt": lines("a")})
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "mine")
    write(tmp_path / "base", {"a.txt": lines("a")})
    write(tmp_path / "new", {"a.txt": lines("b")})
    (tmp_path / "scratch").mkdir()
    place = merge.find_place(project)
    planned = merge.plan(
        place, tmp_path / "scratch", base=tmp_path / "base", new=tmp_path / "new", label="new"
    )
    monkeypatch.setattr(os, "link", no_links)
    with merge.applied(place, planned.bench, planned.merged, "Update"):
        pass
    assert git(project, "status", "--porcelain") == "M  a.txt\n"
    merge.undo_last(merge.find_place(project))
    assert not git(project, "status", "--porcelain")
    assert not (project / ".git" / "index.lock").exists()
