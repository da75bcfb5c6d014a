from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from frameworkpick import history
from frameworkpick.errors import FrameworkpickError
from frameworkpick.history import packing
from frameworkpick.history.__main__ import main, publish

from .repositories import commit, git, opened, refs, write

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.version


def test_each_release_that_changed_the_templates_is_a_commit(
    checkout: Path, tmp_path: Path
) -> None:
    packed = packing.pack(checkout, "0.3.0")
    repository = opened(packed.bundle, tmp_path / "h.git")
    assert packed.current == "0.3.0"
    assert git(repository, "log", "--format=%s", "main") == "Templates 0.3.0\nTemplates 0.1.0"
    assert git(repository, "tag").split() == ["0.1.0", "0.3.0"]
    assert git(repository, "show", "0.1.0:a/project/{{ package_name }}/app.py") == "one"
    assert git(repository, "describe", "--tags", "HEAD") == "0.3.0"
    git(repository, "fsck", "--strict")


def test_unreleased_templates_are_named_after_the_release_they_lead_to(checkout: Path) -> None:
    write(checkout, "README.md", "newer\n")
    commit(checkout)
    assert packing.pack(checkout, "0.4.0.dev0").current == "0.3.0"  # they are those of 0.3.0
    write(checkout, "templates/new", "untracked\n")
    write(checkout, "templates/a.db", "ignored\n")
    packed = packing.pack(checkout, "0.4.0.dev0")
    assert packed.current == packing.current(checkout, "0.4.0.dev0") == "0.4.0.dev1"
    assert packing.pack(checkout, "0.3.0").current == "0.3.1.dev1"
    assert list(refs(packed.bundle))[2:] == [
        "refs/tags/0.1.0", "refs/tags/0.3.0", "refs/tags/0.4.0.dev1",
    ]  # fmt: skip
    repository = opened(packed.bundle, checkout.parent / "h.git")
    names = git(repository, "ls-tree", "--name-only", "HEAD").split()
    assert "new" in names
    assert "a.db" not in names


def test_two_builds_in_two_clones_are_the_same_to_the_byte(checkout: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", str(checkout), "other")
    git(tmp_path / "other", "config", "core.autocrlf", "false")
    git(tmp_path / "other", "gc", "--quiet", "--aggressive")
    first = packing.pack(checkout, "0.3.0").bundle
    assert packing.pack(tmp_path / "other", "0.3.0").bundle == first
    assert refs(first)["refs/tags/0.1.0"] == "0f8d4bb8227a1af30cbc807f415be24405bf6d94"


def test_packing_changes_nothing_in_the_checkout(checkout: Path) -> None:
    write(checkout, "templates/new", "x\n")

    def everything() -> dict[str, bytes]:
        files = (path for path in checkout.rglob("*") if path.is_file())
        return {str(path): path.read_bytes() for path in files}

    before = everything()
    packing.pack(checkout, "0.4.0.dev0")
    assert everything() == before


def test_a_later_release_of_an_older_series_moves_no_commit(checkout: Path) -> None:
    before = refs(packing.pack(checkout, "0.3.0").bundle)
    git(checkout, "checkout", "--quiet", "-b", "old", "v0.2.0")
    write(checkout, "templates/fix", "x\n")
    commit(checkout, "v0.2.1")
    old = refs(packing.pack(checkout, "0.2.1").bundle)
    assert set(old) == {"HEAD", "refs/heads/main", "refs/tags/0.1.0", "refs/tags/0.2.1"}
    git(checkout, "checkout", "--quiet", "main")
    after = refs(packing.pack(checkout, "0.3.0").bundle)
    assert after == before | {"refs/tags/0.2.1": old["HEAD"]}


def test_the_callers_git_settings_do_not_reach_the_build(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(checkout, "templates/crlf", "a\r\n")
    expected = packing.pack(checkout, "0.3.0").bundle
    write(
        tmp_path, "config", "[core]\n\tautocrlf = input\n\texcludesFile = /work\n[gpg]\n\tx = y\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.autocrlf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "input")
    assert packing.pack(checkout, "0.3.0").bundle == expected


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_checkout_that_somebody_else_owns_is_packed_all_the_same(checkout: Path) -> None:
    expected = packing.pack(checkout, "0.3.0").bundle
    subprocess.run(["chown", "-R", "12345", checkout], check=True)
    assert packing.pack(checkout, "0.3.0").bundle == expected
    assert packing.release_faults(checkout, "0.3.0") == []


def test_a_worktree_is_packed_as_its_repository(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "worktree", "add", "--quiet", str(tmp_path / "tree"), "v0.3.0")
    expected = packing.pack(checkout, "0.3.0").bundle
    assert packing.pack(tmp_path / "tree", "0.3.0").bundle == expected


def test_less_is_packed_where_there_is_less(checkout: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", "--no-tags", f"file://{checkout}", "shallow")
    assert packing.pack(tmp_path / "shallow", "0.4.0.dev0").current == "0.4.0.dev1"
    shutil.rmtree(checkout / ".git")
    packed = packing.pack(checkout, "0.4.0.dev7")
    assert packed.current == "0.4.0.dev7"
    tree = git(opened(packed.bundle, tmp_path / "h.git"), "ls-tree", "-r", "HEAD")
    assert "120000" in tree
    assert "100755" in tree


def test_a_partial_clone_fetches_what_it_lacks(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", f"file://{checkout}", "partial")
    assert (
        packing.pack(tmp_path / "partial", "0.3.0").bundle == packing.pack(checkout, "0.3.0").bundle
    )


def test_a_release_is_whole_tagged_and_clean(checkout: Path, tmp_path: Path) -> None:
    assert packing.release_faults(checkout, "0.3.0") == []
    assert packing.release_faults(checkout, "0.4.0.dev0") == [
        "0.4.0.dev0 is not the version of a release."
    ]
    assert packing.release_faults(checkout, "0.2.0") == [
        "The tag v0.2.0 is missing, or is not on the commit that is built."
    ]
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{checkout}", "shallow")
    (fault,) = packing.release_faults(tmp_path / "shallow", "0.3.0")
    assert "shallow" in fault
    write(checkout, "README.md", "dirty\n")
    assert packing.release_faults(checkout, "0.3.0") == [
        "The working tree differs from its commit."
    ]
    shutil.rmtree(checkout / ".git")
    (fault,) = packing.release_faults(checkout, "0.3.0")
    assert "not a git repository" in fault


def test_a_release_holds_every_release_that_the_changelog_names(checkout: Path) -> None:
    headings = "## [Unreleased]\n\n## [0.3.0] - 2026-03-01\n\n## [0.2.0]\n\n## [0.1.0]\n"
    write(checkout, "CHANGELOG.md", headings)
    commit(checkout)
    git(checkout, "tag", "--force", "v0.3.0")
    assert packing.release_faults(checkout, "0.3.0") == []
    git(checkout, "tag", "--delete", "v0.1.0")
    assert packing.release_faults(checkout, "0.3.0") == [
        "CHANGELOG.md names 0.1.0, and the tag v0.1.0 is missing: fetch it."
    ]


def published(checkout: Path, version: str, destination: Path) -> list[str]:
    lines = publish(checkout, version, str(destination))
    return [line.split("\t")[1].split(":")[1] for line in lines if line[0] == "*"]


def test_the_same_history_is_published_as_an_ordinary_repository(
    checkout: Path, tmp_path: Path
) -> None:
    public = tmp_path / "public.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(public))
    write(checkout, "templates/unreleased", "x\n")
    assert published(checkout, "0.1.0", public) == ["refs/heads/main", "refs/tags/0.1.0"]
    assert published(checkout, "0.4.0.dev0", public) == ["refs/tags/0.3.0"]
    assert published(checkout, "0.4.0.dev0", public) == []
    assert git(public, "tag").split() == ["0.1.0", "0.3.0"]
    (checkout / "templates/unreleased").unlink()
    packed = refs(packing.pack(checkout, "0.3.0").bundle)
    assert git(public, "rev-parse", "main", "0.1.0").split() == [
        packed["HEAD"], packed["refs/tags/0.1.0"],
    ]  # fmt: skip
    assert history.open_source(str(public), allowed=True).latest() == "0.3.0"


def test_a_version_that_is_out_there_is_never_replaced(checkout: Path, tmp_path: Path) -> None:
    public = tmp_path / "public.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(public))
    publish(checkout, "0.3.0", str(public))
    before = git(public, "for-each-ref")
    git(checkout, "tag", "--delete", "v0.1.0", "v0.2.0")
    with pytest.raises(FrameworkpickError, match="git push failed"):
        publish(checkout, "0.3.0", str(public))
    assert git(public, "for-each-ref") == before


def test_nothing_is_published_before_the_first_release(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "tag", "--delete", "v0.1.0", "v0.2.0", "v0.3.0")
    with pytest.raises(FrameworkpickError, match="There is no release yet"):
        publish(checkout, "0.4.0.dev0", str(tmp_path))


@pytest.mark.parametrize("words", [[], ["publish"], ["publish", "--force"], ["other", "x"]])
def test_publishing_says_how_it_is_used(words: list[str]) -> None:
    with pytest.raises(SystemExit, match="usage: python -m frameworkpick"):
        main(words)
