"""A private PostgreSQL server for tests, with its own data folder and its own port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def free_port() -> int:
    """A port of the loopback interface that was free a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _program(name: str) -> str | None:
    """Debian keeps the server's programs out of PATH, one folder a version."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(versions[-1]) if versions else shutil.which(name)


def _memory() -> str | None:
    """A folder that is no disk: some take a tenth of a second for the files of a database."""
    shared = "/dev/shm"  # noqa: S108 (mkdtemp makes a folder of our own there)
    roomy = Path(shared).is_dir() and shutil.disk_usage(shared).free > 4 << 30
    return shared if roomy else None


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server; ``create_database`` gives a fresh database in it."""

    folder: Path
    port: int

    @classmethod
    def start(cls) -> PostgresServer | None:
        """Start a server, or give ``None`` where PostgreSQL is not installed."""
        if _program("initdb") is None:
            return None
        folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=_memory()))
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        server = cls(folder, free_port())
        server._run("initdb", "-D", "data", "-A", "trust", "-U", "postgres", "--no-sync")
        server.resume()
        return server

    def address(self, name: str) -> str:
        """Where a database of that name is or would be, as hosting platforms say it."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def create_database(self, name: str = "", like: str = "template1") -> str:
        """Create a database, empty or like another one, and give its address."""
        name = name or f"test_{uuid.uuid4().hex}"
        client = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres")
        self._run("createdb", *client, "--template", like, name)
        return self.address(name)

    def ask(self, query: str, database: str = "postgres") -> list[str]:
        """Give the rows of a query, as text."""
        return self._run("psql", "-At", "-c", query, self.address(database)).splitlines()

    @contextmanager
    def transaction(self, url: str, statement: str) -> Iterator[None]:
        """Keep a transaction open in which the statement ran; undo it at the end of the block."""
        program = _program("psql")
        assert program, "psql is not installed"
        with subprocess.Popen(
            [program, "-q", url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as session:
            assert session.stdin
            assert session.stdout
            session.stdin.write(f"BEGIN;\n{statement};\n\\echo done\n")
            session.stdin.flush()
            assert session.stdout.readline() == "done\n"
            yield
            session.stdin.close()

    def pause(self) -> None:
        """Go away, every connection with it; the data stays."""
        self._run("pg_ctl", "-D", "data", "-m", "fast", "-w", "stop")

    def resume(self) -> None:
        """Come, or come back, at the same address."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c fsync=off -k {self.folder}"
        self._run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder)

    def _run(self, name: str, *arguments: str) -> str:
        program = _program(name)
        assert program, f"{name} is not installed"
        # PostgreSQL refuses to run as root. Its daemon inherits a file: on a pipe we would wait.
        printed = self.folder / "output"
        with printed.open("wb") as output:
            done = subprocess.run(
                [program, *arguments],
                cwd=self.folder,
                user="postgres" if os.geteuid() == 0 else None,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                timeout=120,
                check=False,
            )
        text = printed.read_text(encoding="utf-8")
        assert done.returncode == 0, text
        return text
