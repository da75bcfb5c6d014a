"""What ``new`` prints when it is done."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from frameworkpick import catalog, report
from frameworkpick.core.record import recommendation_json

if TYPE_CHECKING:
    from frameworkpick.commands.new import NewResult


def new_json(result: NewResult) -> dict[str, object]:
    """Return a result of ``new`` as JSON-ready data with a fixed order of keys."""
    facts = report.project.as_json(result.plan, result.outcomes, reproduce=result.command)
    return {
        "schema": 1,
        "written": result.written,
        **facts,
        "recommendation": recommendation_json(result.recommendation, result.answers),
        "verify": result.proof.as_json() if result.proof else None,
        "seconds": round(result.seconds, 3),
    }


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
    framework = catalog.load_knowledge().framework(str(options["framework"]))
    words = framework.serve.command if framework else ()
    values = {"package": options["package_name"], "host": "127.0.0.1", "port": 8000}
    serve = " ".join(shlex.quote(word.format(**values)) for word in words)
    folder = os.path.relpath(result.plan.target)
    return [f"cd {shlex.quote(folder)}", "uv run pytest", f"uv run {serve}"]
