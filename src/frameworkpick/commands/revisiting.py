"""``recommend --from DIR``: an old project's decision, looked at with today's knowledge."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from frameworkpick import __version__, formats, project
from frameworkpick.commands.intake import recorded_date
from frameworkpick.commands.recommend import judged
from frameworkpick.core import revisit
from frameworkpick.core.project_file import with_decision
from frameworkpick.errors import TargetError
from frameworkpick.report.record import decision_record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    from frameworkpick.commands.recommend import RecommendRequest, RecommendResult
    from frameworkpick.core.answers import Situation
    from frameworkpick.core.decision import Decision
    from frameworkpick.core.knowledge import Knowledge
    from frameworkpick.core.revisit import Changed


def run(
    request: RecommendRequest,
    folder: Path,
    ask: Callable[[Knowledge, Situation], Situation] | None,
    note: Callable[[str], None],
) -> RecommendResult:
    """Recommend anew from a project's record, and say what is different.

    Args:
        request: Answers and weights that win over the record.
        folder: The project.
        ask: Asks a person what is open; without it nothing is asked.
        note: Called with a sentence on a preset that was found without being named.

    Raises:
        FrameworkpickError: The folder holds no record of a decision, or a new one cannot be
            written there.
        InputError: An answer, a file or the record is not valid; every problem is named.
    """
    record = project.read_record(folder)
    result = judged(request, lambda knowledge: revisit.recorded(knowledge, record)[0], ask, note)
    _, gone = revisit.recorded(result.decision.knowledge, record)
    changes = revisit.changed(result.decision, record, gone)
    result = replace(result, changed=changes)
    if not request.write:
        return result
    if not changes.verdict:
        return replace(result, stands=True)
    return replace(result, written=_supersede(folder, result.decision, changes, request.today))


def _supersede(folder: Path, decision: Decision, changes: Changed, today: date | None) -> Path:
    """Write a new decision record, mark the old ones, and add the decision to the project's."""
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
