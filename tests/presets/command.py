"""The installed command in a folder of its own, and the repositories it reads."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path

COMMAND = Path(sysconfig.get_path("scripts")) / "frameworkpick"


@dataclass(frozen=True)
class Place:
    """A folder to run the command in, with a home that nobody else has."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        home = self.folder.parent / "home"
        own = {"PATH": os.environ["PATH"], "HOME": str(home), "COLUMNS": "100"}
        return subprocess.run(
            [str(COMMAND), *words],
            cwd=self.folder, env=own | self.env | env, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path


@dataclass(frozen=True)
class Repository(Place):
    """A git repository that holds presets."""

    @property
    def url(self) -> str:
        return f"git+file://{self.folder}"

    def git(self, *words: str) -> str:
        quiet = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
        who = {f"GIT_{role}_{what}": "a@example.org" for role in ("AUTHOR", "COMMITTER")
               for what in ("NAME", "EMAIL")}  # fmt: skip
        done = subprocess.run(
            ["git", *words], cwd=self.folder, env={"PATH": os.environ["PATH"]} | quiet | who,
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.strip()

    def commit(self, *tags: str) -> str:
        """Commit everything, move the tags there, and return the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", "x")
        for tag in tags:
            self.git("tag", "--force", tag)
        return self.git("rev-parse", "HEAD")
