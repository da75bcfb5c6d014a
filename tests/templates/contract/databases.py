"""Databases for servers under test. Alembic runs once for each auth and kind; then copies do."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from .deployment import production

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.templates.postgres import PostgresServer
    from tests.templates.projects import Project

    from .targets import Target


@dataclass(frozen=True, slots=True)
class NewDatabase:
    """A place for one: before ``create`` it cannot be opened, before ``migrate`` it is empty."""

    url: str
    create: Callable[[], object]
    migrate: Callable[[], object]


@dataclass
class Databases:
    """Makes databases for targets."""

    installed: Callable[..., Project]
    folder: Callable[[str], Path]
    server: Callable[[], PostgresServer]
    #: A migrated database of each auth and kind: a file, or a name on the server.
    models: dict[tuple[str, str], str] = field(default_factory=dict)

    def new(self, target: Target) -> NewDatabase:
        """Give a place where no database is yet."""
        model = self._model(target)
        if target.database == "postgresql":
            server, name = self.server(), f"new_{uuid4().hex}"
            url = server.address(name)
            return NewDatabase(
                url, lambda: server.create_database(name), lambda: self._upgrade(target, url)
            )
        file = self.folder("new") / "later" / "app.db"
        return NewDatabase(f"sqlite:///{file}", file.parent.mkdir, lambda: copy(Path(model), file))

    def migrated(self, target: Target) -> str:
        """Give the address of a fresh database with all tables."""
        if target.database == "postgresql":
            return self.server().create_database(like=self._model(target))
        database = self.new(target)
        database.create()
        database.migrate()
        return database.url

    def _model(self, target: Target) -> str:
        key = (target.auth, target.database)
        if key not in self.models:
            if target.database == "postgresql":
                self.models[key] = f"model_{target.auth}"
                url = self.server().create_database(self.models[key])
            else:
                self.models[key] = str(self.folder("model") / "app.db")
                url = f"sqlite:///{self.models[key]}"
            self._upgrade(target, url)
        return self.models[key]

    def _upgrade(self, target: Target, url: str) -> None:
        project = target.project(self.installed)
        project.check("alembic", "upgrade", "head", env=production(url))


def copy(source: Path, target: Path) -> None:
    """Copy a database through SQLite, because a server may have the file open."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
