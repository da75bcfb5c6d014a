"""What an update writes into a project's own records: the decision's, and its decision records."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from frameworkpick import __version__, catalog, project
from frameworkpick.commands.intake import recorded_date
from frameworkpick.core import revisit
from frameworkpick.core.decision import decide
from frameworkpick.errors import FrameworkpickError
from frameworkpick.report.record import decision_record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from frameworkpick.commands.following import Ends
    from frameworkpick.core.knowledge import Knowledge
    from frameworkpick.project import Decisions, Recorded

    #: Answers that are another than before: id, before, after.
    Changes = Sequence[tuple[str, object, object]]


def extensions(
    folder: Path, new: Path, recorded: Recorded, ends: Ends, version: str, answers: Changes
) -> dict[str, Callable[[bytes], bytes]]:
    """Return how an update extends a project's records, by their path.

    Args:
        folder: The project.
        new: The template as it is to be, rendered; a new decision record is written into it.
        recorded: What the project said of its template.
        ends: The template before and after.
        version: The template's version after.
        answers: The answers that are another than before.
    """
    extend: dict[str, Callable[[bytes], bytes]] = {}
    for name, was, value in answers:
        if name == "framework" and was is not None:
            extend = _superseding(folder, new, ends, version, str(value))
    update = project.Update(
        date=recorded_date(None),
        old=recorded.version,
        new=version,
        tool_version=__version__,
        template=ends.new.address,
        switched=ends.switched,
        changed={name: value for name, _, value in answers},
        gone=sorted(recorded.answers.keys() - project.read_recorded(new).answers.keys()),
    )
    return extend | {project.DECISION_RECORD: partial(project.with_update, update=update)}


def _superseding(
    folder: Path, new: Path, ends: Ends, version: str, framework: str
) -> dict[str, Callable[[bytes], bytes]]:
    """Write the decision record of another framework; say how those before are marked."""
    try:
        record = project.read_record(folder)
        decisions = project.read_decisions(folder)
    except (FrameworkpickError, OSError, UnicodeDecodeError):  # nothing that could be superseded
        return {}
    knowledge = _knowledge(ends, version)
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


def _knowledge(ends: Ends, version: str) -> Knowledge:
    """Read what the new template says of its frameworks; the built-in one has to do else."""
    try:
        return catalog.load_knowledge(ends.new.tree(version), label=f"{ends.new.address}: ")
    except FrameworkpickError:
        return catalog.load_knowledge()
