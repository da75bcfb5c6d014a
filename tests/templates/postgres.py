"""A private PostgreSQL server for tests, with its own data folder and its own port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path


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
        folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        server = cls(folder, free_port())
        server._run("initdb", "-D", "data", "-A", "trust", "-U", "postgres", "--no-sync")
        options = f"-p {server.port} -c listen_addresses=127.0.0.1 -c fsync=off -k {folder}"
        server._run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")
        return server

    def create_database(self) -> str:
        """Create an empty database and give its address as hosting platforms hand it out."""
        name = f"test_{uuid.uuid4().hex}"
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", name)
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def stop(self) -> None:
        self._run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder)

    def _run(self, name: str, *arguments: str) -> None:
        program = _program(name)
        assert program, f"{name} is not installed"
        # PostgreSQL refuses to run as root. Its daemon inherits a file: on a pipe we would wait.
        with (self.folder / "output").open("ab") as output:
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
        assert done.returncode == 0, (self.folder / "output").read_text(encoding="utf-8")
