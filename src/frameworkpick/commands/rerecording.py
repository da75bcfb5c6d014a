"""What an update writes into a project's own records: the decision's, and its decision records."""

from __future__ import annotations

import tomllib
from functools import partial
from typing import TYPE_CHECKING

from frameworkpick import __version__, catalog, presets
from frameworkpick.commands.intake import recorded_date
from frameworkpick.core import revisit
from frameworkpick.core.decision import decide
from frameworkpick.core.plain_text import BYTE_ORDER_MARK
from frameworkpick.core.updating import with_answers, with_update
from frameworkpick.errors import FrameworkpickError
from frameworkpick.report.record import decision_record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from frameworkpick.commands.following import Ends
    from frameworkpick.core.knowledge import Knowledge
    from frameworkpick.presets import Recorded

    #: Answers that are another than before: id, before, after.
    Changes = Sequence[tuple[str, object, object]]

#: Where decision records lie, and how the names of those on the framework end.
_DECISIONS, _RECORDS = "docs/adr", "-web-framework.md"
#: What of a record an update may rewrite; everything else in it has to stay.
_OURS = ("framework", "command", "options")


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
    gone = sorted(recorded.answers.keys() - presets.read_recorded(new).answers.keys())
    own = {presets.DECISION_RECORD: partial(_extended, recorded, ends, version, answers, gone)}
    return extend | own


def _extended(
    recorded: Recorded, ends: Ends, version: str, answers: Changes, gone: Sequence[str], text: bytes
) -> bytes:
    """Write an update into the record of the decision; one that is not UTF-8 stays as it is."""
    try:
        whole = text.decode()
    except UnicodeDecodeError:
        return text
    before = whole.removeprefix(BYTE_ORDER_MARK)
    mark = whole[: len(whole) - len(before)]
    changed = {name: value for name, _, value in answers}
    template = (ends.new.address, version)
    told = with_answers(before, changed, gone=gone, template=template, switched=ends.switched)
    longer = with_update(
        told if _others(told) == _others(before) else before,
        date=recorded_date(None),
        old=recorded.version,
        new=version,
        answers=changed,
        tool_version=__version__,
        template=ends.new.address if ends.switched else None,
    )
    return f"{mark}{longer}".encode()


def _others(text: str) -> object:
    """Return what a person's lines say; a record that is no TOML says something else each time."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return object()
    return {name: value for name, value in data.items() if name not in _OURS}


def _superseding(
    folder: Path, new: Path, ends: Ends, version: str, framework: str
) -> dict[str, Callable[[bytes], bytes]]:
    """Write the decision record of another framework; say how those before are marked."""
    decisions = folder / _DECISIONS
    try:
        record = presets.read_record(folder)
        names = sorted(path.name for path in decisions.iterdir())
        texts = {
            name: (decisions / name).read_bytes().decode()
            for name in names
            if name.endswith(_RECORDS)
        }
    except (FrameworkpickError, OSError, UnicodeDecodeError):  # nothing that could be superseded
        return {}
    standing = [name for name, text in texts.items() if not revisit.is_superseded(text)]
    number = revisit.next_number(names)
    knowledge = _knowledge(ends, version)
    said, _ = revisit.recorded(knowledge, record)
    text = decision_record(
        decide(knowledge, said),
        chosen=framework,
        because=None,
        date=recorded_date(None),
        supersedes=standing[-1] if standing else None,
    )
    path = new / _DECISIONS / f"{number:04}{_RECORDS}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return {f"{_DECISIONS}/{name}": partial(_marked, number) for name in standing}


def _marked(number: int, text: bytes) -> bytes:
    return revisit.superseded(text.decode(), number).encode()


def _knowledge(ends: Ends, version: str) -> Knowledge:
    """Read what the new template says of its frameworks; the built-in one has to do else."""
    try:
        return catalog.load_knowledge(ends.new.tree(version), label=f"{ends.new.address}: ")
    except FrameworkpickError:
        return catalog.load_knowledge()
