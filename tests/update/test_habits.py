"""Conflicts are shown, merged and remembered as the repository says."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from .killing import meanwhile
from .small import commit, content, git, lines, make_project, run, update, write

MATRIX = pytest.mark.matrix


@pytest.mark.parametrize("style", ["zdiff3", pytest.param("diff3", marks=MATRIX)])
@pytest.mark.parametrize("where", ["info", pytest.param("top", marks=MATRIX)])
def test_a_conflict_is_shown_and_merged_as_the_repository_says(
    template: Path, tmp_path: Path, where: str, style: str
) -> None:
    top = tmp_path / "top"
    shop = make_project(template, top / "shop", in_git=False)
    mine = {"both_same_line.txt": lines("same").replace("same 6", "mine 6")}
    write(shop, {**mine, "both_added.txt": "mine\n"})
    git(top, "init", "--quiet")
    git(top, "config", "merge.conflictStyle", style)
    union = "shop/both_added.txt merge=union\n"
    write(top, {".git/info/attributes" if where == "info" else ".gitattributes": union})
    commit(top)
    assert json.loads(update(shop, template, "--json", code=3).stdout)["conflicts"] == [
        "both_same_line.txt"
    ]
    shown = (shop / "both_same_line.txt").read_text()
    assert "\n||||||| " in shown
    assert "\nsame 6\n=======\ntemplate 6\n" in shown
    assert (shop / "both_added.txt").read_text() == "mine\ntemplate\n"


@MATRIX
def test_a_conflict_that_git_remembers_is_settled_as_before(project: Path, template: Path) -> None:
    before = content(project)
    git(project, "config", "rerere.enabled", "true")
    update(project, template, code=3)
    run("update", project, "--abort", cwd=project)
    assert content(project) == before
    update(project, template, code=3)  # undoing taught it nothing
    assert "<<<<<<< yours" in (project / "both_same_line.txt").read_text()
    settled = lines("same").replace("same 6", "settled 6")
    write(project, {"both_same_line.txt": settled})
    commit(project, "updated")
    git(project, "reset", "--quiet", "--hard", "HEAD~")
    said = json.loads(update(project, template, "--json", code=3).stdout)
    [why] = [file["why"] for file in said["files"] if file["path"] == "both_same_line.txt"]
    assert why == "settled as you did before, not staged: look at it"
    assert (project / "both_same_line.txt").read_text() == settled
    assert git(project, "diff", "--name-only", "--diff-filter=U") == "both_same_line.txt\n"
    run("update", project, "--abort", cwd=project)
    assert content(project) == before
    assert not git(project, "status", "--porcelain")


def test_a_file_that_is_saved_meanwhile_is_named_for_that(project: Path, template: Path) -> None:
    what = f"echo saved >> {project}/both_other_lines.txt"
    words = ("update", project, "--template-url", template)
    done = meanwhile(project.parent, Path("new/shop"), 1, what, *words)  # while it renders
    assert done.returncode == 1
    assert "both_other_lines.txt was changed while the update was at work." in done.stderr
    assert "filter" not in done.stderr
    assert (project / "both_other_lines.txt").read_text().endswith("saved\n")
    assert git(project, "status", "--porcelain") == " M both_other_lines.txt\n"


def test_a_patch_that_is_being_applied_is_called_by_its_name(
    project: Path, template: Path, tmp_path: Path
) -> None:
    write(project, {"own.txt": "one\n"})
    commit(project, "own")
    patch = git(project, "format-patch", "-1", "--stdout").replace("+one", "+two")
    (tmp_path / "patch").write_text(patch)
    tried = ["git", "am", "--quiet", str(tmp_path / "patch")]
    assert subprocess.run(tried, cwd=project, capture_output=True, check=False).returncode
    done = update(project, template, code=1)
    assert "A `git am` is under way" in done.stderr
    assert "`git am --abort`" in done.stderr
