"""How the result of an update reads."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from frameworkpick.core.plain_text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frameworkpick.core.results.merged import AbortResult, MergeResult
    from frameworkpick.report.page import Page, Tone

_TONES: dict[str, Tone] = {"conflict": "bad", "added": "good", "changed": "good"}
_INDENT = 12


def show(page: Page, result: MergeResult) -> None:
    """Write what was merged, what was left alone, and what to do next."""
    if result.interrupted:
        page.line("An update that was interrupted was undone first.")
    if result.stale:
        page.line(f"There may be newer versions: {result.stale}")
    if not result.files and not result.answers and result.old == result.new:
        page.line(f"Nothing to do: the project is at {result.old}.", tone="good")
        return
    if not result.written:
        page.line("Nothing is written: this is what a run would do.", tone="strong")
        page.line()
    page.line(f"{result.name}: {_versions(result)}", tone="strong")
    for file in result.files:
        word = "CONFLICT" if file.what == "conflict" else file.what
        why = f" ({file.why})" if file.why else ""
        tone = _TONES.get(file.what, "plain")
        page.line(f"{file.path}{why}", indent=_INDENT, mark=f"  {word}", tone=tone)
    _lists(page, result)
    _knowledge(page, result)
    if result.written:
        _next(page, result)


def show_undone(page: Page, undone: AbortResult) -> None:
    """Write that an update was undone, and what of it stays."""
    edited = (*undone.left, *(f"{path}, what it was before" for path in undone.beside))
    if not (edited or undone.committed):
        page.line("The update is undone.")
    if edited:
        page.line("The update is undone, but for what was edited since:")
        _plain(page, edited)
    if undone.committed:
        rest = "These too stay" if edited else "The update is undone, but for what is"
        page.line(f"{rest} committed; `git revert` undoes that:")
        _plain(page, undone.committed)
    if undone.taken_back:
        page.line("A half of it had been committed. What takes that back is staged: commit it.")
        _plain(page, undone.taken_back)


def _plain(page: Page, paths: Sequence[str]) -> None:
    for path in paths:
        page.verbatim(printable(path), indent=2)


def _why(result: MergeResult) -> str:
    """Return the last line of what uv said: the ones before it only lead there."""
    return printable(result.unlocked.strip().splitlines()[-1].strip())


def _versions(result: MergeResult) -> str:
    moved = f"{result.old} to {result.new}" if result.old != result.new else f"at {result.new}"
    return f"{moved}, from now on of {result.template}" if result.template else moved


def _lists(page: Page, result: MergeResult) -> None:
    _paths(page, "You removed these; they stay away", result.kept_deleted)
    _paths(page, "The template dropped these; yours stay, for you changed them", result.kept_edited)
    _paths(page, "git does not know these; they are left alone", result.untracked)
    if result.answers:
        page.heading("Answers")
        for name, old, new in result.answers:
            was = "" if old is None else f", was {_value(old)}"
            page.line(f"{name} = {_value(new)}{was}", indent=2)
    if result.dropped:
        page.line(f"No longer allowed, and answered anew: {', '.join(result.dropped)}", indent=2)


def _knowledge(page: Page, result: MergeResult) -> None:
    if result.steps:
        page.heading("Know and do")
    for version, kind, text in result.steps:
        for line in f"{version}, {kind}: {text}".splitlines():
            if line.startswith("    "):  # a command
                page.verbatim(line, indent=2)
            else:
                page.line(line, indent=2)


def _next(page: Page, result: MergeResult) -> None:
    page.heading("Next")
    if result.lock:
        page.line(f"uv.lock is older than pyproject.toml, and could not be renewed: {_why(result)}")
        page.verbatim(result.lock.command, indent=2)
    _settling(page, result)
    page.line("The result is not proven yet:")
    page.verbatim(f"frameworkpick verify {shlex.quote(result.path)}", indent=2)
    page.line("To undo it, before the commit:" if result.in_git else "To undo it:")
    page.verbatim(result.undo or "", indent=2)
    if result.in_git and not result.inside:
        page.verbatim("git reset --hard", indent=2)


def _settling(page: Page, result: MergeResult) -> None:
    """Say how each kind of conflict is settled: not all have markers."""
    if any(file.marked for file in result.conflicts):
        then = ", and `git add` each file" if result.in_git else ""
        page.line(f"Settle the conflicts between the markers{then}.")
    if plain := [file.path for file in result.conflicts if not file.marked]:
        how = ": `git add` it, or `git rm` it" if result.in_git else ", or remove it"
        page.line(f"Keep what you want of each of these{how}: {', '.join(plain)}.")
    if result.conflicts and result.in_git:
        page.line("Then commit.")
    elif result.in_git:
        page.line("Everything is staged: read `git diff --staged`, and commit.")


def _paths(page: Page, heading: str, paths: Sequence[str]) -> None:
    if paths:
        page.heading(heading)
        page.verbatim("\n".join(paths), indent=2)


def _value(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
