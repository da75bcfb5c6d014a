"""How the result of ``check`` reads: for people, and as annotations on GitHub."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from frameworkpick.core.plain_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frameworkpick.core.results.checked import CheckResult, ProjectCheck
    from frameworkpick.report.page import Page, Tone

_DRIFT: dict[str, Tone] = {"customised": "plain", "missing": "plain", "conflicting": "bad"}
_INDENT = 14


def show(page: Page, result: CheckResult) -> None:
    """Write one project file by file, or one line for each of many."""
    if len(result.projects) == 1:
        _one(page, result.projects[0])
    else:
        _table(page, result)


def github(result: CheckResult) -> list[str]:
    """Return workflow commands that GitHub shows as annotations."""
    # GitHub shows ten of each level in a step: what sums a project up comes before its files.
    return [
        line
        for of_one in (_annotations, _annotations_of_files)
        for project in result.projects
        for line in of_one(project)
    ]


def _annotations(project: ProjectCheck) -> Iterator[str]:
    record = _inside(project, ".copier-answers.yml")
    if project.problem:
        yield _annotation("error", record, f"{os.path.relpath(project.folder)}: {project.problem}")
        return
    if project.stale:
        yield _annotation("warning", record, f"There may be newer versions: {project.stale}")
    if project.behind:
        text = f"{_version(project)}: run {_command(project)}."
        yield _annotation("warning", record, text)
    if project.drifted:
        text = f"Files are not as the template has them: {_drift(project)}."
        yield _annotation("warning", record, text)
    for text in project.departures.values():
        yield _annotation("error", record, text)


def _annotations_of_files(project: ProjectCheck) -> Iterator[str]:
    for path, status in project.files.items():
        if status in _DRIFT:
            text = f"{status}, compared with the template."
            yield _annotation("warning", _inside(project, path), text)


def _inside(project: ProjectCheck, path: str) -> str:
    """Return a path of a project as it is from here."""
    folder = os.path.relpath(project.folder)
    return os.path.normpath(os.path.join(folder, path))  # noqa: PTH118 (text)


def _drift(project: ProjectCheck) -> str:
    counts = project.counts
    return ", ".join(f"{counts[status]} {status}" for status in _DRIFT if counts[status])


def _annotation(level: str, file: str, message: str) -> str:
    where = _escaped(file.replace(os.sep, "/")).replace(":", "%3A").replace(",", "%2C")
    return f"::{level} file={where},title=frameworkpick check::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _one(page: Page, project: ProjectCheck) -> None:
    page.line(f"{printable(str(project.folder))}: {_version(project)}", tone="strong")
    shown = {path: status for path, status in project.files.items() if status != "unchanged"}
    for path, status in sorted(shown.items(), key=lambda item: (item[1], item[0])):
        tone = _DRIFT.get(status, "faint")
        page.line(printable(path), indent=_INDENT, mark=f"  {status.split(' ')[0]}", tone=tone)
    for text in project.departures.values():
        page.line(printable(text), indent=_INDENT, mark="  preset", tone="bad")
    page.line(_sum(project), tone="good" if project.ok else "bad")


def _table(page: Page, result: CheckResult) -> None:
    width = max(len(str(project.folder)) for project in result.projects)
    for project in result.projects:
        name = printable(f"{project.folder!s:<{width}}")
        tone: Tone = "good" if project.ok else "bad"
        said = printable(project.problem) or f"{_version(project)}; {_sum(project)}"
        page.pieces((name, tone), (f"  {said}", "plain"))
    page.line()
    fine = sum(project.ok for project in result.projects)
    have = "template and preset have" if any(p.preset for p in result.projects) else "template has"
    page.line(f"{fine} of {len(result.projects)} projects are as their {have} them.")


def _version(project: ProjectCheck) -> str:
    if project.follow:
        return (
            f"{project.version} of {printable(project.template)}, "
            f"to follow {project.newest} of {printable(project.follow)}"
        )
    said = project.version
    if project.version != project.newest and project.behind:
        said += f", behind {project.newest}"
    elif project.moved:
        said += ", whose tag was moved"
    return f"{said} (the template cannot be reached: there may be newer)" if project.stale else said


def _command(project: ProjectCheck) -> str:
    """Return the command that brings a project up to date, as a person runs it from here."""
    folder = os.path.relpath(project.folder)
    words = [*([folder] if folder != os.curdir else []), *project.flags]
    return shlex.join(["frameworkpick", "update", *words])


def _sum(project: ProjectCheck) -> str:
    counted = [f"{number} {status}" for status, number in project.counts.items() if number]
    ignored = [f"{len(project.ignored)} ignored"] if project.ignored else []
    found = ", ".join([*counted, *ignored]) or "no files"
    against = ", ".join(map(printable, project.departures))
    return f"{found}; against {printable(project.preset)}: {against}" if against else found
