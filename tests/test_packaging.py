"""The installed package, not only the checkout, carries the templates and generates."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
import yaml

from .history.wheels import (
    ADDRESS,
    ROOT,
    build,
    files,
    found,
    install,
    run,
    source_files,
)

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.matrix


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the sdist, as an installer without a wheel would build it."""
    folder = tmp_path_factory.mktemp("dist")
    said = build(ROOT, folder)
    assert said.count("frameworkpick: its templates were edited") <= 1
    return folder


@pytest.fixture(scope="module")
def person(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Somebody who installed that wheel and has nothing else."""
    (wheel,) = dist.glob("*.whl")
    return install(wheel, tmp_path_factory.mktemp("person"))


def test_the_wheel_carries_templates_knowledge_and_licences(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    packaged = {name for name in names if name.startswith("frameworkpick/templates/")}
    expected = {
        f"frameworkpick/templates/{path.relative_to(ROOT / 'templates').as_posix()}"
        for path in (ROOT / "templates").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.is_symlink()
    }
    assert expected <= packaged
    assert {
        "frameworkpick/py.typed",
        "frameworkpick/data/criteria.toml",
        "frameworkpick/data/use_cases.toml",
        "frameworkpick/report/decision.html.jinja",
        "frameworkpick/templates.bundle",
    } <= names
    assert not any("uv.lock" in name or "__pycache__" in name for name in names)
    assert not any("pack_history" in name for name in names)


def test_the_installed_wheel_generates_what_the_checkout_generates(
    person: dict[str, str], tmp_path: Path
) -> None:
    words = ["new", "app", "--yes", "--no-git", "--no-install", "--framework", "fastapi"]
    words += ["--date", "2026-01-01"]
    trees: list[dict[str, bytes]] = []
    for command in (["frameworkpick"], [sys.executable, "-m", "frameworkpick"]):
        place = tmp_path / f"place{len(trees)}"
        place.mkdir()
        found = shutil.which(command[0], path=person["PATH"]) or command[0]
        run(found, *command[1:], *words, cwd=place, env=person)
        trees.append(files(place))
    assert trees[0] == trees[1]
    assert len(trees[0]) > 20
    assert "app/UPGRADES.toml" not in trees[0]


def test_git_and_plain_copier_read_the_templates_of_the_wheel(
    person: dict[str, str], tmp_path: Path
) -> None:
    run("git", "clone", "--quiet", ADDRESS, "fork", cwd=tmp_path, env=person)
    checkout = {
        name.removeprefix("templates/")
        for name in source_files()
        if name.startswith("templates/") and not name.endswith(".db")
    }
    listed = run("git", "ls-files", "-z", cwd=tmp_path / "fork", env=person)
    assert set(listed.split("\0")) - {""} == checkout
    for link in (path for path in (ROOT / "templates").rglob("*") if path.is_symlink()):
        copied = tmp_path / "fork" / link.relative_to(ROOT / "templates")
        assert copied.readlink() == link.readlink()
    version = run("git", "describe", "--tags", cwd=tmp_path / "fork", env=person).strip()
    words = ["copier", "copy", "--quiet", "--defaults", "-d", "framework=flask", ADDRESS, "app"]
    run(*found(words, person), cwd=tmp_path, env=person)
    answers = yaml.safe_load((tmp_path / "app/.copier-answers.yml").read_text())
    assert (answers["_src_path"], answers["_commit"]) == (ADDRESS, version)
    assert (tmp_path / "app/src/my_service/static/index.html").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["clone", "frameworkpick://other.git"], "There is no repository"),
        (["push", ADDRESS, "HEAD"], "These templates can only be read."),
    ],
)
def test_the_templates_are_one_repository_that_is_only_read(
    words: list[str], said: str, person: dict[str, str], tmp_path: Path
) -> None:
    run("git", "init", "--quiet", cwd=tmp_path, env=person)
    run("git", "commit", "--quiet", "--allow-empty", "-m", "x", cwd=tmp_path, env=person)
    done = subprocess.run(
        ["git", *words], cwd=tmp_path, env=person, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr
