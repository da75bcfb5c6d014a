"""Revisions that the owner of a project adds: what they keep, and how they look."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from .projects import FRAMEWORKS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .projects import Project

REVISION = '''"""The second one."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    {}
'''
#: SQLite cannot change a column: alembic makes a new table, and drops the old one.
RECREATE = """with op.batch_alter_table("users") as users:
        users.alter_column("name", type_=sa.String(150), existing_type=sa.String(100))"""
ROWS = """
INSERT INTO users VALUES ('u', 'ann@example.com', 'Ann', 'hash', '2026-01-01');
INSERT INTO token_families VALUES ('f', 'u', 'hash', '2026-01-01');
INSERT INTO items VALUES ('i', 'u', 'one', NULL, '2026-01-01', '2026-01-01');
"""
COUNTS = """
SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM items),
       (SELECT count(*) FROM token_families)
"""


@pytest.fixture(params=FRAMEWORKS)
def project(
    request: pytest.FixtureRequest, installed: Callable[..., Project], tmp_path: Path
) -> Project:
    """A project whose migrations may be changed, on a database with a user who has an item."""
    shared = installed(request.param)
    own = replace(shared, folder=tmp_path / "project")
    own.folder.mkdir()
    shutil.copy(shared.folder / "pyproject.toml", own.folder)
    shutil.copytree(shared.folder / "migrations", own.folder / "migrations")
    (own.folder / ".venv").symlink_to(shared.folder / ".venv")
    own.check("alembic", "upgrade", "head")
    with closing(sqlite3.connect(own.folder / "app.db")) as database:
        database.executescript(ROWS)
    return own


def add_revision(project: Project, upgrade: str) -> None:
    file = project.folder / "migrations" / "versions" / "0002_second.py"
    file.write_text(REVISION.format(upgrade), encoding="utf-8")


def counts(project: Project) -> tuple[int, ...]:
    with closing(sqlite3.connect(project.folder / "app.db")) as database:
        return tuple(database.execute(COUNTS).fetchone())


def test_a_change_of_a_table_keeps_what_refers_to_it(project: Project) -> None:
    add_revision(project, RECREATE)
    project.check("alembic", "upgrade", "head")
    assert counts(project) == (1, 1, 1)
    assert "0002 (head)" in project.check("alembic", "current").output


def test_a_migration_that_leaves_loose_ends_is_an_error(project: Project) -> None:
    add_revision(project, 'op.execute("UPDATE items SET owner_id = 0")')
    done = project.run("alembic", "upgrade", "head")
    assert not done.ok
    assert "left rows of 'items' that refer to none" in done.output


def test_a_drafted_revision_is_formatted(project: Project) -> None:
    """What it has to make is everything: the first revision is taken away."""
    versions = project.folder / "migrations" / "versions"
    (versions / "0001_initial.py").unlink()
    (project.folder / "app.db").unlink()
    project.check("alembic", "revision", "--autogenerate", "-m", "draft")
    assert "create_table" in next(versions.glob("*_draft.py")).read_text(encoding="utf-8")
    project.check("ruff", "check", str(versions))
    project.check("ruff", "format", "--check", str(versions))
