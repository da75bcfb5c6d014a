"""The frameworks side by side: every statement with its points, source and date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from frameworkpick.core import sentences
from frameworkpick.core.decision.knowledge import Citation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from frameworkpick.core.decision.knowledge import Condition, Interaction, Knowledge, Verdict

#: A source read longer ago than this many days is stale.
STALE_AFTER = 365


@dataclass(frozen=True, slots=True)
class Cell:
    """What one framework's file says about one row."""

    JSON: ClassVar = (
        "points", "veto", "because", "source=source.url", "title=source.title",
        "checked=source.checked",
    )  # fmt: skip

    framework: str  #: Id of the framework.
    points: int  #: -4 to +4; of a cap, the most its criteria count for together.
    veto: bool  #: Whether it rules the framework out.
    because: str  #: The reason in one sentence.
    source: Citation  #: Where it comes from, and when that was checked.


@dataclass(frozen=True, slots=True)
class TableRow:
    """One answer, one interaction, or one statement that holds in any case."""

    JSON: ClassVar = ("subject", "option?", "title", "verdicts")

    subject: str  #: Id of the criterion or interaction; ``caveat`` or ``way_back``.
    option: str  #: Id of the option; empty unless the subject is a criterion.
    title: str  #: The answer, or what meets, as a person reads it.
    cells: tuple[Cell, ...]  #: In the order of the frameworks; who says nothing has none.

    @property
    def verdicts(self) -> dict[str, Cell]:
        """What each framework's file says."""
        return {cell.framework: cell for cell in self.cells}


@dataclass(frozen=True, slots=True)
class StaleSource:
    """A source that should be read again."""

    JSON: ClassVar = (
        "title=source.title", "source=source.url", "checked=source.checked", "days", "cited_by",
    )  # fmt: skip

    source: Citation  #: What it is, and when it was last read.
    days: int  #: How long ago that was.
    cited_by: tuple[str, ...]  #: Where it is cited, as ``framework: criterion.option``.


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that is known about the frameworks, side by side."""

    JSON: ClassVar = (
        "schema", "knowledge_version=knowledge.version", "frameworks=knowledge.frameworks", "rows",
        "stale",
    )  # fmt: skip

    knowledge: Knowledge  #: What is compared.
    rows: tuple[
        TableRow, ...
    ]  #: Criteria in their order, then interactions, then what always holds.
    stale: tuple[StaleSource, ...]  #: Sources older than a year, the oldest first.


def compare(knowledge: Knowledge, today: date) -> Comparison:
    """Put the frameworks side by side.

    Args:
        knowledge: The questions and the frameworks' verdicts.
        today: The day that the age of a source is counted from.
    """
    rows = tuple(_rows(knowledge))
    cited: dict[Citation, list[str]] = {}
    for row in rows:
        where = f"{row.subject}.{row.option}" if row.option else row.subject
        for cell in row.cells:
            cited.setdefault(cell.source, []).append(f"{cell.framework}: {where}")
    for criterion in knowledge.criteria:
        for option in criterion.options:
            for way in option.instead:
                source = Citation(way.name, way.url, way.checked)
                cited.setdefault(source, []).append(f"instead: {criterion.id}.{option.id}")
    stale = [
        StaleSource(source, days, tuple(places))
        for source, places in cited.items()
        if (days := (today - source.checked).days) > STALE_AFTER
    ]
    return Comparison(knowledge, rows, tuple(sorted(stale, key=lambda each: -each.days)))


def comparison_markdown(comparison: Comparison) -> str:
    """Write the comparison as a Markdown page."""
    knowledge = comparison.knowledge
    scale = "Points go from -4 to +4 against a neutral 0, never against another framework."
    known = f"What is known about {knowledge.names()}, as of {knowledge.version}."
    parts = ["# Every question, and what each answer means", f"{known} {scale}"]
    for criterion in knowledge.criteria:
        rows = [row for row in comparison.rows if row.subject == criterion.id]
        parts += [f"## `{criterion.id}`", f"**{criterion.question}** {criterion.why}"]
        parts.append(_table(knowledge, "answer", rows))
        parts += [
            f"`{option.id}` leads elsewhere: [{way.name}]({way.url}), checked {way.checked}. "
            f"{way.because}"
            for option in criterion.options
            for way in option.instead
        ]
    interactions = {interaction.id for interaction in knowledge.interactions}
    together = [row for row in comparison.rows if row.subject in interactions]
    always = [row for row in comparison.rows if row.subject in ("caveat", "way_back")]
    parts += ["## Together", "Answers that mean more, or less, together than each alone."]
    parts += [_table(knowledge, "what meets", together)]
    parts += ["## In any case", _table(knowledge, "", always)]
    if knowledge.use_cases:
        parts += ["## Use cases", _use_cases(knowledge)]
    return "\n\n".join(parts) + "\n"


def _rows(knowledge: Knowledge) -> Iterator[TableRow]:
    frameworks = knowledge.frameworks
    for criterion in knowledge.criteria:
        for option in criterion.options:
            cells = [_cell(f.id, f.verdicts[criterion.id][option.id]) for f in frameworks]
            yield TableRow(criterion.id, option.id, option.label, tuple(cells))
    for interaction in knowledge.interactions:
        effects = [(f.id, f.effects.get(interaction.id)) for f in frameworks]
        cells = [_cell(framework, effect) for framework, effect in effects if effect]
        title = f"{interaction.title}: {_condition(interaction)}"
        yield TableRow(interaction.id, "", title, tuple(cells))
    caveats = tuple(_cell(f.id, f.caveat) for f in frameworks)
    yield TableRow("caveat", "", "What speaks against it", caveats)
    yield TableRow(
        "way_back", "", "The way back", tuple(_cell(f.id, f.way_back) for f in frameworks)
    )


def _condition(interaction: Interaction) -> str:
    def said(condition: Condition) -> list[str]:
        return [f"{criterion} is {' or '.join(options)}" for criterion, options in condition]

    every = ", and ".join(said(interaction.all_of))
    any_of = ", or ".join(said(interaction.any_of))
    return f"{every}, and one of: {any_of}" if any_of else every


def _cell(framework: str, verdict: Verdict) -> Cell:
    return Cell(framework, verdict.points, verdict.veto, verdict.because, verdict.source)


def _table(knowledge: Knowledge, head: str, rows: list[TableRow]) -> str:
    names = [framework.name for framework in knowledge.frameworks]
    lines = [f"| {' | '.join((head, *names))} |", "| --- |" + " --- |" * len(names)]
    for row in rows:
        about = row.verdicts
        id_ = row.option or row.subject
        cells = [_written(about[f.id]) if f.id in about else "" for f in knowledge.frameworks]
        lines.append(f"| {' | '.join((f'`{id_}` {row.title}', *cells))} |")
    return "\n".join(lines)


def _written(cell: Cell) -> str:
    source = f"[{cell.source.title}]({cell.source.url}), {cell.source.checked.isoformat()}"
    points = "ruled out" if cell.veto else sentences.signed(cell.points)
    return f"**{points}** {cell.because} {source}"


def _use_cases(knowledge: Knowledge) -> str:
    lines = [
        "A use case only suggests answers. What its name misleads about is asked first.",
        "",
        "| use case | suggests | asks first | because |",
        "| --- | --- | --- | --- |",
    ]
    for use_case in knowledge.use_cases:
        suggests = ", ".join(f"`{name}={option}`" for name, option in use_case.provisional.items())
        asks = ", ".join(f"`{criterion}`" for criterion in use_case.asks)
        title = f"`{use_case.id}` {use_case.label}"
        lines.append(f"| {title} | {suggests} | {asks} | {use_case.misleads} |")
    return "\n".join(lines)
