"""How an old decision, looked at again, reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.core import sentences

if TYPE_CHECKING:
    from frameworkpick.core.decision import Decision
    from frameworkpick.core.revisit import Changed
    from frameworkpick.report.page import Page


def changes(page: Page, decision: Decision, changed: Changed) -> None:
    """Write what is different from a project's record.

    Args:
        page: Where to write.
        decision: What is decided with today's knowledge.
        changed: The differences.
    """
    knowledge, advice = decision.knowledge, decision.advice
    record = changed.record
    old = knowledge.name_of(record.framework)
    what = "it was last decided" if record.again else f"{old} was taken"
    page.heading(f"Since {record.date}, when {what}")
    if changed.verdict or changed.strength:
        then = sentences.outcome(knowledge, record.verdict, record.strength)
        now = sentences.outcome(knowledge, advice.verdict, advice.strength)
        page.line(f"The advice was: {then}. It is: {now}.", indent=2)
    else:
        page.line("The advice is the same.", indent=2)
    if changed.margin and record.leader:
        whose = knowledge.name_of(record.leader)
        page.line(f"The lead of {whose} moved by {sentences.signed(changed.margin)}.", indent=2)
    if changed.knowledge_version != record.knowledge_version:
        versions = f"of {record.knowledge_version}, now of {changed.knowledge_version}"
        page.line(f"The knowledge was {versions}.", indent=2)
    for name, before, after in changed.answers:
        page.line(f"{name}: {before or 'open'}, now {after or 'open'}", indent=2)
    for each in changed.gone:
        page.line(f"{each} does not exist any more.", indent=2)


def written(page: Page, decision: Decision, changed: Changed) -> None:
    """Say where a changed decision was written, and what did not change with it."""
    page.line(f"A superseding decision record is written: {changed.written}", indent=2)
    page.line("The answers and the verdict are added to .frameworkpick.toml.", indent=2)
    framework = changed.record.framework
    if framework != decision.verdict:
        name = decision.name_of(framework)
        page.line(f"It is proposed only, because the code is built on {name}.", indent=2)


def stands(page: Page) -> None:
    """Say why nothing was written."""
    page.line("Nothing is written, because the recorded decision stands.", indent=2)
