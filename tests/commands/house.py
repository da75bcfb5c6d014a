"""A team's preset, and the installed command beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-m", "frameworkpick"]
DRY = ("--yes", "--dry-run", "--json")
FAST = ("--yes", "--no-git", "--no-install")

HOUSE = """\
use_case = "rest_api"

[answers]
team_skills = "flask"

[options]
database = "postgresql"

[locked]
docker = { value = true, because = "every service ships as an image" }
auth_style = { value = "api_tokens", because = "the audit asks for it" }

[weights]
team_skills = 2

[policy]
frameworks = ["fastapi"]
required = ["ci"]
because = "one contract in the house"
"""


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder, a home, and the program."""

    folder: Path  #: Where commands run.
    env: dict[str, str] = field(default_factory=dict)  #: What they see.

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def run(self, *words: str, code: int = 0, **variables: str) -> Any:
        done = subprocess.run(
            [*COMMAND, *words],
            cwd=self.folder, env=self.env | variables, check=False,
            capture_output=True, text=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return done


def desk(tmp_path: Path) -> Desk:
    """Make an empty folder and home."""
    for name in ("work", "home"):
        (tmp_path / name).mkdir()
    kept = {key: os.environ[key] for key in ("PATH", "SSL_CERT_FILE") if key in os.environ}
    home = {"HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    return Desk(tmp_path / "work", kept | home)


def files(folder: Path) -> dict[str, bytes]:
    """Read a project, secrets aside."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".env"
    }
