"""``recommend --from DIR --write``: an old project's decision, superseded by today's."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from frameworkpick import __version__, formats, project
from frameworkpick.commands.intake import recorded_date
from frameworkpick.core.project_file import with_decision
from frameworkpick.errors import TargetError
from frameworkpick.report.record import decision_record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from frameworkpick.core.decision import Decision
    from frameworkpick.core.revisit import Changed


def supersede(folder: Path, decision: Decision, changes: Changed, today: date | None) -> Path:
    """Write a new decision record, mark the old ones, and add the decision to the project's.

    Args:
        folder: The project.
        decision: The decision, with today's knowledge.
        changes: What is different from the one that the project keeps.
        today: The date of the record; None is the present day.

    Raises:
        TargetError: It cannot be written there; nothing was changed.
    """
    day = today.isoformat() if today else recorded_date(None)
    built_on = changes.record.framework
    try:
        (folder / project.DECISIONS).mkdir(parents=True, exist_ok=True)
        decisions = project.read_decisions(folder)
        new = folder / decisions.next
        text = decision_record(
            decision,
            chosen=decision.verdict,
            because=None,
            date=day,
            supersedes=decisions.last,
            built_on=built_on,
            kept=True,
        )
        about = {
            "date": day,
            "record": decisions.next,
            "tool_version": __version__,
            "knowledge_version": decision.knowledge.version,
            "use_case": decision.said.use_case,
        }
        add = partial(
            with_decision,
            decision=decision,
            before=changes.record.answers,
            about=about,
        )
        file = folder / project.DECISION_RECORD
        files = {new: text.encode(), file.resolve(): project.with_entry(folder, add)}
        for path, old in decisions.standing.items():
            files[folder / path] = decisions.superseded(old).encode()
        _write_all(files)
    except (OSError, UnicodeDecodeError) as error:
        raise TargetError(
            f"The decision could not be written in {folder}: {error}.",
            "Check that docs/adr and its files are yours to write and hold UTF-8 text.",
        ) from error
    return new


def _write_all(files: Mapping[Path, bytes]) -> None:
    """Write all files, each of them whole; when one cannot be written, put the others back."""
    before = {path: path.read_bytes() if path.exists() else None for path in files}
    done: list[Path] = []
    try:
        for path, content in files.items():
            formats.write_whole(path, content)
            done.append(path)
    except OSError:
        for path in done:
            old = before[path]
            if old is None:
                path.unlink()
            else:
                formats.write_whole(path, old)
        raise
