"""What a person asked ``new`` for, with every problem of it found before anything happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick import catalog, presets
from frameworkpick.commands import inputs
from frameworkpick.core import preset_rules, project_names, selection
from frameworkpick.core.decision.answers import Situation
from frameworkpick.core.plain_text import did_you_mean
from frameworkpick.core.plan import flag_words
from frameworkpick.core.preset import FRAMEWORK, name_of, reason
from frameworkpick.core.preset_faults import faults
from frameworkpick.errors import InputError, PresetError, TargetError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frameworkpick.core.decision.knowledge import Knowledge
    from frameworkpick.core.preset import Preset
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
    more_options: Sequence[str] = ()  #: Options as ``id=value``, for those without a flag.
    template_url: str | None = None  #: Address of the template to use.
    template_version: str | None = None  #: Its version; ``None`` is the newest.
    preset: str | None = None  #: What a team decided: a built-in name, a path, or git+URL@REF.


@dataclass(frozen=True, slots=True)
class Given:
    """What flags and file say together, checked."""

    said: Situation  #: Decision answers, use case and weights.
    options: Mapping[str, object]  #: Project options by name.
    framework: str | None  #: The framework to generate, whatever the advice.
    because: str | None  #: The reason recorded for that.
    date: str  #: The date everything written carries, ``YYYY-MM-DD``.
    preset: Preset | None = None  #: What a team decided.
    soft: Mapping[str, object] = field(default_factory=dict)  #: Options it only suggests.
    by_preset: bool = False  #: Whether it names the framework, and no person does.


def gather(
    request: NewRequest,
    knowledge: Knowledge,
    questions: Sequence[Question],
    *,
    can_ask: bool,
    preset: Preset | None = None,
    problems: Sequence[str] = (),
) -> Given:
    """Collect flags, file and preset; a flag wins over the file, and that over what is only soft.

    ``problems`` are known already, and named first.

    Raises:
        InputError: Something is not valid or against the preset; every problem is named.
    """
    problems = list(problems)
    read, faulty = inputs.read(request.answers_file)
    file = read or presets.AnswersFile()
    problems += faulty
    if preset and (wrong := faults(preset.layers, knowledge, questions)):
        problems += wrong
        preset = None
    against: Sequence[str] = ()
    said = Situation()
    try:
        said = inputs.situation(
            knowledge,
            flags=request.answers,
            use_case=request.use_case,
            weights=request.weights,
            file=file,
            preset=preset,
        )
    except PresetError as error:
        against = error.problems
    except InputError as error:
        problems += error.problems
    known = [each.id for each in knowledge.frameworks]
    framework, because, by_preset = _framework(request, file, preset)
    if framework is not None and framework not in known:
        near = did_you_mean(framework, known)
        problems.append(f"There is no framework {framework!r}; it is one of {_list(known)}.{near}")
    if request.name is None and not can_ask:
        problems.append("The project's name is missing: frameworkpick new NAME.")
    options = {**file.options, **request.options}
    problems += check_options(questions, options, request.name)
    problems += _date_problems(request.date)
    against = [*against, *(_against(preset, request, file) if preset else ())]
    if problems:
        raise InputError([*problems, *against], _HINT)
    if against:
        raise PresetError(against, "nothing was written")
    soft = {name: each.value for name, each in preset.options.items()} if preset else {}
    options |= preset_rules.locked_options(preset, questions)
    day = inputs.recorded_date(request.date)
    return Given(said, options, framework, because, day, preset, soft, by_preset)


def _framework(
    request: NewRequest, file: presets.AnswersFile, preset: Preset | None
) -> tuple[str | None, str | None, bool]:
    """Return the framework that is named, why, and whether the preset names it."""
    named, because = request.framework or file.framework, request.because or file.because
    lock = preset.locked.get(FRAMEWORK) if preset else None
    if lock:
        why = because or f"{name_of(lock.layer)} locks it{reason(lock.because)}"
        return str(lock.value), why, True
    if named is None and preset and preset.framework:
        chosen = preset.framework
        why = because or preset.because or f"{name_of(chosen.layer)} names it"
        return str(chosen.value), why, True
    return named, because, False


def _against(preset: Preset, request: NewRequest, file: presets.AnswersFile) -> list[str]:
    """Name each option, and the framework, that a lock or a policy forbids."""
    in_file = {name: (value, file.name) for name, value in file.options.items()}
    if file.framework:
        in_file[FRAMEWORK] = file.framework, file.name
    typed: dict[str, tuple[object, str]] = {
        name: (value, " ".join(flag_words(name, value, catalog.option_flags())))
        for name, value in request.options.items()
    }
    if request.framework:
        typed[FRAMEWORK] = request.framework, f"--framework {request.framework}"
    return [*preset.contradictions(in_file), *preset.contradictions(typed)]


def check_target(target: Path) -> None:
    """Refuse a place that holds anything but a lone ``.git``.

    Raises:
        TargetError: Something is there, or the place cannot be looked at.
    """
    try:
        if target.is_symlink() or (target.exists() and not target.is_dir()):
            raise TargetError(f"{target} exists and is not a folder.", "Choose another name.")
        held = sorted(entry.name for entry in target.iterdir()) if target.is_dir() else []
    except OSError as error:
        raise TargetError(
            f"{target} cannot be used: {error.strerror}.", "Choose another folder with -o."
        ) from error
    if held not in ([], [".git"]):
        raise TargetError(
            f"The folder {target} is not empty.",
            "Choose another name, or another place with -o; nothing was changed.",
        )


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
    problems += [
        f"The template wants to know {question.id}: give --option {question.id}=VALUE."
        for question in questions
        if question.required and question.id not in {FRAMEWORK, *values, *options}
    ]
    if problems:
        raise InputError(problems, _HINT)
    return {"framework": framework, **values}


def check_options(
    questions: Sequence[Question], options: Mapping[str, object], name: str | None
) -> list[str]:
    """Name every problem of the options and the project's name."""
    defaults, _ = selection.option_defaults(questions, {})
    values, problems = selection.complete_options(
        questions, options, defaults=defaults, project_name=name or "my-service", check_texts=False
    )
    own = None if name is None else project_names.project_name_problem(name)
    if own:
        problems.append(own + project_names.other_project_name(name or ""))
    if own is None or options.get("package_name"):  # else it follows from the project's name
        package = str(values["package_name"])
        if problem := project_names.package_name_problem(package):
            problems.append(problem + project_names.other_package_name(package))
    if problem := project_names.description_problem(str(values.get("description", "-"))):
        problems.append(problem)
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
