"""What ``new`` and ``recommend`` print when they are done."""

from __future__ import annotations

import os
import shlex
import shutil
from typing import TYPE_CHECKING

from frameworkpick import __version__, process, report
from frameworkpick.commands.inputs import recorded_date
from frameworkpick.core import preset_rules

if TYPE_CHECKING:
    from frameworkpick.core.results.made import NewResult
    from frameworkpick.core.results.recommended import RecommendResult


def show_recommendation(result: RecommendResult) -> None:
    """Print a recommendation for people."""
    page = report.Page()
    decision = result.decision
    report.advice.recommendation(page, decision)
    if instead := preset_rules.instead(decision):
        page.line()
        page.line(f"{instead[1]}: `frameworkpick new` takes {decision.name_of(instead[0])} then.")
    if result.changed:
        report.revisited.changes(page, decision, result.changed)
        if result.changed.written:
            report.revisited.written(page, decision, result.changed)
        elif result.stands:
            report.revisited.stands(page)


def written_recommendation(result: RecommendResult, form: str) -> str:
    """Return a recommendation as a document.

    Args:
        result: What to write about.
        form: ``md`` for the decision record, ``svg`` for the picture, ``html`` for the page.
    """
    decision, day = result.decision, recorded_date(None)
    if form == "md":
        return report.record.decision_record(
            decision, chosen=decision.verdict, because=None, date=day
        )
    signature = f"frameworkpick {__version__}, from its knowledge of {decision.knowledge.version}"
    if form == "svg":
        from frameworkpick.report.picture import svg  # noqa: PLC0415 (only when asked for)

        return svg(decision, signature=signature)
    from frameworkpick.report.document import html  # noqa: PLC0415 (only when asked for)

    return html(decision, date=day, signature=signature)


def show_new(result: NewResult) -> None:
    """Print a result of ``new`` for people."""
    page = report.Page()
    if not result.written:
        report.project.planned(page, result.plan, result.framework_name)
        return
    if result.proof:
        report.proof.table(page, result.proof)
        page.line()
    report.project.written(
        page,
        result.plan,
        result.outcomes,
        framework_name=result.framework_name,
        next_commands=_next_commands(result),
        reproduce=result.command,
    )


def _next_commands(result: NewResult) -> list[str]:
    options = result.plan.selection.options
    values = {"package": options["package_name"], "host": "127.0.0.1", "port": 8000}
    serve = " ".join(shlex.quote(word.format(**values)) for word in result.serve)
    folder = os.path.relpath(result.plan.target)
    found = process.find_uv() or "uv"
    uv = "uv" if found == shutil.which("uv") else shlex.quote(found)
    return [f"cd {shlex.quote(folder)}", f"{uv} run pytest", f"{uv} run {serve}"]
