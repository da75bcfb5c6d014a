"""A project's decision, superseded: by today's answers, or by an update to another framework."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from frameworkpick import __version__, catalog, formats, project
from frameworkpick.commands.inputs import recorded_date
from frameworkpick.core import revisit
from frameworkpick.core.decision import decide
from frameworkpick.core.project_file import with_decision
from frameworkpick.errors import FrameworkpickError, TargetError
from frameworkpick.report.record import decision_record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    from frameworkpick.core.decision import Decision
    from frameworkpick.core.revisit import Changed
    from frameworkpick.project import Decisions
    from frameworkpick.template import Template


def supersede(folder: Path, decision: Decision, changes: Changed, today: date | None) -> Path:
    """Write a new decision record, mark the old ones, and add the decision to the project's.

    ``changes`` is what is different from the decision that the project keeps.

    Raises:
        TargetError: It cannot be written there; nothing was changed.
    """
    day = today.isoformat() if today else recorded_date(None)
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
            built_on=changes.record.framework,
            kept=True,
        )
        about = {
            "date": day,
            "record": decisions.next,
            "tool_version": __version__,
            "knowledge_version": decision.knowledge.version,
            "use_case": decision.said.use_case,
        }
        add = partial(with_decision, decision=decision, before=changes.record.answers, about=about)
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


def by_update(
    folder: Path, new: Path, template: Template, framework: str
) -> dict[str, Callable[[bytes], bytes]]:
    """Write the decision record of another framework into a new render of the project.

    Returns:
        How those before are marked, by their path; nothing where none could be superseded.
    """
    try:
        record = project.read_record(folder)
        decisions = project.read_decisions(folder)
    except (FrameworkpickError, OSError, UnicodeDecodeError):
        return {}
    try:
        knowledge = template.knowledge()
    except FrameworkpickError:  # the built-in one has to do
        knowledge = catalog.load_knowledge()
    said, _ = revisit.recorded(knowledge, record)
    text = decision_record(
        decide(knowledge, said),
        chosen=framework,
        because=None,
        date=recorded_date(None),
        supersedes=decisions.last,
    )
    path = new / decisions.next
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return dict.fromkeys(decisions.standing, partial(_marked, decisions))


def _marked(decisions: Decisions, content: bytes) -> bytes:
    return decisions.superseded(content.decode()).encode()


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
