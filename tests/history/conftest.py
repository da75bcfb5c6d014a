from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from frameworkpick.history import builtin, release_bundle

from ..listed import list_release  # noqa: TID252 (shared by all)
from .repositories import commit, forget, git, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    forget()
    return tmp_path / "cache/frameworkpick"


@pytest.fixture
def checkout(made_checkout: Path, tmp_path: Path) -> Path:
    """A source tree with three releases, the second of which left the templates alone."""
    return shutil.copytree(made_checkout, tmp_path / "checkout", symlinks=True)


@pytest.fixture(scope="module")
def made_checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("checkout")
    git(root, "init", "--quiet", "--initial-branch=main")
    write(root, "templates/copier.yml", "_subdirectory: a/project\n")
    write(root, "templates/a/project/{{ package_name }}/app.py", "one\n")
    (root / "templates/a/project/link").symlink_to("../../common")
    write(root, "templates/common", "text\n")
    write(root, "templates/run.sh", "#!/bin/sh\n")
    (root / "templates/run.sh").chmod(0o755)
    write(root, ".gitignore", "*.db\n")
    list_release(root, "0.1.0", first=True)
    commit(root)
    list_release(root, "0.2.0")
    commit(root)
    write(root, "templates/a/project/{{ package_name }}/app.py", "three\n")
    list_release(root, "0.3.0")
    commit(root)
    return root


@pytest.fixture(scope="module")
def bundled(made_checkout: Path) -> bytes:
    return release_bundle.pack(made_checkout).bundle


@pytest.fixture
def installed(bundled: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in for an installed wheel of 0.3.0."""
    bundle = tmp_path / "site/templates.bundle"
    bundle.parent.mkdir()
    bundle.write_bytes(bundled)
    monkeypatch.setattr(builtin, "_BUNDLE", bundle)
    return bundle


@pytest.fixture
def team(made_team: Path, tmp_path: Path) -> Path:
    """A team's repository with two versions, one tagged with a v."""
    return shutil.copytree(made_team, tmp_path / "team", symlinks=True)


@pytest.fixture(scope="module")
def made_team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("team")
    git(root, "init", "--quiet", "--initial-branch=main")
    write(root, "copier.yml", "name: x\n")
    commit(root, "1.0.0", "nightly")
    write(root, "copier.yml", "name: y\n")
    commit(root, "v1.1.0", "v2.0.0rc1")
    return root
