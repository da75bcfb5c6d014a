"""Images are built once a session, for the tests that look at them and those that run them."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from frameworkpick.process import find_uv, run

from ..projects import Variant  # noqa: TID252 (one folder up is the nearest place both share)
from .engine import Engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: Stands in every file that an image must not hold.
DECOY = "decoy-4b1f0c52"
#: Where a developer's folder holds what is nobody else's business.
DECOYS = (
    ".env",
    ".env.production",
    ".git/config",
    ".venv/pyvenv.cfg",
    "app.db",
    "app.db-wal",
    "compose.override.yaml",
    "migrations/.env",
    "notes.txt",
    "src/parts_store/.env",
    "src/parts_store/local.db",
    "tests/test_decoy.py",
)


@dataclass(frozen=True, slots=True)
class Image:
    """An image that was built from a generated project."""

    engine: Engine
    variant: Variant
    #: The project it was built from, decoys included.
    folder: Path
    tag: str
    secret: str

    @property
    def secret_option(self) -> str:
        return f"--env=APP_SECRET_KEY={self.secret}"

    def inspect(self, template: str) -> str:
        return self.engine.check("image", "inspect", "--format", template, self.tag)


@pytest.fixture(scope="session")
def engine() -> Engine:
    engine = Engine()
    if reason := engine.missing():
        if os.environ.get("FRAMEWORKPICK_CI") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return engine


@pytest.fixture(scope="session")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Variant], Path]:
    """Render a project and give it the lock file that its image is built from."""

    def make(variant: Variant) -> Path:
        folder = variant.render(tmp_path_factory.mktemp(variant.id) / variant.project_name)
        uv = find_uv()
        assert uv, "uv is neither on PATH nor installed as a package"
        done = run([uv, "lock", "--quiet"], cwd=folder, timeout=300)
        assert done.ok, done.output
        return folder

    return make


@pytest.fixture(scope="session")
def images(engine: Engine, locked: Callable[[Variant], Path]) -> Iterator[Callable[[str], Image]]:
    """Give the image of a framework's usual project, built from a folder full of decoys."""
    made: dict[str, Image] = {}

    def get(framework: str) -> Image:
        if framework not in made:
            variant = Variant(framework)
            folder = locked(variant)
            for name in DECOYS:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(DECOY, encoding="utf-8")
            for path in folder.rglob("*"):  # as a strict umask leaves it
                path.chmod(path.stat().st_mode & 0o700)
            image = Image(engine, variant, folder, engine.name(), secrets.token_urlsafe(48))
            engine.build(folder, image.tag)
            made[framework] = image
        return made[framework]

    yield get
    for image in made.values():
        engine.run("image", "rm", "--force", image.tag)


@pytest.fixture
def image(framework: str, images: Callable[[str], Image]) -> Image:
    return images(framework)
