"""What a person asked ``new`` for, with every problem of it found before anything happens."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick import presets
from frameworkpick.commands import gathering
from frameworkpick.core import naming, selection
from frameworkpick.core.answers import Situation
from frameworkpick.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frameworkpick.core.knowledge import Knowledge
    from frameworkpick.core.selection import Question

_HINT = "Correct it and run the command again; nothing was written."


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What a person asked for, before anything is checked."""

    name: str | None = None  #: The project's name; asked for when missing.
    parent: Path = Path()  #: The project becomes a folder in here.
    answers: Sequence[str] = ()  #: Decision answers as ``id=value``.
    answers_file: Path | None = None  #: A file with answers and options.
    options: Mapping[str, str | bool] = field(default_factory=dict)  #: Options given as flags.
    framework: str | None = None  #: Generate this one, whatever the advice.
    because: str | None = None  #: The reason recorded for that.
    install: bool | None = None  #: Lock and install; ``None`` tries and only remarks.
    git: bool | None = None  #: First commit; ``None`` tries and only remarks.
    verify: bool = False  #: Prove the project afterwards.
    dry_run: bool = False  #: Stop before anything is written.
    date: str | None = None  #: The recorded date, ``YYYY-MM-DD``.
    save_answers: Path | None = None  #: Also write what was answered to this file.
    use_case: str | None = None  #: Id of the use case that suggests the other answers.
    weights: Sequence[str] = ()  #: Weights as ``id=number``.
    preset: Path | None = None  #: A team's file with answers and weights; everything else wins.


@dataclass(frozen=True, slots=True)
class Given:
    """What flags and file say together, checked."""

    said: Situation  #: Decision answers, use case and weights.
    options: Mapping[str, object]  #: Project options by name.
    framework: str | None  #: The framework to generate, whatever the advice.
    because: str | None  #: The reason recorded for that.
    date: str  #: The date everything written carries, ``YYYY-MM-DD``.


def gather(
    request: NewRequest, knowledge: Knowledge, questions: Sequence[Question], *, can_ask: bool
) -> Given:
    """Collect flags and file; a flag wins.

    Args:
        request: What was asked for.
        knowledge: Decision questions and frameworks.
        questions: The template's questionnaire.
        can_ask: Whether a person can be asked for what is missing.

    Raises:
        InputError: Something is not valid; every problem of both is named.
    """
    problems: list[str] = []
    file = presets.AnswersFile()
    if request.answers_file:
        file = presets.read_answers_file(request.answers_file)
    said = Situation()
    try:
        said = gathering.situation(
            knowledge,
            flags=request.answers,
            use_case=request.use_case,
            weights=request.weights,
            file=file,
            preset=gathering.read(request.preset),
        )
    except InputError as error:
        problems += error.problems
    known = [each.id for each in knowledge.frameworks]
    framework = request.framework or file.framework
    if framework is not None and framework not in known:
        near = selection.did_you_mean(framework, known)
        problems.append(f"There is no framework {framework!r}; it is one of {_list(known)}.{near}")
    if request.name is None and not can_ask:
        problems.append("The project's name is missing: frameworkpick new NAME.")
    options = {**file.options, **request.options}
    problems += check_options(questions, options, request.name)
    problems += _date_problems(request.date)
    if problems:
        raise InputError(problems, _HINT)
    because = request.because or file.because
    return Given(said, options, framework, because, recorded_date(request.date))


def complete(
    questions: Sequence[Question],
    options: Mapping[str, object],
    defaults: Mapping[str, str | bool],
    name: str,
    framework: str,
) -> dict[str, str | bool]:
    """Fill the questionnaire.

    Raises:
        InputError: A value is not valid; every problem is named.
    """
    values, problems = selection.complete_options(
        questions, options, defaults=defaults, project_name=name
    )
    if problems:
        raise InputError(problems, _HINT)
    return {"framework": framework, **values}


def check_options(
    questions: Sequence[Question], options: Mapping[str, object], name: str | None
) -> list[str]:
    """Name every problem of the options and the project's name."""
    defaults, _ = selection.option_defaults(questions, {})
    _, problems = selection.complete_options(
        questions, options, defaults=defaults, project_name="my-service" if name is None else name
    )
    if name is not None and "package_name" not in options:
        derived = naming.package_name_for(name)
        return [
            f"{problem} Give another with --package-name." if repr(derived) in problem else problem
            for problem in problems
        ]
    return problems


def _list(words: Sequence[str]) -> str:
    return ", ".join(words)


def _date_problems(text: str | None) -> list[str]:
    if text is None:
        return []
    try:
        date.fromisoformat(text)
    except ValueError:
        return [f"--date must look like 2026-11-22, not {text!r}."]
    return []


def recorded_date(given: str | None) -> str:
    """One date for everything written: the flag, else SOURCE_DATE_EPOCH, else today."""
    if given is not None:
        return date.fromisoformat(given).isoformat()
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)
    return now.date().isoformat()
