"""The repository keeps its own rules."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def tracked() -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_the_layers_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_lock_file_and_no_registry_address_is_committed() -> None:
    registry = re.compile(r"//[a-z0-9.-]*(?:pypi|pythonhosted|npmjs)\.[a-z]+")
    for path in tracked():
        assert path.name not in {"uv.lock", "pylock.toml", "package-lock.json", "poetry.lock"}
        if path.name.startswith("swagger-ui"):
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        assert not registry.search(text), path


def test_no_file_of_ours_outgrows_the_head() -> None:
    for path in tracked():
        if path.suffix == ".py" and path.is_relative_to(ROOT / "src"):
            assert len(path.read_text(encoding="utf-8").splitlines()) <= 280, path


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page}: {target}"


def test_the_readme_gives_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("main", "test"):
        block = re.search(rf"<!-- command: {name} -->\n```sh\n(.+)\n```", text)
        assert block, name
        assert block[1].startswith("python3 -m venv .venv && ")
