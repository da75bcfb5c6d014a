"""How the frameworks read side by side, and how the list of old sources does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.core import sentences

if TYPE_CHECKING:
    from frameworkpick.core.comparison import Cell, Comparison, TableRow
    from frameworkpick.core.decision.knowledge import Citation, Knowledge
    from frameworkpick.report.page import Page

_INDENT = 4
_HEADINGS = {"caveat": "In any case", "way_back": "The way back"}


def side_by_side(page: Page, comparison: Comparison) -> None:
    """Write every answer with what it means for each framework, then every source."""
    knowledge = comparison.knowledge
    names = knowledge.names()
    page.line(f"{names} on every question, as of {knowledge.version}.", tone="strong")
    page.line("Points go from -4 to +4 against a neutral 0, never against another framework.")
    numbers: dict[Citation, int] = {}
    subject = ""
    for row in comparison.rows:
        if row.subject != subject:
            page.heading(_heading(knowledge, row))
            subject = row.subject
        if row.option:
            page.line(f"{row.title} ({row.option})", indent=2)
        for cell in row.cells:
            number = numbers.setdefault(cell.source, len(numbers) + 1)
            _cell(page, knowledge, row, cell, number)
    page.heading("Sources")
    for source, number in numbers.items():
        mark = f"  [{number}]"
        page.line(f"{source.title} (checked {source.checked})", indent=8, mark=mark)
        page.verbatim(source.url, indent=8, tone="faint")


def stale(page: Page, comparison: Comparison) -> None:
    """Write the sources that were last read more than a year ago, the oldest first."""
    if not comparison.stale:
        page.line("Every source was read within the last year.")
        return
    page.line("These sources were last read more than a year ago.", tone="strong")
    for each in comparison.stale:
        page.line()
        page.line(f"{each.source.title} (checked {each.source.checked}, {each.days} days ago)")
        page.verbatim(each.source.url, indent=2, tone="faint")
        page.line(f"cited by {', '.join(each.cited_by)}", indent=2)


def _heading(knowledge: Knowledge, row: TableRow) -> str:
    criterion = knowledge.criterion(row.subject)
    if criterion:
        return f"{criterion.id}: {criterion.question}"
    return _HEADINGS.get(row.subject, f"{row.subject}: {row.title}")


def _cell(page: Page, knowledge: Knowledge, row: TableRow, cell: Cell, number: int) -> None:
    name = knowledge.name_of(cell.framework)
    points = "" if row.subject in _HEADINGS else f" {sentences.signed(cell.points)}"
    if cell.veto:
        points = " never"
    page.line(f"{name}{points}: {cell.because} [{number}]", indent=_INDENT)
