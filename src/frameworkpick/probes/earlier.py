"""A database with rows, made by the migrations of the project's previous commit."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick import process

from . import setup
from .result import ProbeResult, Status, tail

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .sandbox import Sandbox

#: Name and group of the probe.
PROBE = ("earlier database", "checks")
#: Where the revisions are.
VERSIONS = "migrations/versions"
_ROWS = Path(__file__).with_name("rows.py")


@dataclass(frozen=True, slots=True)
class Earlier:
    """The revisions of the previous commit."""

    #: By file name; none when there is nothing to compare with.
    revisions: Mapping[str, bytes] = field(default_factory=dict)
    #: Why there are none.
    why_not: str = ""

    def prove(self, box: Sandbox, settings: Mapping[str, str]) -> ProbeResult:
        """Migrate such a database to what the project is now, and compare it with the models.

        Args:
            box: The installed copy.
            settings: Those of a production run on a new database.
        """
        began = time.monotonic()
        status, evidence = self._proven(box, settings)
        return ProbeResult(*PROBE, status, time.monotonic() - began, evidence)

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
