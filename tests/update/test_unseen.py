"""What git does not show of a project: an update refuses to write over it, a dry run says so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from .small import add_submodule, commit, content, git, lines, make_project, update, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(template: Path, tmp_path: Path) -> Path:
    return make_project(template, tmp_path / "shop")


def refused(project: Path, template: Path, what: str) -> None:
    before, status = content(project), git(project, "status", "--porcelain")
    for words in (["--dry-run"], []):
        assert what in update(project, template, *words, code=1).stderr
    assert content(project) == before
    assert git(project, "status", "--porcelain") == status


def test_lines_that_a_filter_keeps_out_of_git_are_not_overwritten(
    project: Path, template: Path
) -> None:
    git(project, "config", "filter.local.clean", "sed '/# LOCAL/d'")
    write(project, {".gitattributes": "both_*.txt filter=local\n"})
    commit(project)
    noted = lines("other") + "my note # LOCAL\n"
    write(project, {"both_other_lines.txt": noted})
    git(project, "add", "both_other_lines.txt")
    assert not git(project, "status", "--porcelain")
    refused(project, template, "keeps a part of both_other_lines.txt out of git")
    # one whose lines are all in git is merged, however the filter writes it on the disk
    git(project, "config", "filter.local.smudge", "sed 's/other/OTHER/'")
    write(project, {"both_other_lines.txt": lines("OTHER")})
    git(project, "config", "filter.local.clean", "sed 's/OTHER/other/'")
    git(project, "add", "both_other_lines.txt")
    assert not git(project, "status", "--porcelain")
    update(project, template)
    wanted = lines("OTHER").replace("OTHER 10", "template 10")
    assert (project / "both_other_lines.txt").read_text() == wanted


def test_a_sparse_checkout_is_refused(project: Path, template: Path) -> None:
    git(project, "sparse-checkout", "set", "--no-cone", "/*", "!/run.sh")
    refused(project, template, "git was told not to look at run.sh")


def test_a_submodule_is_left_to_itself(project: Path, template: Path) -> None:
    git(project.parent, "init", "--quiet", "inner")
    commit(project.parent / "inner")
    add_submodule(project, project.parent / "inner", "docs")
    commit(project)
    said = json.loads(update(project, template, "--json").stdout)
    assert "docs/template_moved.txt" in said["untracked"]
    assert list((project / "docs").iterdir()) == [project / "docs" / ".git"]
    assert (project / "added.txt").is_file()
