"""``frameworkpick recommend``: the answer and its reasons; written only where that is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick import catalog
from frameworkpick.commands import inputs, team_preset
from frameworkpick.commands.inputs import situation
from frameworkpick.core.decision import decide
from frameworkpick.core.results.recommended import RecommendResult
from frameworkpick.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from frameworkpick.core.decision.answers import Situation
    from frameworkpick.core.decision.knowledge import Knowledge
    from frameworkpick.core.preset import Preset
    from frameworkpick.core.selection import Question

__all__ = ["RecommendRequest", "RecommendResult", "run", "situation"]


@dataclass(frozen=True, slots=True)
class RecommendRequest:
    """What a person has answered already, before anything is checked."""

    answers: Sequence[str] = ()  #: Decision answers as ``id=value``.
    answers_file: Path | None = None  #: A file with answers; project options in it are left alone.
    save_answers: Path | None = None  #: Also write the answers to this file.
    use_case: str | None = None  #: Id of the use case that suggests the other answers.
    weights: Sequence[str] = ()  #: Weights as ``id=number``.
    template_url: str | None = None  #: Address of the template whose frameworks are ranked.
    template_version: str | None = None  #: Its version; ``None`` is the newest.
    preset: str | None = None  #: What a team decided: a built-in name, a path, or git+URL@REF.
    from_dir: Path | None = None  #: A generated project whose recorded decision is looked at again.
    write: bool = False  #: Record the decision there if it changed, and supersede the old one.
    today: date | None = None  #: The date of that record; None is the present day.


def run(
    request: RecommendRequest,
    *,
    ask: Callable[[Knowledge, Situation], Situation] | None = None,
    note: Callable[[str], None] = lambda _: None,
) -> RecommendResult:
    """Recommend a framework.

    ``ask`` asks a person what is open, and returns everything said.

    Raises:
        InputError: An answer, a file or the record is not valid; every problem is named.
        FrameworkpickError: The folder to look at again holds no record of a decision.
        Cancelled: The person stopped.
    """
    if request.from_dir is not None:
        return _judged_again(request, request.from_dir, ask, note)
    if request.write:
        raise InputError(
            ["--write needs --from: it writes into the project whose decision changed."],
            "Name the project's folder with --from DIR.",
        )
    return _judged(request, None, ask, note)


def _judged(
    request: RecommendRequest,
    recorded: Callable[[Knowledge], Situation] | None,
    ask: Callable[[Knowledge, Situation], Situation] | None,
    note: Callable[[str], None],
) -> RecommendResult:
    """Gather what was said, ask for the rest, and recommend.

    ``recorded`` is what an old project's record says, seen with the present knowledge.
    """
    preset, problems = team_preset.tried(request.preset, request.from_dir or Path(), note)
    file, wrong = inputs.read(request.answers_file)
    problems += wrong
    needed = ask or recorded or preset or request.use_case or (file and file.use_case)
    knowledge, questions = _known(request, preset, note, whole=bool(needed))
    if preset:
        from frameworkpick.core.preset_faults import faults  # noqa: PLC0415 (only with a preset)

        problems += tuple(faults(preset.layers, knowledge, questions))
    said = situation(
        knowledge,
        flags=request.answers,
        use_case=request.use_case,
        weights=request.weights,
        file=file,
        preset=None if problems else preset,
        recorded=recorded(knowledge) if recorded else None,
        problems=problems,
    )
    if ask:
        said = ask(knowledge, said)
    if request.save_answers:
        inputs.save(request.save_answers, said)
    return RecommendResult(decide(knowledge, said, preset=preset, redraw=True))


def _judged_again(
    request: RecommendRequest,
    folder: Path,
    ask: Callable[[Knowledge, Situation], Situation] | None,
    note: Callable[[str], None],
) -> RecommendResult:
    """Recommend anew from a project's record, say what is different, and write it if asked."""
    from frameworkpick import project  # noqa: PLC0415 (only for an old project)
    from frameworkpick.commands.supersession import supersede  # noqa: PLC0415 (the same)
    from frameworkpick.core import revisit  # noqa: PLC0415 (the same)

    record = project.read_record(folder)
    result = _judged(request, lambda knowledge: revisit.recorded(knowledge, record)[0], ask, note)
    _, gone = revisit.recorded(result.decision.knowledge, record)
    changes = revisit.changed(result.decision, record, gone)
    result = replace(result, changed=changes)
    if not request.write:
        return result
    if not changes.verdict:
        return replace(result, stands=True)
    written = supersede(folder, result.decision, changes, request.today)
    return replace(result, changed=replace(changes, written=str(written)))


def _known(
    request: RecommendRequest, preset: Preset | None, note: Callable[[str], None], *, whole: bool
) -> tuple[Knowledge, Sequence[Question]]:
    """Read what is known of the frameworks, and the options that a preset may set."""
    if request.template_url or request.template_version or preset:
        from frameworkpick import template  # noqa: PLC0415 (git takes its time)

        choice = template.wanted(request.template_url, request.template_version, preset)
        with template.opened(choice, note) as used:
            return used.knowledge(note), used.questions(template.NEEDED)
    knowledge = catalog.load_knowledge() if whole else catalog.load_knowledge(use_cases=None)
    return knowledge, ()
