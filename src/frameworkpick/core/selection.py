"""What will be generated: the framework, and the options with reasons for their defaults."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal

from frameworkpick.core import project_names
from frameworkpick.core.options import UNKNOWN, ProjectOption
from frameworkpick.core.plain_text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from frameworkpick.core.decision.answers import Answer


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a question with fixed values."""

    value: str  #: What is recorded.
    label: str  #: What a person reads.


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the template's questionnaire."""

    id: str  #: The name in answers files, flags and ``.copier-answers.yml``.
    help: str  #: The question as a person reads it.
    kind: Literal["text", "choice", "flag"]  #: Free text, one of ``choices``, or yes and no.
    default: str | bool  #: The value when nobody says otherwise; empty when it is computed.
    choices: tuple[Choice, ...] = ()  #: The allowed values of a choice.
    #: Whether the template works out its value, or whether it is asked, when nobody answers it.
    computed: bool = False
    required: bool = False  #: Whether somebody has to answer it: there is no default.
    typed: str = ""  #: What the template reads the value as, such as ``int``; empty for a text.
    option: ProjectOption = UNKNOWN  #: What is known of it beside the question.


@dataclass(frozen=True, slots=True)
class Selection:
    """The framework and the options of one project."""

    #: Id of the framework that is generated.
    framework: Annotated[str, {"$ref": "framework"}]
    followed: Annotated[bool, "Whether it is the one that was recommended."]
    because: str | None  #: The reason for choosing otherwise: a person's, or a preset's.
    options: Mapping[str, str | bool]  #: Every answer of the questionnaire, complete.
    notes: tuple[str, ...] = ()  #: What a decision answer changed or should be known about.
    named: bool = False  #: Whether a person named the framework, by flag, file or prompt.
    tie_break: str | None = None  #: What settled advice that was too close to call; else None.
    marks: Mapping[str, str] = field(default_factory=dict)  #: Who settled an option, by its id.


#: Words for yes and no, as Copier takes them.
_TRUTH = {
    **dict.fromkeys(("y", "yes", "t", "true", "on", "1"), True),
    **dict.fromkeys(("n", "no", "f", "false", "off", "0"), False),
}


def option_defaults(
    questions: Sequence[Question],
    answers: Mapping[str, Answer],
    settled: Collection[str] = (),
) -> tuple[dict[str, str | bool], tuple[str, ...]]:
    """Take the defaults of the questionnaire, moved by what the decision answers say.

    Args:
        questions: The template's questionnaire.
        answers: The decision answers by criterion.
        settled: Options that have a value already, so that nothing moves them.

    Returns:
        The default of each option that is not computed, and one sentence for each moved one.
    """
    values = {
        question.id: question.default
        for question in questions
        if question.kind != "text" and not (question.computed or question.required)
    }
    notes: list[str] = []
    effects = [(question, effect) for question in questions for effect in question.option.effects]
    for question, effect in effects:
        answer, value = answers.get(effect.criterion), effect.value
        if answer is None or answer.value != effect.answer or effect.note in notes:
            continue
        if value is not None and (question.id in settled or values.get(question.id) == value):
            continue
        if value is not None and question.id in values:
            values[question.id] = value
        notes.append(effect.note)
    return values, tuple(notes)


def complete_options(
    questions: Sequence[Question],
    given: Mapping[str, object],
    *,
    defaults: Mapping[str, str | bool],
    project_name: str,
    check_texts: bool = True,
) -> tuple[dict[str, str | bool], list[str]]:
    """Fill the questionnaire and check every value.

    Args:
        questions: The template's questionnaire.
        given: Values a person gave, by option; unknown names are reported.
        defaults: Values for what was not given.
        project_name: The name of the project.
        check_texts: Whether to check both names and the description too.

    Returns:
        All options but those that nobody answered and that have no default here, and one sentence
        for each problem (empty when everything is valid).
    """
    by_id = {question.id: question for question in questions}
    problems = [
        f"There is no project option {name!r}.{did_you_mean(name, by_id)}"
        for name in given
        if name not in by_id
    ]
    values: dict[str, str | bool] = {"project_name": project_name}
    for question in questions:
        if question.id in values or question.id == "framework":
            continue
        if question.id not in {*given, *defaults} and (question.computed or question.required):
            continue
        value = given.get(question.id, defaults.get(question.id, question.default))
        if question.typed and not isinstance(value, str):
            value = json.dumps(value, default=str)
        if problem := _value_problem(question, value):
            problems.append(problem)
        elif isinstance(value, str | bool):
            values[question.id] = value
    if not values.get("package_name"):
        values["package_name"] = project_names.package_name_for(project_name)
    if check_texts:
        problems += _text_problems(values)
    # The order says nothing of who gave a value: the same project has the same record.
    asked = (question.id for question in questions if question.id in values)
    in_order = dict.fromkeys(("project_name", *asked, *values))
    return {name: values[name] for name in in_order}, problems


def as_typed(question: Question, value: object, text: str | None) -> object:
    """Read a recorded value as its question does, as Copier would.

    Args:
        question: The question.
        value: The value as YAML reads it.
        text: What is written there, if that is known.
    """
    if question.kind == "flag":
        word = str(value).strip().lower()
        return _TRUTH.get(word, value) if isinstance(value, str | int) else value
    if question.typed or value is None or isinstance(value, str | list | dict):
        return value
    return str(value) if text is None else text


def recorded_problem(question: Question, value: object) -> str | None:
    """Say why a recorded value does not answer a question any more; ``None`` when it does.

    What only the template can tell, such as its validators, it says itself.
    """
    if question.kind == "choice":
        return _value_problem(question, str(value))
    if question.kind == "text" and (question.typed or isinstance(value, str)):
        return _number_problem(question, value) if isinstance(value, str) else None
    return _value_problem(question, value)


def _value_problem(question: Question, value: object) -> str | None:
    match question.kind:
        case "flag":
            if not isinstance(value, bool):
                return f"{question.id} must be true or false, not {value!r}."
        case "choice":
            allowed = [choice.value for choice in question.choices]
            if value not in allowed:
                listed = ", ".join(allowed)
                if reason := question.option.why_not(value):
                    return f"{question.id} cannot be {value!r}: {reason}. It is one of {listed}."
                hint = did_you_mean(str(value), allowed)
                return f"{question.id} cannot be {value!r}; it is one of {listed}.{hint}"
        case "text":
            if not isinstance(value, str):
                return f"{question.id} must be text, not {value!r}."
            return _number_problem(question, value)
    return None


def _number_problem(question: Question, text: str) -> str | None:
    numbers: dict[str, tuple[Callable[[str], object], str]] = {
        "int": (int, "a whole number"),
        "float": (float, "a number"),
    }
    if question.typed in numbers:
        read, what = numbers[question.typed]
        try:
            read(text)
        except ValueError:
            return f"{question.id} must be {what}, not {text!r}."
    return None


def _text_problems(values: Mapping[str, str | bool]) -> list[str]:
    checks = (
        ("project_name", project_names.project_name_problem),
        ("package_name", project_names.package_name_problem),
        ("description", project_names.description_problem),
    )
    found = []
    for option, check in checks:
        value = values.get(option)
        if isinstance(value, str) and (problem := check(value)):
            found.append(problem)
    return found
