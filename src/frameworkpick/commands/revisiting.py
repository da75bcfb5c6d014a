"""``recommend --from DIR``: an old project's decision, looked at with today's knowledge."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from frameworkpick import __version__, presets
from frameworkpick.commands.recommend import judged
from frameworkpick.core import revisit
from frameworkpick.core.record import decision_record
from frameworkpick.errors import TargetError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from frameworkpick.commands.recommend import RecommendRequest, RecommendResult
    from frameworkpick.core.answers import Situation
    from frameworkpick.core.knowledge import Knowledge
    from frameworkpick.core.revisit import Changed

_RECORDS = "*-web-framework.md"


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
    record = presets.read_record(folder)
    result = judged(request, lambda knowledge: revisit.recorded(knowledge, record)[0], ask, note)
    _, gone = revisit.recorded(result.knowledge, record)
    changes = revisit.changed(result.knowledge, record, result.recommendation, result.answers, gone)
    result = replace(result, changed=changes)
    if request.write and result.knowledge.framework(result.recommendation.verdict):
        return replace(result, written=_supersede(request, folder, result, changes))
    return result


def _supersede(
    request: RecommendRequest, folder: Path, result: RecommendResult, changes: Changed
) -> Path | None:
    """Write a new decision record if one is due, then mark the old one."""
    decisions = folder / "docs" / "adr"
    verdict = result.recommendation.verdict
    try:
        decisions.mkdir(parents=True, exist_ok=True)
        records = {path: path.read_text(encoding="utf-8") for path in decisions.glob(_RECORDS)}
        standing = [path for path, text in records.items() if not revisit.is_superseded(text)]
        old = max(standing, default=None)
        text = decision_record(
            result.knowledge,
            result.recommendation,
            result.answers,
            chosen=verdict,
            because=None,
            date=(request.today or datetime.now(UTC).date()).isoformat(),
            tool_version=__version__,
            supersedes=old.name if old else None,
            use_case=result.use_case,
            sturdy=result.sturdiness,
            weights=result.weights,
            preset=result.preset,
        )
        before, first = records[old] if old else None, len(records) == 1
        if not revisit.calls_for_record(changes, verdict, text, before, first=first):
            return None
        number = revisit.next_number(path.name for path in decisions.iterdir())
        new = decisions / f"{number:04}-web-framework.md"
        new.write_text(text, encoding="utf-8")
        if old:
            old.write_text(revisit.superseded(records[old], number), encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TargetError(
            f"The decision record in {decisions} could not be written: {error}.",
            "Check that the folder and its files are yours to write and hold UTF-8 text.",
        ) from error
    return new
