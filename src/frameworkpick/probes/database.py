"""A database of this run's own: a new SQLite file, or one made and dropped in a PostgreSQL server.

The PostgreSQL client is the project's own driver, run in the project's own environment.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from frameworkpick import process
from frameworkpick.errors import InputError

from .result import ProbeResult, Status, tail

if TYPE_CHECKING:
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
