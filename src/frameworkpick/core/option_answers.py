"""Answers to a template's questions, as a record or a command line gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.core import selection
from frameworkpick.core.plain_text import did_you_mean
from frameworkpick.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from frameworkpick.core.selection import Question

#: Answers that have a word of their own on the command line.
_OWN_WORD = {"framework": "use --framework", "project_name": "it is the NAME"}
_YES_NO = {"true": True, "yes": True, "false": False, "no": False}


def kept_answers(
    questions: Sequence[Question], answers: Mapping[str, object], texts: Mapping[str, str]
) -> tuple[dict[str, object], dict[str, str]]:
    """Take over recorded answers, each as its question reads it.

    Args:
        questions: What a template asks.
        answers: The answers, as YAML reads them.
        texts: What is written there, where that is known.

    Returns:
        Those that still answer a question, and why the others do not any more, by question.
    """
    kept: dict[str, object] = {}
    refused: dict[str, str] = {}
    for question in questions:
        if question.id not in answers:
            continue
        text = texts.get(question.id)
        value = selection.as_typed(question, answers[question.id], text)
        if problem := selection.recorded_problem(question, value):
            refused[question.id] = problem
        else:
            kept[question.id] = value
    return kept, refused


def refuse_old(problems: Mapping[str, str]) -> None:
    """Refuse recorded answers that are not allowed any more, and open questions.

    Raises:
        InputError: There are some; each is named.
    """
    if problems:
        raise InputError(list(problems.values()), answer_hint(problems))


def answer_hint(names: Iterable[str]) -> str:
    """Say how questions of a newer template are answered."""
    words = " ".join(f"-a {name}=VALUE" for name in names)
    return f"Answer with `frameworkpick update {words}`; nothing was changed."


def parse_answers(words: Sequence[str], questions: Sequence[Question]) -> dict[str, object]:
    """Read answers as ``id=value``.

    Raises:
        InputError: Something is not valid; every problem is named.
    """
    asked = {question.id: question for question in questions}
    answers: dict[str, object] = {}
    problems: list[str] = []
    for word in words:
        name, equals, text = word.partition("=")
        if not equals:
            problems.append(f"{word!r} must look like ID=VALUE.")
        elif name not in asked:
            near = did_you_mean(name, asked)
            problems.append(f"The template has no question {name!r}.{near}")
        else:
            answers[name] = value = value_of(asked[name], text)
            if problem := problem_of(asked[name], value):
                problems.append(problem)
    if problems:
        raise InputError(problems, "Correct it and run the command again; nothing was changed.")
    return answers


def value_of(question: Question, text: str) -> object:
    """Read one value as its question means it."""
    return _YES_NO.get(text.lower(), text) if question.kind == "flag" else text


def problem_of(question: Question, value: object) -> str | None:
    """Say why a value cannot answer a question; ``None`` when it can."""
    if question.kind == "text" and not isinstance(value, str):
        return None  # a number or a list: Copier knows
    name = str(value) if question.id == "project_name" else "my-service"
    _, problems = selection.complete_options(
        (question,), {question.id: value}, defaults={}, project_name=name
    )
    return problems[0] if problems else None


def parse_options(
    words: Sequence[str], questions: Sequence[Question]
) -> tuple[dict[str, str | bool], tuple[str, ...]]:
    """Read project options as ``id=value``; return them, and what is wrong with the others."""
    named = {word: word.partition("=")[0] for word in words}
    wrong = [
        f"--option cannot set {name}: {_OWN_WORD[name]}."
        for name in dict.fromkeys(named.values())
        if name in _OWN_WORD
    ]
    rest = [word for word, name in named.items() if name not in _OWN_WORD]
    try:
        read = parse_answers(rest, questions)
    except InputError as error:
        return {}, (*wrong, *error.problems)
    plain = {
        name: value if isinstance(value, str | bool) else str(value) for name, value in read.items()
    }
    return plain, tuple(wrong)
