"""Bandit, with its own settings, finds nothing: neither in this tool nor in what it generates."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .templates.projects import FRAMEWORKS, Variant

SOURCE = Path(__file__).parents[1] / "src"
VARIANTS = [
    Variant(framework, auth, database)
    for framework in FRAMEWORKS
    for auth in ("tokens", "none")
    for database in ("sqlite", "postgresql")
]


def findings(*folders: Path) -> str:
    command = [sys.executable, "-m", "bandit", "--recursive", "--quiet", *map(str, folders)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout if done.returncode else ""


def test_bandit_finds_nothing_in_our_own() -> None:
    assert findings(SOURCE) == ""


@pytest.mark.parametrize(
    "variants", [VARIANTS[:1], pytest.param(VARIANTS[1:], marks=pytest.mark.matrix)]
)
def test_bandit_finds_nothing_in_generated_projects(
    tmp_path: Path, variants: list[Variant]
) -> None:
    sources = [variant.render(tmp_path / variant.id) / "src" for variant in variants]
    assert findings(*sources) == ""


@pytest.mark.parametrize("line", ["assert eval('1')", "password = 'hunter2'  # nosec B101"])
def test_bandit_reports_what_is_unsafe(tmp_path: Path, line: str) -> None:
    (tmp_path / "unsafe.py").write_text(f"{line}\n", encoding="utf-8")
    assert "unsafe.py" in findings(tmp_path)


def test_whoever_silences_bandit_names_what() -> None:
    """A bare mark would hide whatever is found there later."""
    marked = [
        line
        for path in SOURCE.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "nosec" in line
    ]
    assert marked
    assert [line for line in marked if "# nosec B" not in line] == []
