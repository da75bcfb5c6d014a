"""The installed package, not only the checkout, carries the templates and generates."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from frameworkpick.process import find_uv

ROOT = Path(__file__).parent.parent


def uv(*words: str, cwd: Path) -> None:
    program = find_uv()
    assert program
    done = subprocess.run([program, *words], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the sdist, as an installer without a wheel would build it."""
    folder = tmp_path_factory.mktemp("dist")
    uv("build", "--quiet", "--python", sys.executable, "--out-dir", str(folder), cwd=ROOT)
    return folder


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
    } <= names
    assert not any("uv.lock" in name or "__pycache__" in name for name in names)


def test_the_installed_wheel_generates_what_the_checkout_generates(
    dist: Path, tmp_path: Path
) -> None:
    (wheel,) = dist.glob("*.whl")
    uv("venv", "--quiet", "--python", sys.executable, "venv", cwd=tmp_path)
    python = tmp_path / "venv/bin/python"
    uv("pip", "install", "--quiet", "--python", str(python), str(wheel), cwd=tmp_path)
    words = ["new", "app", "--yes", "--no-git", "--no-install", "--framework", "fastapi"]
    words += ["--date", "2026-01-01"]
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    trees: list[dict[str, bytes]] = []
    for command in (
        [str(tmp_path / "venv/bin/frameworkpick")],
        [sys.executable, "-m", "frameworkpick"],
    ):
        place = tmp_path / f"place{len(trees)}"
        place.mkdir()
        subprocess.run([*command, *words], cwd=place, env=env, capture_output=True, check=True)
        trees.append(
            {
                path.relative_to(place).as_posix(): path.read_bytes()
                for path in place.rglob("*")
                if path.is_file() and path.name != ".env"
            }
        )
    assert trees[0] == trees[1]
    assert len(trees[0]) > 20
