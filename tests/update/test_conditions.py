"""The circumstances of an update: how the project is kept, and what is refused."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
import yaml

from .small import MINE, commit, content, git, lines, make_project, run, update, write

if TYPE_CHECKING:
    from pathlib import Path


def merged(project: Path) -> None:
    wanted = lines("other").replace("other 2\n", "mine 2\n").replace("other 10", "template 10")
    assert (project / "both_other_lines.txt").read_text() == wanted
    marked = "<<<<<<< yours\nmine 6\n=======\ntemplate 6\n>>>>>>> template-"
    assert marked in (project / "both_same_line.txt").read_text()


def test_a_project_without_git(template: Path, tmp_path: Path) -> None:
    project = make_project(template, tmp_path / "shop", in_git=False)
    write(project, {**MINE, ".env": "APP_SECRET_KEY=mine\n"})
    before = content(project)
    done = update(project, template, code=3)
    merged(project)
    assert (project / ".env").read_text() == "APP_SECRET_KEY=mine\n"
    assert not (project / ".git").exists()
    assert "frameworkpick update shop --abort" in done.stdout
    assert "git reset" not in done.stdout
    run("update", project, "--abort", cwd=tmp_path)
    assert content(project) == before


def test_undo_by_git_and_by_abort(project: Path, template: Path) -> None:
    before = content(project)
    update(project, template, code=3)
    git(project, "reset", "--quiet", "--hard")
    assert content(project) == before
    update(project, template, code=3)
    run("update", project, "--abort", cwd=project)
    assert content(project) == before
    assert not git(project, "status", "--porcelain")
    assert not (project / ".git" / "MERGE_MSG").exists()
    done = run("update", project, "--abort", cwd=project, code=1)
    assert "no update to undo" in done.stderr


def test_undoing_goes_with_no_other_flag(project: Path, template: Path) -> None:
    update(project, template, code=3)
    before, words = content(project), ("update", "--abort", "--dry-run", "--to", "0.2.0")
    done = run(
        *words, "-a", "cache=no", "--preset", "x", "--template-url", "y", cwd=project, code=2
    )
    for flag in ("--dry-run", "--to", "-a", "--preset", "--template-url"):
        assert flag in done.stderr
    assert content(project) == before


@pytest.mark.parametrize(
    "path", [pytest.param("both_other_lines.txt", marks=pytest.mark.matrix), "untracked.txt"]
)
def test_work_that_is_not_committed_is_refused(project: Path, template: Path, path: str) -> None:
    write(project, {path: "not committed\n"})
    before = content(project)
    done = update(project, template, code=1)
    assert path in done.stderr
    assert "git stash" in done.stderr
    assert content(project) == before


@pytest.mark.matrix
def test_a_monorepo_where_another_folder_is_dirty(template: Path, tmp_path: Path) -> None:
    top = tmp_path / "mono"
    project = make_project(template, top / "services" / "shop", in_git=False)
    write(project, MINE)
    write(top, {"other/work.txt": "committed\n"})
    git(top, "init", "--quiet")
    commit(top)
    write(top, {"other/work.txt": "dirty\n"})
    before = content(top)
    done = update(project, template, code=3)
    merged(project)
    assert "git reset" not in done.stdout  # it would take the other folder's work along
    assert (top / "other" / "work.txt").read_text() == "dirty\n"
    staged = git(top, "diff", "--name-only", "--staged").split()
    assert staged
    assert all(path.startswith("services/shop/") for path in staged)
    run("update", "--abort", cwd=project)
    assert content(top) == before
    assert git(top, "status", "--porcelain") == " M other/work.txt\n"


@pytest.mark.matrix
def test_a_work_tree_with_crlf(project: Path, template: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "-c", "core.autocrlf=true", str(project), str(clone))
    assert b"\r\n" in (clone / "both_other_lines.txt").read_bytes()
    update(clone, template, code=3)
    wanted = lines("other").replace("other 2\n", "mine 2\n").replace("other 10", "template 10")
    assert (clone / "both_other_lines.txt").read_bytes() == wanted.replace("\n", "\r\n").encode()
    assert (clone / "added.txt").read_bytes() == b"added\r\n"
    assert b"\r" not in git(clone, "show", ":both_other_lines.txt").encode()
    unmerged = git(clone, "diff", "--name-only", "--diff-filter=U").split()
    assert unmerged == ["both_same_line.txt"]
    assert set(git(clone, "diff", "--name-only").split()) == set(unmerged)


@pytest.mark.matrix
def test_crlf_that_is_committed_as_such(template: Path, tmp_path: Path) -> None:
    project = make_project(template, tmp_path / "shop")
    for path in content(project):
        if path.endswith((".bin", ".sh")):
            continue
        kept = (project / path).read_bytes()
        (project / path).write_bytes(kept.replace(b"\n", b"\r\n"))
    commit(project)
    update(project, template)
    assert (project / "added.txt").read_bytes() == b"added\r\n"
    assert b"template 10\r\n" in (project / "both_other_lines.txt").read_bytes()


def test_hooks_and_signing_are_kept_out(project: Path, template: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    for name in ("pre-commit", "post-checkout", "post-index-change", "post-commit", "pre-merge"):
        hook = project / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\necho {name} >> {ran}\nexit 1\n")
        hook.chmod(0o755)
    git(project, "config", "commit.gpgSign", "true")
    git(project, "config", "gpg.program", "false")
    update(project, template, code=3)
    merged(project)
    assert not ran.exists()


@pytest.mark.matrix
def test_answers_change_with_the_update(project: Path, template: Path) -> None:
    update(project, template, "-a", "database=postgresql", "-a", "cache=no", code=3)
    assert (project / "database.txt").read_text() == "database: postgresql\n"
    record = yaml.safe_load((project / ".copier-answers.yml").read_text())
    assert (record["database"], record["cache"]) == ("postgresql", False)


@pytest.mark.matrix
def test_wrong_answers_and_versions_are_all_refused(project: Path, template: Path) -> None:
    before = content(project)
    done = update(project, template, "-a", "databse=sqlite", "-a", "docker=nope", code=2)
    assert "Did you mean 'database'?" in done.stderr
    assert "docker must be true or false" in done.stderr
    done = update(project, template, "--to", "9.9.9", code=2)
    assert "0.1.0, 0.2.0, 0.3.0" in done.stderr
    assert content(project) == before


@pytest.mark.matrix
def test_versions_that_cannot_be_updated_are_refused(template: Path, tmp_path: Path) -> None:
    project = make_project(template, tmp_path / "shop", version="0.3.0")
    done = update(project, template)
    assert "Nothing to do: the project is at 0.3.0" in done.stdout
    done = update(project, template, "--to", "0.2.0", code=1)
    assert "0.2.0 is older" in done.stderr
    record = project / ".copier-answers.yml"
    for version, said in (
        ("0.4.0", "it has 0.1.0, 0.2.0, 0.3.0"),
        ("0.3.0.dev4", "0.3.0.dev4 of the template is not known here"),
    ):
        record.write_text(record.read_text().replace("0.3.0", version, 1))
        commit(project)
        assert said in update(project, template, code=1).stderr
        git(project, "reset", "--quiet", "--hard", "HEAD~")


def test_a_template_that_nobody_named_is_not_asked(project: Path) -> None:
    done = run("update", project, cwd=project, code=1)
    assert "--template-url" in done.stderr


@pytest.mark.matrix
def test_step_by_step_is_the_same_as_at_once(project: Path, template: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "shop"
    shutil.copytree(project, other)
    update(project, template, code=3)
    update(other, template, "--to", "0.2.0", code=3)
    for each in (project, other):
        write(each, {"both_same_line.txt": lines("same").replace("same 6", "settled 6")})
        commit(each)
    update(other, template)
    commit(other)
    one, two = content(project), content(other)
    assert one.pop(".frameworkpick.toml").count(b"[[updates]]") == 1
    assert two.pop(".frameworkpick.toml").count(b"[[updates]]") == 2
    assert one == two


@pytest.mark.matrix
def test_two_at_once_do_not_meet(project: Path, template: Path) -> None:
    import fcntl  # noqa: PLC0415 (POSIX)
    import os  # noqa: PLC0415

    handle = os.open(project, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    done = update(project, template, code=1)
    os.close(handle)
    assert "Another frameworkpick is at work" in done.stderr


@pytest.mark.matrix
def test_hidden_changes_are_not_overwritten(project: Path, template: Path) -> None:
    git(project, "update-index", "--assume-unchanged", "both_other_lines.txt")
    write(project, {"both_other_lines.txt": "hidden work\n"})
    done = update(project, template, code=1)
    assert "told not to look at both_other_lines.txt" in done.stderr
    assert (project / "both_other_lines.txt").read_text() == "hidden work\n"


@pytest.mark.matrix
def test_nothing_is_written_through_a_link_that_git_ignores(template: Path, tmp_path: Path) -> None:
    project = make_project(template, tmp_path / "shop")
    (project / ".gitignore").write_text(".env\nlocal\n*.secret\n")
    commit(project)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (project / "local").symlink_to(elsewhere)
    done = update(project, template, "--json")
    assert list(elsewhere.iterdir()) == []
    assert json.loads(done.stdout)["untracked"] == ["local/settings.txt"]


def test_while_another_git_holds_the_index_nothing_is_touched(
    project: Path, template: Path
) -> None:
    lock, before = project / ".git" / "index.lock", content(project)
    lock.touch()
    assert "Another git is at work" in update(project, template, code=1).stderr
    assert content(project) == before
    lock.unlink()
    update(project, template, code=3)
    after, status = content(project), git(project, "status", "--porcelain")
    lock.touch()
    done = run("update", project, "--abort", cwd=project, code=1)
    assert f"Another git is at work: {lock} exists." in done.stderr
    assert (content(project), git(project, "status", "--porcelain")) == (after, status)
    lock.unlink()
    run("update", project, "--abort", cwd=project)
    assert content(project) == before
    assert not git(project, "status", "--porcelain")


@pytest.mark.matrix
def test_edits_after_an_update_survive_its_undoing(project: Path, template: Path) -> None:
    update(project, template, code=3)
    write(project, {"added.txt": "mine now\n"})
    done = run("update", project, "--abort", cwd=project)
    assert "added.txt" in done.stdout
    assert (project / "added.txt").read_text() == "mine now\n"
    assert git(project, "status", "--porcelain") == "?? added.txt\n"
