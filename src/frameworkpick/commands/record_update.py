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

    from frameworkpick.core.decision.knowledge import Knowledge
    from frameworkpick.project import Decisions
    from frameworkpick.template import Ends, Template

    #: Answers that are another than before: id, before, after.
    Changes = Sequence[tuple[str, object, object]]


def extensions(
    folder: Path, new: Path, ends: Ends, answers: Changes
) -> dict[str, Callable[[bytes], bytes]]:
    """Return how an update extends a project's records, by their path.

    Args:
        folder: The project.
        new: The template as it is to be, rendered; a new decision record is written into it.
        ends: The template before and after.
        answers: The answers that are another than before.
    """
    extend: dict[str, Callable[[bytes], bytes]] = {}
    for name, was, value in answers:
        if name == "framework" and was is not None:
            extend = _superseding(folder, new, ends.new, str(value))
    update = project.Update(
        date=recorded_date(None),
        old=ends.old.version,
        new=ends.new.version,
        tool_version=__version__,
        template=ends.new.address,
        switched=ends.switched,
        flags=catalog.option_flags(),
        changed={name: value for name, _, value in answers},
        gone=sorted(ends.recorded.answers.keys() - project.read_recorded(new).answers.keys()),
    )
    return extend | {project.DECISION_RECORD: partial(project.with_update, update=update)}


def _superseding(
    folder: Path, new: Path, template: Template, framework: str
) -> dict[str, Callable[[bytes], bytes]]:
    """Write the decision record of another framework; say how those before are marked."""
    try:
        record = project.read_record(folder)
        decisions = project.read_decisions(folder)
    except (FrameworkpickError, OSError, UnicodeDecodeError):  # nothing that could be superseded
        return {}
    knowledge = _knowledge(template)
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


def _knowledge(template: Template) -> Knowledge:
    """Read what the new template says of its frameworks; the built-in one has to do else."""
    try:
        return template.knowledge()
    except FrameworkpickError:
        return catalog.load_knowledge()
