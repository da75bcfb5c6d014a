"""Revisions that the owner of a project adds: what they keep, and how they look."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import time
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest

from frameworkpick.commands import revision
from frameworkpick.process import start

from .contract.deployment import production, serve
from .projects import FRAMEWORKS, sync

if TYPE_CHECKING:
    from collections.abc import Callable

    from .postgres import PostgresServer
    from .projects import Project

#: What drafts a revision in a project, run by its Python.
DRAFT = str(Path(revision.__file__).with_name("autogenerate.py"))
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
INSERT INTO token_families (id, user_id, token_hash, created_at, rotated_at, expires_at)
VALUES ('f', 'u', 'hash', '2026-01-01', '2026-01-01', '2026-01-01');
INSERT INTO items VALUES ('i', 'u', 'one', NULL, '2026-01-01', '2026-01-01');
"""
COUNTS = """
SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM items),
       (SELECT count(*) FROM token_families)
"""

#: What an owner adds: an index on one column of a table that is there, and a table with several.
GROWN = """

class Part(Base):
    __tablename__ = "parts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    code: Mapped[str] = mapped_column(String(20), index=True, unique=True)
    shelf: Mapped[str] = mapped_column(String(20), index=True)
    colour: Mapped[str] = mapped_column(String(20), index=True)
    state: Mapped[str] = mapped_column(
        Enum("new", "used", name="state", native_enum=False, create_constraint=True)
    )
    sold: Mapped[bool] = mapped_column(default=False)
    item_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Item.id, ondelete="CASCADE"))
"""


@pytest.fixture(params=FRAMEWORKS)
def project(
    request: pytest.FixtureRequest, installed: Callable[..., Project], tmp_path: Path
) -> Project:
    """A project whose migrations may be changed, on a database with a user who has an item."""
    shared = installed(request.param)
    own = replace(shared, folder=tmp_path / "project")
    own.folder.mkdir()
    for name in ("pyproject.toml", "README.md", "uv.lock"):
        shutil.copy(shared.folder / name, own.folder)
    for part in ("migrations", "src"):
        shutil.copytree(shared.folder / part, own.folder / part)
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
    assert "leave rows of 'items' that refer to none" in done.output


def test_a_drafted_revision_is_formatted(project: Project) -> None:
    """What it has to make is everything: the first revision is taken away."""
    versions = project.folder / "migrations" / "versions"
    (versions / "0001_initial.py").unlink()
    (project.folder / "app.db").unlink()
    project.check("alembic", "revision", "--autogenerate", "-m", "draft")
    assert "create_table" in next(versions.glob("*_draft.py")).read_text(encoding="utf-8")
    project.check("ruff", "check", str(versions))
    project.check("ruff", "format", "--check", str(versions))


def grow(project: Project) -> dict[str, str]:
    """Change the models of a project; return the settings that make its programs see them."""
    models = project.package / "models.py"
    text = models.read_text(encoding="utf-8")
    text = text.replace("import DateTime, ", "import DateTime, Enum, ")
    text = text.replace("mapped_column(String(200))", "mapped_column(String(200), index=True)")
    models.write_text(text + GROWN, encoding="utf-8")
    return {"PYTHONPATH": str(project.package.parent)}


def agree_after_drafting(project: Project, env: dict[str, str]) -> None:
    assert not project.run("alembic", "check", env=env).ok
    project.check("alembic", "revision", "--autogenerate", "-m", "grow", env=env)
    [draft] = (project.folder / "migrations" / "versions").glob("*_grow.py")
    names = ("ix_items_title", "ix_parts_code", "pk_parts", "fk_parts_item_id")
    assert not [name for name in names if name not in draft.read_text(encoding="utf-8")]
    project.check("alembic", "upgrade", "head", env=env)
    project.check("alembic", "check", env=env)
    project.check("alembic", "downgrade", "0001", env=env)
    project.check("alembic", "upgrade", "head", env=env)


def test_a_model_that_grows_agrees_with_its_drafted_revision(project: Project) -> None:
    agree_after_drafting(project, grow(project))
    with closing(sqlite3.connect(project.folder / "app.db")) as database:
        [made] = database.execute("SELECT sql FROM sqlite_master WHERE name = 'parts'").fetchone()
    assert "ck_parts_state" in made
    assert counts(project) == (1, 1, 1)


@pytest.mark.matrix
@pytest.mark.postgresql
def test_a_model_that_grows_agrees_on_postgresql(
    installed: Callable[..., Project], postgres: PostgresServer, tmp_path: Path
) -> None:
    shared = installed("fastapi", "tokens", "postgresql")
    own = replace(shared, folder=tmp_path / "project")
    shutil.copytree(shared.folder, own.folder, symlinks=True)
    env = grow(own) | {"APP_DATABASE_URL": postgres.create_database()}
    own.check("alembic", "upgrade", "head", env=env)
    agree_after_drafting(own, env)


def test_a_revision_that_fails_leaves_the_database_as_it_was(project: Project) -> None:
    """SQLite would keep the half of it, and the next try stumble over that."""
    wrong = 'op.add_column("items", sa.Column("size", sa.Integer()))\n    op.execute("nonsense")'
    add_revision(project, wrong)
    assert not project.run("alembic", "upgrade", "head").ok
    add_revision(project, wrong.partition("\n")[0])
    project.check("alembic", "upgrade", "head")


@pytest.mark.matrix
def test_a_draft_for_merged_models_refuses_rows_that_would_lack_a_value(project: Project) -> None:
    models, answer = project.package / "models.py", project.folder / "answer.json"
    text = models.read_text(encoding="utf-8") + "    size: Mapped[int]\n"
    gone = "    name: Mapped[str] = mapped_column(String(100))\n"
    assert text.count(gone) == 1
    models.write_text(text.replace(gone, ""), encoding="utf-8")
    env = {"PYTHONPATH": str(project.package.parent)}
    project.check("python", "-P", DRAFT, "Grow", str(answer), env=env)
    found = json.loads(answer.read_text(encoding="utf-8"))
    assert found["needs"] == [["items", "size"]]
    assert found["drops"] == ["users.name"]
    drafted = (project.folder / found["path"]).read_text(encoding="utf-8")
    assert 'add_column(sa.Column("name", sa.String(length=100), nullable=False))' in drafted
    done = project.run("alembic", "upgrade", "head", env=env)
    assert "Rows of items need size: fill it in here, or delete them." in done.output
    assert counts(project) == (1, 1, 1)
    with closing(sqlite3.connect(project.folder / "app.db")) as database:
        database.execute("DELETE FROM items")
        database.commit()
    project.check("alembic", "upgrade", "head", env=env)
    project.check("alembic", "check", env=env)


@pytest.mark.matrix
def test_of_many_that_start_first_each_finds_the_tables(project: Project) -> None:
    code = f"""
import sys
from {project.variant.package_name}.db import migrate_new
print(flush=True)
for line in sys.stdin:
    migrate_new("sqlite:///" + line.strip())
    print(flush=True)
"""
    with ExitStack() as ending:
        running = [
            ending.enter_context(
                subprocess.Popen(
                    ["python", "-c", code],
                    cwd=project.folder, env=project.environ({}), text=True,
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                )
            )
            for _ in range(6)
        ]  # fmt: skip
        for name in ("one.db", "two.db", "three.db"):
            for each in running:
                assert each.stdout
                each.stdout.readline()  # it is ready, or has failed
            for each in running:
                assert each.stdin
                with suppress(BrokenPipeError):
                    print(name, file=each.stdin, flush=True)
        said = [each.communicate(timeout=60)[1] for each in running]
    assert [each.returncode for each in running] == [0] * 6, said


@pytest.mark.matrix
def test_a_reload_applies_no_draft(project: Project, free_port: Callable[[], int]) -> None:
    """The server of the README looks for changes while alembic writes a revision."""
    port, log = free_port(), project.folder / "server.log"
    page = (project.folder / "README.md").read_text(encoding="utf-8")
    command = page.partition("```sh\n")[2].partition("\n")[0].removeprefix("uv run ").split()
    server = start(
        [*command, "--port", str(port)],
        cwd=project.folder,
        env=project.environ({"PYTHONPATH": str(project.package.parent)}),
        log=log,
    )
    try:
        assert status_of(port, log) == 200
        add_revision(project, 'op.execute("DELETE FROM items")')
        (project.package / "problems.py").touch()  # Flask does not look at migrations
        until = time.monotonic() + 30
        while "Migrations are pending" not in log.read_text(encoding="utf-8"):
            assert time.monotonic() < until, log.read_text(encoding="utf-8")
            time.sleep(0.1)
        assert status_of(port, log) == 503
    finally:
        server.stop(10)
    assert counts(project) == (1, 1, 1)
    assert "0001 (head)" not in project.check("alembic", "current").output


def status_of(port: int, log: Path) -> int:
    """Ask whether a server is ready, as soon as it answers."""
    until = time.monotonic() + 30
    while True:
        try:
            return httpx2.get(f"http://127.0.0.1:{port}/ready", timeout=10).status_code
        except httpx2.TransportError:
            assert time.monotonic() < until, log.read_text(encoding="utf-8")
            time.sleep(0.1)


@pytest.mark.matrix
def test_a_wheel_carries_the_migrations(
    project: Project, free_port: Callable[[], int], tmp_path: Path
) -> None:
    """It is installed and started where the repository is not."""
    own = replace(project, folder=tmp_path / "away")
    shutil.copytree(project.folder, own.folder, ignore=shutil.ignore_patterns(".venv", "app.db"))
    sync(own, "--no-editable", "--no-dev")
    for name in ("src", "migrations", "pyproject.toml"):
        target = own.folder / name
        shutil.rmtree(target) if target.is_dir() else target.unlink()
    env = production(f"sqlite:///{tmp_path}/away.db")
    own.check("python", "-m", own.variant.package_name, "migrate", env=env)
    with serve(own, env, tmp_path, free_port()) as served:
        assert served.client.get("/ready").status_code == 200
