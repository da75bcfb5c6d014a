"""How an old decision, looked at again, reads for people and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frameworkpick.core import wording
from frameworkpick.report import sentences

if TYPE_CHECKING:
    from frameworkpick.core.knowledge import Knowledge
    from frameworkpick.core.recommendation import Recommendation
    from frameworkpick.core.revisit import Changed
    from frameworkpick.report.page import Page


def changes(
    page: Page,
    knowledge: Knowledge,
    advice: Recommendation,
    changed: Changed,
    written: str | None,
) -> None:
    """Write what is different from a project's record.

    Args:
        page: Where to write.
        knowledge: Today's knowledge.
        advice: What is recommended today.
        changed: The differences.
        written: Where a superseding decision record was written, if one was.
    """
    record = changed.record
    old = wording.framework_name(knowledge, record.framework)
    page.heading(f"Since {record.date}, when {old} was taken")
    if changed.verdict or changed.strength:
        then = sentences.outcome(knowledge, record.verdict, record.strength)
        now = sentences.outcome(knowledge, advice.verdict, advice.strength)
        page.line(f"The advice was: {then}. It is: {now}.", indent=2)
    else:
        page.line("The advice is the same.", indent=2)
    if changed.margin:
        page.line(f"The lead moved by {wording.signed(changed.margin)}.", indent=2)
    if changed.knowledge_version != record.knowledge_version:
        versions = f"of {record.knowledge_version}, now of {changed.knowledge_version}"
        page.line(f"The knowledge was {versions}.", indent=2)
    for name, before, after in changed.answers:
        page.line(f"{name}: {before or 'open'}, now {after or 'open'}", indent=2)
    for each in changed.gone:
        page.line(f"{each} does not exist any more.", indent=2)
    if written:
        page.line(f"A superseding decision record is written: {written}", indent=2)


def changes_json(changed: Changed, written: str | None) -> dict[str, Any]:
    """Return what :func:`changes` says as JSON-ready data."""
    record = changed.record
    return {
        "record": {
            "framework": record.framework,
            "date": record.date,
            "knowledge_version": record.knowledge_version,
            "verdict": record.verdict,
            "strength": record.strength,
            "margin": record.margin,
        },
        "knowledge_version": changed.knowledge_version,
        "verdict": changed.verdict,
        "strength": changed.strength,
        "margin": changed.margin,
        "answers": [
            {"criterion": name, "from": then, "to": now} for name, then, now in changed.answers
        ],
        "gone": list(changed.gone),
        "written": written,
    }
