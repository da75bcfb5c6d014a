"""Renders projects from the templates and installs them, for the tests of the templates."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from frameworkpick.catalog import templates_root
from frameworkpick.process import Completed, find_uv, run
from frameworkpick.render import render

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TEMPLATES = templates_root()
#: Found by folder, so that a third framework meets the same tests.
FRAMEWORKS = sorted(path.parent.name for path in TEMPLATES.glob("*/framework.toml"))
#: What :attr:`Variant.id` spells by itself, and what it leaves out.
_NAMED = {"framework", "auth", "database", "docker", "ci", "python_version"} | {
    "project_name", "package_name", "description",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Variant:
    """The answers one project is rendered from."""

    framework: str
    auth: str = "tokens"
    database: str = "sqlite"
    docker: bool = True
    ci: str = "github"
    python_version: str = "3.11"
    project_name: str = "parts-store"
    package_name: str = "parts_store"
    description: str = "Keeps the parts of a bicycle shop."

    @property
    def id(self) -> str:
        """A short name for test ids and folders."""
        words = [
            self.framework, self.auth, self.database, "docker" if self.docker else "plain",
            self.ci, self.python_version,
        ]  # fmt: skip
        for option in sorted(self.__dataclass_fields__.keys() - _NAMED):
            value = getattr(self, option)
            words.append(option if value is True else f"no-{option}" if value is False else value)
        return "-".join(words)

    def render(self, destination: Path) -> Path:
        data: dict[str, str | bool] = {
            name: getattr(self, name) for name in self.__dataclass_fields__
        }
        render(TEMPLATES, data, destination, version="0.0.0.dev0")
        return destination


@dataclass(frozen=True, slots=True)
class Project:
    """A project that is rendered and installed."""

    variant: Variant
    folder: Path

    @property
    def package(self) -> Path:
        return self.folder / "src" / self.variant.package_name

    def run(self, *argv: str, env: Mapping[str, str] | None = None) -> Completed:
        """Run a program of the project's own environment in the project's folder."""
        return run(argv, cwd=self.folder, env=self.environ(env or {}), timeout=300)

    def check(self, *argv: str, env: Mapping[str, str] | None = None) -> Completed:
        done = self.run(*argv, env=env)
        assert done.ok, f"{' '.join(argv)} exited {done.returncode}:\n{done.output}"
        return done

    def environ(self, settings: Mapping[str, str]) -> dict[str, str]:
        """Put the project's programs first, and let no settings of this machine leak in."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("APP_", "COV_", "PYTEST_", "PYTHON", "VIRTUAL_ENV"))
        }
        if (self.folder / ".venv").is_symlink():  # else it would run the code of its own project
            kept["PYTHONPATH"] = str(self.folder / "src")
        path = f"{self.folder / '.venv' / 'bin'}{os.pathsep}{kept.get('PATH', os.defpath)}"
        return kept | {"PATH": path} | dict(settings)

    @property
    def serve_command(self) -> list[str]:
        """The production command of the framework, as its knowledge file names it."""
        source = TEMPLATES / self.variant.framework / "framework.toml"
        command = tomllib.loads(source.read_text(encoding="utf-8"))["serve"]["command"]
        return [str(word).format(package=self.variant.package_name) for word in command]


def install(variant: Variant, folder: Path) -> Project:
    """Render a variant and give it its environment, development tools included."""
    project = Project(variant, variant.render(folder))
    sync(project)
    return project


def sync(project: Project, *options: str) -> None:
    """Give a rendered project its environment; options go to ``uv sync``."""
    uv = find_uv()
    assert uv, "uv is neither on PATH nor installed as a package"
    project.check(uv, "sync", "--quiet", *options)
