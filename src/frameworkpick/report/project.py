"""How a plan and a written project read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frameworkpick.core.plan import Plan, PlannedFile, StepOutcome
    from frameworkpick.core.selection import Selection
    from frameworkpick.report.page import Page, Tone

_STATUS: dict[str, tuple[str, Tone]] = {
    "done": ("done", "good"),
    "not_done": ("not done", "plain"),
    "failed": ("FAILED", "bad"),
}
_STATUS_COLUMN = 12


def choice(selection: Selection, framework_name: str) -> list[str]:
    """Say what will be generated, in lines for a summary."""
    reason = f": {selection.because}" if selection.because else ""
    shown = {k: v for k, v in selection.options.items() if k not in ("framework", "project_name")}
    width = max((len(name) for name in shown), default=0)
    why = f"{_why(selection)}{reason}{_mark(selection, 'framework')}"
    return [
        f"{selection.options.get('project_name', '')}: {framework_name}, {why}",
        *(
            f"  {name:<{width}}  {_option(value)}{_mark(selection, name)}"
            for name, value in shown.items()
        ),
        *(f"  Note: {note}" for note in selection.notes),
    ]


def planned(page: Page, plan: Plan, framework_name: str) -> None:
    """Write what a run would do: options, files with their sizes, steps."""
    page.line("Nothing is written: this is what a run would do.", tone="strong")
    page.line()
    page.verbatim("\n".join(choice(plan.selection, framework_name)))
    page.heading(f"{plan.target}: {_amount(plan.files)}")
    widest = max((len(f"{file.size:,}") for file in plan.files), default=0)
    for file in plan.files:
        page.verbatim(f"{file.size:>{widest},}  {file.path}", indent=2)
    page.heading("Then")
    for step in plan.steps:
        page.line(step.title, indent=2)
    if not plan.steps:
        page.line("Nothing more.", indent=2)


def written(
    page: Page,
    plan: Plan,
    outcomes: Sequence[StepOutcome],
    *,
    framework_name: str,
    next_commands: Sequence[str],
    reproduce: str,
) -> None:
    """Write what was done, what was not, and what to run next."""
    page.line(f"{plan.target} is written: {framework_name}, {_why(plan.selection)}.", tone="strong")
    page.line(f"{_amount(plan.files)}.")
    for note in plan.selection.notes:
        page.line(f"Note: {note}")
    if outcomes:
        page.line()
    for outcome in outcomes:
        _outcome(page, outcome)
    page.heading("Next")
    page.verbatim("\n".join(next_commands), indent=2)
    page.heading("The same project again")
    page.verbatim(reproduce, indent=2)


def _why(selection: Selection) -> str:
    """Say how the framework relates to the advice; advice too close to call favours none."""
    if not (selection.followed or selection.named):
        return "as the preset has it"
    if selection.tie_break is None:
        return "as recommended" if selection.followed else "against the recommendation"
    if selection.named:
        return "your choice (the answers were too close to call)"
    by = "the default" if selection.tie_break == "default" else selection.tie_break
    return f"chosen by {by} (the answers were too close to call)"


def _outcome(page: Page, outcome: StepOutcome) -> None:
    word, tone = _STATUS[outcome.status]
    took = f" ({outcome.seconds:.1f} s)" if outcome.status == "done" else ""
    page.line(f"{outcome.step.title}{took}", indent=_STATUS_COLUMN, mark=f"  {word}", tone=tone)
    if outcome.detail:
        page.verbatim(outcome.detail, indent=_STATUS_COLUMN)
    if outcome.command:
        page.verbatim(f"Run in the project: {outcome.command}", indent=_STATUS_COLUMN)


def _mark(selection: Selection, option: str) -> str:
    """Say in brackets who settled an option, if that was not the person."""
    return f" ({mark})" if (mark := selection.marks.get(option)) else ""


def _amount(files: Sequence[PlannedFile]) -> str:
    kilobytes = sum(file.size for file in files) / 1000
    size = f"{kilobytes / 1000:.1f} MB" if kilobytes >= 1000 else f"{kilobytes:.1f} kB"  # noqa: PLR2004
    return f"{len(files)} files, {size}"


def _option(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
