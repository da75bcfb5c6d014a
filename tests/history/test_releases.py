"""Main is always a release: the list names the templates as they are, and a script adds to it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import release
from frameworkpick import __version__, history
from frameworkpick.errors import FrameworkpickError
from frameworkpick.history import release_bundle
from frameworkpick.history.releases import PLACE, read_releases

from .repositories import commit, git, write

ROOT = Path(__file__).parents[2]
ANEW = "run `.venv/bin/python src/release.py`, and commit what it changes together with templates/"

needs_history = pytest.mark.skipif(
    not (ROOT / ".git").exists() or (ROOT / ".git/shallow").exists(), reason="no history is here"
)


def test_the_newest_release_is_what_templates_hold() -> None:
    newest = read_releases()[-1]
    assert release_bundle.tree_of(ROOT) == newest.tree, (
        f"templates/ changed since {newest.version}: {ANEW}"
    )
    assert history.current_version() == newest.version


@needs_history
def test_every_release_is_in_a_commit_that_a_clone_gets() -> None:
    held = release.committed(ROOT) | {release_bundle.tree_of(ROOT)}
    lost = [each.version for each in read_releases() if each.tree not in held]
    assert not lost, f"No commit holds the templates of {', '.join(lost)}: {ANEW}"


def test_the_list_names_the_version_once_for_the_program_the_package_and_the_changelog() -> None:
    newest = read_releases()[-1]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["version"]
    found = re.search(project["pattern"], (ROOT / project["path"]).read_text(), re.MULTILINE)
    assert found
    assert found["version"] == __version__ == newest.version
    headings = re.findall(r"^## \[(.+)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings == ["Unreleased", *(each.version for each in reversed(read_releases()))]


@needs_history
def test_a_contributor_needs_one_command_and_a_plain_clone_is_enough(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--no-tags", f"file://{ROOT}", str(clone))
    shutil.copytree(ROOT / "src", clone / "src", dirs_exist_ok=True)
    write(clone, "templates/new.txt", "new\n")
    script = [sys.executable, "src/release.py"]
    done = subprocess.run(script, cwd=clone, capture_output=True, text=True, check=True)
    newest = read_releases(clone / PLACE)[-1].version
    assert done.stdout == f"{newest} is listed. Commit it together with templates/.\n"
    commit(clone)
    packed = release_bundle.pack(clone)
    assert (packed.current, packed.missing) == (newest, ())
    asked = [sys.executable, "-m", "frameworkpick", "--version"]
    env = os.environ | {"PYTHONPATH": str(clone / "src")}
    done = subprocess.run(asked, cwd=clone, env=env, capture_output=True, text=True, check=True)
    assert done.stdout == f"frameworkpick {newest}\n"


@pytest.fixture
def questioned(checkout: Path) -> Path:
    """A checkout with a question, a changelog and a guide that pins its version."""
    write(checkout, "templates/copier.yml", "auth:\n  choices: [none, tokens]\n_skip: []\n")
    write(checkout, "CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n### Added\n- One.\n")
    write(checkout, "docs/guides/one.md", "Run frameworkpick==0.1.0 here.\n")
    release.release(checkout)
    commit(checkout)
    return checkout


def test_a_new_question_or_answer_is_a_minor_version_and_anything_else_a_patch(
    questioned: Path,
) -> None:
    copier = questioned / "templates/copier.yml"
    versions = ["0.4.0"]
    for before, after in (
        ("_skip", "_exclude"),
        ("[none, tokens]", "{None: none, Tokens: tokens}"),
        ("Tokens: tokens}", "Tokens: tokens, Keys: keys}"),
        ("auth:", "cache:\n  type: bool\nauth:"),
    ):
        copier.write_text(copier.read_text().replace(before, after))
        release.release(questioned)
        commit(questioned)
        versions.append(read_releases(questioned / PLACE)[-1].version)
    assert versions == ["0.4.0", "0.4.1", "0.4.2", "0.5.0", "0.6.0"]
    assert release_bundle.pack(questioned).current == "0.6.0"


def test_the_changelog_and_the_guides_follow(questioned: Path) -> None:
    made = read_releases(questioned / PLACE)[-1]
    assert (questioned / "CHANGELOG.md").read_text() == (
        f"# Changelog\n\n## [Unreleased]\n\n## [0.4.0] - {made.date}\n\n### Added\n- One.\n"
    )
    assert (questioned / "docs/guides/one.md").read_text() == "Run frameworkpick==0.4.0 here.\n"


def test_a_release_that_was_not_committed_gives_way(questioned: Path) -> None:
    write(questioned, "templates/common", "first\n")
    release.release(questioned)
    write(questioned, "templates/common", "second\n")
    release.release(questioned)
    assert [each.version for each in read_releases(questioned / PLACE)][-2:] == ["0.4.0", "0.4.1"]
    assert (questioned / "CHANGELOG.md").read_text().count("## [0.4.1]") == 1
    commit(questioned)
    write(questioned, "templates/common", "third\n")
    git(questioned, "commit", "--quiet", "--all", "--amend", "--no-edit")  # 0.4.1 is gone
    release.release(questioned)
    newest = read_releases(questioned / PLACE)[-1]
    assert (newest.version, newest.tree) == (
        "0.4.1",
        git(questioned, "rev-parse", "HEAD:templates"),
    )


def test_what_cannot_be_released_changes_nothing(questioned: Path) -> None:
    def refused(said: str, version: str | None = None) -> None:
        with pytest.raises(FrameworkpickError, match=said):
            release.release(questioned, version)
        assert not git(questioned, "diff", "--name-only", "--", PLACE, "CHANGELOG.md")

    refused(r"The templates are those of 0\.4\.0\.")
    refused(r"0\.4\.0 does not come after 0\.4\.0\.", "0.4.0")
    refused(r"0\.5\.0rc1 does not come after 0\.4\.0\.", "0.5.0rc1")
    upgrade = '[[upgrade]]\nversion = "0.5.0"\nkind = "manual"\nsummary = "Do it."\n'
    write(questioned, "templates/UPGRADES.toml", upgrade)
    refused(r"UPGRADES\.toml speaks of 0\.5\.0, and this is 0\.4\.1\.")
    release.release(questioned, "1.0.0")
    assert read_releases(questioned / PLACE)[-1].version == "1.0.0"


def test_the_program_alone_is_released_under_a_version_that_is_named(questioned: Path) -> None:
    release.release(questioned, "0.4.1")
    commit(questioned)
    assert read_releases(questioned / PLACE)[-1].version == "0.4.1"
    assert release_bundle.pack(questioned).current == "0.4.0"


def test_a_copy_without_the_history_adds_no_release(questioned: Path) -> None:
    write(questioned, "templates/common", "new\n")
    shutil.rmtree(questioned / ".git")
    git(questioned, "init", "--quiet")
    commit(questioned)
    with pytest.raises(FrameworkpickError, match="No listed release is in this clone"):
        release.release(questioned)
