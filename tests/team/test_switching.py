"""A project follows the team's fork of the templates that it was made from."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

import pytest

from .house import BUILT_IN, FAST, TEMPLATES, answers, commit, edit, git, guide, release

if TYPE_CHECKING:
    from pathlib import Path

    from .house import Shell

GUIDE = guide("fork-the-templates")
FORKED = "1.0.0.post1"


@pytest.fixture(scope="module")
def fork(shell: Shell) -> Path:
    """The fork, made and tagged as the guide says."""
    shell.script(f"{GUIDE['fork']}\n{GUIDE['tag']}", shell.home)
    return shell.home / "team-templates"


@pytest.fixture
def project(shell: Shell, tmp_path: Path) -> Path:
    """A project of the built-in 1.0.0, with an edit in a file that the fork changes."""
    shell.pick("new", "shop", *FAST, "--framework", "fastapi", cwd=tmp_path)
    folder = tmp_path / "shop"
    edit(folder / "AGENTS.md", "# ", "Ours.\n\n# ")
    git(folder, "init", "--quiet")
    commit(folder)
    return folder


@pytest.mark.matrix
@pytest.mark.usefixtures("fork")
def test_an_update_switches_and_keeps_what_is_ours(shell: Shell, project: Path) -> None:
    done = shell.pick("check", "--json", "--template-url", TEMPLATES, cwd=project, code=3)
    [found] = json.loads(done.stdout)["projects"]
    assert (found["template"], found["follow"]) == (BUILT_IN, TEMPLATES)
    assert (found["version"], found["newest"], found["behind"]) == ("1.0.0", FORKED, True)
    done = shell.run("bash", "-c", f"{GUIDE['switch']} --yes", cwd=project)
    assert f"1.0.0 to {FORKED}, from now on of {TEMPLATES}" in " ".join(done.stdout.split())
    text = (project / "AGENTS.md").read_text()
    assert "Ours." in text
    assert "the team's handbook" in text
    kept = answers(project)
    assert (kept["_src_path"], kept["_commit"]) == (TEMPLATES, FORKED)
    [entry] = tomllib.loads((project / ".frameworkpick.toml").read_text())["updates"]
    assert (entry["template"], entry["from"], entry["to"]) == (TEMPLATES, "1.0.0", FORKED)
    commit(project)
    done = shell.pick("update", "--yes", cwd=project, code=1)
    assert "not one that you named" in done.stderr
    done = shell.pick("update", "--yes", "--template-url", TEMPLATES, cwd=project)
    assert "Nothing to do" in done.stdout


@pytest.mark.matrix
@pytest.mark.usefixtures("fork")
def test_a_moved_repository_is_followed_by_the_version_that_it_shares(
    shell: Shell, project: Path, tmp_path: Path
) -> None:
    """The address that the project names is never asked: it does not even exist."""
    record = project / ".copier-answers.yml"
    record.write_text(record.read_text().replace(BUILT_IN, "https://old.example.org/t.git"))
    commit(project)
    shell.pick("update", "--yes", "--template-url", TEMPLATES, cwd=project)
    assert answers(project)["_src_path"] == TEMPLATES
    assert "the team's handbook" in (project / "AGENTS.md").read_text()
    git(project, "reset", "--quiet", "--hard")
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    (other / "copier.yml").write_text("_subdirectory: x\n")
    commit(other, "x", "3.0.0")
    done = shell.pick("update", "--yes", "--template-url", other, cwd=project, code=1)
    assert f"which {other} does not have" in done.stderr
    assert "tag 1.0.0 included" in done.stderr
    assert not git(project, "status", "--porcelain")


@pytest.mark.matrix
def test_the_old_template_is_the_base_where_the_new_one_shares_no_version(
    shell: Shell, fork: Path, project: Path, tmp_path: Path
) -> None:
    cut = tmp_path / "cut"
    git(tmp_path, "clone", "--quiet", str(fork), str(cut))
    for tag in git(cut, "tag").split():
        git(cut, "tag", "--delete", tag)
    commit(cut, "Ours", "5.0.0")
    shell.pick("update", "--yes", "--template-url", cut, cwd=project)
    assert answers(project)["_src_path"] == str(cut)
    text = (project / "AGENTS.md").read_text()
    assert "Ours." in text
    assert "the team's handbook" in text


@pytest.mark.matrix
def test_a_fork_that_lags_behind_is_refused_unless_its_version_is_named(
    shell: Shell, fork: Path, project: Path, tmp_path: Path
) -> None:
    late = tmp_path / "late"
    git(tmp_path, "clone", "--quiet", str(fork), str(late))
    git(late, "tag", "--delete", FORKED)
    git(late, "tag", "0.9.0")
    git(late, "tag", "--delete", "1.0.0")
    words = ("--yes", "--template-url", late)
    done = shell.pick("update", *words, cwd=project, code=1)
    assert f"The project is at 1.0.0, and {late} has 0.9.0 only." in done.stderr
    shell.pick("update", *words, "--to", "0.9.0", cwd=project)
    assert answers(project)["_commit"] == "0.9.0"


@pytest.mark.matrix
@pytest.mark.usefixtures("fork")
def test_the_guides_other_commands(shell: Shell, tmp_path: Path) -> None:
    work = tmp_path / "team-templates"
    work.mkdir()
    quick = GUIDE["use"].replace("frameworkpick new", "frameworkpick new --yes --no-install --git")
    shell.script(quick, work)
    project = tmp_path / "shop"
    assert answers(project)["_src_path"] == TEMPLATES
    shell.script(GUIDE["keep"], tmp_path)
    assert (project / ".gitlab-ci.yml").is_file()


@pytest.mark.matrix
@pytest.mark.usefixtures("fork")
def test_a_newer_release_is_taken_over_as_the_guide_says(shell: Shell, project: Path) -> None:
    root = shell.installation
    edit(root / "templates/project/README.md.jinja", "# ", "News.\n\n# ")
    release(root, "1.1.0")
    try:
        shell.script(GUIDE["merge"], shell.home)
        shell.pick("update", "--yes", "--template-url", TEMPLATES, cwd=project)
    finally:
        git(root, "reset", "--quiet", "--hard", "HEAD~")
    assert answers(project)["_commit"] == "1.1.0.post1"
    assert "News." in (project / "README.md").read_text()
    assert "the team's handbook" in (project / "AGENTS.md").read_text()
