"""The databases of a run: a new one in a PostgreSQL server, and one with rows of an earlier commit.

PostgreSQL is reached through the driver that is installed in the copy, not by one of ours.
"""

from __future__ import annotations

import secrets
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from frameworkpick import process
from frameworkpick.errors import InputError
from frameworkpick.project import VERSIONS

from . import setup
from .result import ProbeResult, Status, tail

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .sandbox import Sandbox

TIMEOUT = 60.0
#: Arguments: "create" or "drop" and the database's name, which is ours. The server's address comes
#: by the environment, because arguments can be read by others.
_SCRIPT = """
import os, sys
import psycopg
action, name = sys.argv[1:]
words = {
    "create": f'CREATE DATABASE "{name}"',
    "drop": f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
}
server = os.environ["VERIFY_SERVER"]
with psycopg.connect(server, autocommit=True, connect_timeout=15) as connection:
    connection.execute(words[action])
"""
#: Name and group of the probe that has the rows of an earlier commit.
EARLIER = ("earlier database", "checks")
_ROWS = Path(__file__).with_name("rows.py")


class Postgres:
    """A database in a running PostgreSQL server."""

    def __init__(self, sandbox: Sandbox, server_url: str) -> None:
        """Prepare, without connecting.

        Args:
            sandbox: The installed copy.
            server_url: The server, as :func:`check_url` allows it.
        """
        self._sandbox = sandbox
        self._name = f"frameworkpick_verify_{secrets.token_hex(6)}"
        parts = urlsplit(server_url)._replace(scheme="postgresql")
        self._server = urlunsplit(parts)
        #: Address of the new database, for the project.
        self.url = urlunsplit(parts._replace(path=f"/{self._name}"))

    def create(self) -> ProbeResult:
        """Create the database."""
        return self._run("create")

    def drop(self) -> ProbeResult:
        """Drop the database, closing whatever is still connected."""
        return self._run("drop")

    def _run(self, action: str) -> ProbeResult:
        done = process.run(
            [self._sandbox.program("python"), "-c", _SCRIPT, action, self._name],
            cwd=self._sandbox.root,
            env={**self._sandbox.environment, "VERIFY_SERVER": self._server},
            timeout=TIMEOUT,
        )
        name = f"{action} database"
        if done.ok:
            return ProbeResult(name, "setup", Status.PASSED, done.seconds, self._name)
        return ProbeResult(name, "setup", Status.FAILED, done.seconds, tail(done.output, 5))


def check_url(url: str, *, project_database: str) -> None:
    """Refuse a database URL that cannot be used with a project.

    Args:
        url: What ``--database-url`` says.
        project_database: The project's own option, "sqlite" or "postgresql".

    Raises:
        InputError: It is no PostgreSQL URL, or the project has no driver for it.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql", "postgresql+psycopg"} or not parts.netloc:
        hint = "Leave the option out to use a new SQLite file."
        raise InputError(
            ["--database-url must look like postgresql://user:password@host:5432/postgres."], hint
        )
    if project_database != "postgresql":
        raise InputError(
            [f"The project was generated with database = {project_database}: it has no driver."],
            "Leave --database-url out.",
        )


@dataclass(frozen=True, slots=True)
class Earlier:
    """The revisions of the previous commit."""

    #: By file name; none when there is nothing to compare with.
    revisions: Mapping[str, bytes] = field(default_factory=dict)
    why_not: str = ""  #: Why there are none.

    def prove(self, box: Sandbox, settings: Mapping[str, str]) -> ProbeResult:
        """Migrate such a database to what the project is now, and compare it with the models.

        Args:
            box: The installed copy.
            settings: Those of a production run on a new database.
        """
        began = time.monotonic()
        status, evidence = self._proven(box, settings)
        return ProbeResult(*EARLIER, status, time.monotonic() - began, evidence)

    def _proven(self, box: Sandbox, settings: Mapping[str, str]) -> tuple[Status, str]:
        now = box.project / VERSIONS
        if not self.revisions:
            return Status.ABSENT, self.why_not
        if self.revisions == {path.name: path.read_bytes() for path in now.glob("*.py")}:
            return Status.PASSED, "the migrations are those of the earlier commit"
        place = self._write(box)
        environment = {**box.environment, **settings}
        made = process.run(
            [box.program("alembic"), "upgrade", "head"],
            cwd=place, env=environment, timeout=setup.STEP_TIMEOUT,
        )  # fmt: skip
        if not made.ok:
            return Status.ABSENT, f"Those of the earlier commit did not run: {tail(made.output, 1)}"
        filled = process.run(
            [box.program("python"), "-P", str(_ROWS)],
            cwd=place, env=environment, timeout=setup.STEP_TIMEOUT,
        )  # fmt: skip
        for check in (setup.MIGRATE, setup.MIGRATION_CHECK):
            done = setup.run_check(box, check, settings=settings)
            if not done.passed:
                said = (
                    "A database of the earlier commit, with rows in it, is not brought up to date"
                )
                return Status.FAILED, f"{said}: {done.evidence}"
        return Status.PASSED, f"tables with rows: {tail(filled.output, 1) if filled.ok else 'none'}"

    def _write(self, box: Sandbox) -> Path:
        """Put the earlier revisions beside the copy, with how alembic runs there."""
        place = box.root / "earlier"
        shutil.copytree(
            box.project / "migrations", place / "migrations",
            ignore=shutil.ignore_patterns("versions"),
        )  # fmt: skip
        for name in ("pyproject.toml", "alembic.ini"):
            if (box.project / name).is_file():
                shutil.copy(box.project / name, place)
        (place / VERSIONS).mkdir()
        for name, data in self.revisions.items():
            (place / VERSIONS / name).write_bytes(data)
        return place
