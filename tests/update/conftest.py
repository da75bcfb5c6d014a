"""A home of its own for each run: nobody's settings, nobody's caches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .locks import make_lockable, make_locking
from .releases import make_releases
from .small import MINE, commit, make_project, make_template, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True, scope="session")
def _own_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    home = tmp_path_factory.mktemp("home")
    settings = (
        "[user]\n\tname = A Person\n\temail = person@localhost\n"
        '[init]\n\tdefaultBranch = main\n[protocol "file"]\n\tallow = always\n'
    )
    (home / ".gitconfig").write_text(settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.delenv("XDG_CONFIG_HOME", raising=False)
        patch.delenv("XDG_CACHE_HOME", raising=False)
        yield


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, _own_settings: None) -> Path:
    """A template repository with the versions 0.1.0, 0.2.0 and 0.3.0."""
    return make_template(tmp_path_factory.mktemp("template") / "team.git")


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory, _own_settings: None) -> dict[str, Path]:
    """Three releases of frameworkpick, made from the templates as they are here."""
    return make_releases(tmp_path_factory.mktemp("releases"))


@pytest.fixture
def project(template: Path, tmp_path: Path) -> Path:
    """A project of its first version, in git, with changes that meet the second one's."""
    made = make_project(template, tmp_path / "shop")
    write(made, MINE)
    commit(made)
    return made


@pytest.fixture(scope="session")
def locking(tmp_path_factory: pytest.TempPathFactory, _own_settings: None) -> Path:
    """A template whose answers are in a project's dependencies."""
    return make_locking(tmp_path_factory.mktemp("locking"))


@pytest.fixture
def lockable(locking: Path, tmp_path: Path) -> Path:
    """A project of it, in git, with a lock."""
    return make_lockable(locking, tmp_path)
