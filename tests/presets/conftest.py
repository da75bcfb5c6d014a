from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .command import Place, Repository

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "work").mkdir()
    return Place(tmp_path / "work")


@pytest.fixture
def team(tmp_path: Path) -> Repository:
    """A repository with a base, and an API preset on it, tagged v1."""
    (tmp_path / "team").mkdir()
    team = Repository(tmp_path / "team")
    team.git("init", "--quiet", "--initial-branch=main")
    team.write(
        "frameworkpick-preset.toml",
        '[locked]\ndocker = { value = true, because = "every service ships as an image" }\n',
    )
    team.write("apis/api.toml", 'extends = "../frameworkpick-preset.toml"\nuse_case = "rest_api"\n')
    team.commit("v1")
    return team
