from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from frameworkpick import history
from frameworkpick.errors import FrameworkpickError
from frameworkpick.history import release_bundle
from frameworkpick.history.releases import PLACE
from release import main, publish

from ..listed import list_release  # noqa: TID252 (shared by all)
from .repositories import commit, git, opened, refs, write

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.version


def test_each_release_that_changed_the_templates_is_a_commit(
    checkout: Path, tmp_path: Path
) -> None:
    packed = release_bundle.pack(checkout)
    repository = opened(packed.bundle, tmp_path / "h.git")
    assert (packed.current, packed.missing) == ("0.3.0", ())
    assert git(repository, "log", "--format=%s %cs", "main").split("\n") == [
        "Templates 0.3.0 2026-01-01", "Templates 0.1.0 2026-01-01",
    ]  # fmt: skip
    assert git(repository, "tag").split() == ["0.1.0", "0.3.0"]
    assert git(repository, "show", "0.1.0:a/project/{{ package_name }}/app.py") == "one"
    assert git(repository, "describe", "--tags", "HEAD") == "0.3.0"
    git(repository, "fsck", "--strict")


def test_edited_templates_are_no_release(checkout: Path) -> None:
    write(checkout, "README.md", "newer\n")
    commit(checkout)
    assert release_bundle.pack(checkout).current == "0.3.0"  # they are those of 0.3.0
    write(checkout, "templates/new", "untracked\n")
    write(checkout, "templates/a.db", "ignored\n")
    packed = release_bundle.pack(checkout)
    assert packed.current == release_bundle.current(checkout) == "0.3.1.dev0"
    assert list(refs(packed.bundle))[2:] == [
        "refs/tags/0.1.0", "refs/tags/0.3.0", "refs/tags/0.3.1.dev0",
    ]  # fmt: skip
    repository = opened(packed.bundle, checkout.parent / "h.git")
    names = git(repository, "ls-tree", "--name-only", "HEAD").split()
    assert "new" in names
    assert "a.db" not in names


def test_what_git_tracks_though_it_is_ignored_belongs_to_the_templates(checkout: Path) -> None:
    write(checkout, "templates/a.db", "tracked\n")
    git(checkout, "add", "--force", "templates/a.db")
    commit(checkout)
    assert release_bundle.tree_of(checkout) == git(checkout, "rev-parse", "HEAD:templates")


def test_two_builds_in_two_clones_are_the_same_to_the_byte(checkout: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", str(checkout), "other")
    git(tmp_path / "other", "config", "core.autocrlf", "false")
    git(tmp_path / "other", "gc", "--quiet", "--aggressive")
    first = release_bundle.pack(checkout).bundle
    assert release_bundle.pack(tmp_path / "other").bundle == first
    assert refs(first)["refs/tags/0.1.0"] == "e1687b52ec4ff1115c4e1ed27b9033deba7c99c6"


def test_packing_changes_nothing_in_the_checkout(checkout: Path) -> None:
    write(checkout, "templates/new", "x\n")

    def everything() -> dict[str, bytes]:
        files = (path for path in checkout.rglob("*") if path.is_file())
        return {str(path): path.read_bytes() for path in files}

    before = everything()
    release_bundle.pack(checkout)
    assert everything() == before


def test_the_callers_git_settings_do_not_reach_the_build(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(checkout, "templates/crlf", "a\r\n")
    expected = release_bundle.pack(checkout).bundle
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
    assert release_bundle.pack(checkout).bundle == expected


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_checkout_that_somebody_else_owns_is_packed_all_the_same(checkout: Path) -> None:
    git(checkout, "tag", "v0.3.0")
    expected = release_bundle.pack(checkout).bundle
    subprocess.run(["chown", "-R", "12345", checkout], check=True)
    assert release_bundle.pack(checkout).bundle == expected
    assert release_bundle.release_faults(checkout) == []


def test_a_worktree_is_packed_as_its_repository(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "worktree", "add", "--quiet", "--detach", str(tmp_path / "tree"))
    expected = release_bundle.pack(checkout).bundle
    assert release_bundle.pack(tmp_path / "tree").bundle == expected


def test_a_version_is_the_same_commit_where_older_ones_are_missing(
    checkout: Path, tmp_path: Path
) -> None:
    """So a fork made from such a build knows what it has when the whole history comes."""
    whole = release_bundle.pack(checkout)
    git(tmp_path, "clone", "--quiet", "--depth=1", "--no-tags", f"file://{checkout}", "shallow")
    packed = release_bundle.pack(tmp_path / "shallow")
    assert (packed.current, packed.missing) == ("0.3.0", ("0.1.0",))
    assert refs(packed.bundle)["HEAD"] == refs(whole.bundle)["HEAD"]
    shutil.rmtree(checkout / ".git")
    exported = release_bundle.pack(checkout)
    assert (exported.current, exported.missing) == ("0.3.0", ("0.1.0",))
    assert refs(exported.bundle)["HEAD"] == refs(whole.bundle)["HEAD"]
    repository = opened(exported.bundle, tmp_path / "less.git")
    git(repository, "fsck", "--strict")
    tree = git(repository, "ls-tree", "-r", "HEAD")
    assert "120000" in tree
    assert "100755" in tree
    git(tmp_path, "clone", "--quiet", "--bare", f"file://{repository}", "fork.git")
    opened(whole.bundle, tmp_path / "more.git")
    words = ("fetch", "--quiet", "--unshallow", "--tags", f"file://{tmp_path}/more.git")
    git(tmp_path / "fork.git", *words)
    assert git(tmp_path / "fork.git", "rev-list", "--count", "main") == "2"


def test_a_partial_clone_fetches_what_it_lacks(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", f"file://{checkout}", "partial")
    assert release_bundle.pack(tmp_path / "partial").bundle == release_bundle.pack(checkout).bundle


def test_a_published_build_is_whole_tagged_and_clean(checkout: Path, tmp_path: Path) -> None:
    assert release_bundle.release_faults(checkout) == [
        "The tag v0.3.0 is missing, or is not on the commit that is built."
    ]
    git(checkout, "tag", "v0.3.0")
    assert release_bundle.release_faults(checkout) == []
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{checkout}", "shallow")
    assert release_bundle.release_faults(tmp_path / "shallow") == [
        "The clone is not whole: the templates of 0.1.0 are missing."
    ]
    write(checkout, "templates/common", "edited\n")
    assert release_bundle.release_faults(checkout) == [
        "templates/ are not those of 0.3.0: run `python src/release.py`.",
        "The working tree differs from its commit.",
    ]
    shutil.rmtree(checkout / ".git")
    (fault,) = release_bundle.release_faults(checkout)
    assert "not a git repository" in fault


@pytest.mark.parametrize(
    "text", ["", "releases = []", "releases = [1]", "releases = [{version = 1}]"]
)
def test_a_list_that_somebody_broke_is_said_so(checkout: Path, text: str) -> None:
    write(checkout, PLACE, text)
    with pytest.raises(FrameworkpickError, match=r"releases\.toml"):
        release_bundle.pack(checkout)


def published(checkout: Path, destination: Path) -> list[str]:
    lines = publish(checkout, str(destination))
    return [line.split("\t")[1].split(":")[1] for line in lines if line[0] == "*"]


def test_the_same_history_is_published_as_an_ordinary_repository(
    checkout: Path, tmp_path: Path
) -> None:
    public = tmp_path / "public.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(public))
    write(checkout, "templates/new", "x\n")
    names = ["refs/heads/main", "refs/tags/0.1.0", "refs/tags/0.3.0"]
    assert published(checkout, public) == names
    assert published(checkout, public) == []
    list_release(checkout, "0.4.0")
    commit(checkout)
    assert published(checkout, public) == ["refs/tags/0.4.0"]
    packed = refs(release_bundle.pack(checkout).bundle)
    assert git(public, "rev-parse", "main", "0.1.0").split() == [
        packed["HEAD"], packed["refs/tags/0.1.0"],
    ]  # fmt: skip
    assert history.open_source(str(public), allowed=True).latest() == "0.4.0"


def test_a_version_that_is_out_there_is_never_replaced(checkout: Path, tmp_path: Path) -> None:
    public = tmp_path / "public.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(public))
    publish(checkout, str(public))
    before = git(public, "for-each-ref")
    list_release(checkout, "0.3.0", first=True)
    with pytest.raises(FrameworkpickError, match="git push failed"):
        publish(checkout, str(public))
    assert git(public, "for-each-ref") == before


def test_a_part_of_the_history_is_not_published(checkout: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{checkout}", "shallow")
    with pytest.raises(FrameworkpickError, match=r"templates of 0\.1\.0 are not here"):
        publish(tmp_path / "shallow", str(tmp_path))


@pytest.mark.parametrize("words", [["publish"], ["publish", "--force"], ["other"], ["0.4", "x"]])
def test_the_script_says_how_it_is_used(words: list[str]) -> None:
    with pytest.raises(SystemExit, match=r"usage: python src/release\.py"):
        main(words)
