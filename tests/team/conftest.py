"""One installation for all tests of a worker; a home, a shell and a team for each module."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .house import Shell, git, make_installation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session", autouse=True)
def _own_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text(
        "[user]\n\tname = A Person\n\temail = person@localhost\n[init]\n\tdefaultBranch = main\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        yield


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory, _own_settings: None) -> Path:
    return make_installation(tmp_path_factory.mktemp("installed"))


@pytest.fixture(scope="module")
def shell(installation: Path, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A person whose team has an empty repository for templates, and one for presets."""
    home = tmp_path_factory.mktemp("person")
    for name in ("templates.git", "presets.git"):
        git(home, "init", "--quiet", "--bare", name)
    return Shell(installation, home)
