"""What ``update``, ``check`` and ``add`` share: a project's template, and renders of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from frameworkpick import history, project, render
from frameworkpick.core import selection
from frameworkpick.core.plain_text import did_you_mean
from frameworkpick.errors import AnswerError, FrameworkpickError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from frameworkpick.core.selection import Question
    from frameworkpick.project import Recorded

_YES_NO = {"true": True, "yes": True, "false": False, "no": False}


class Template:
    """The versions of one template, each written to a scratch folder once.

    Args:
        source: Where they come from.
        scratch: A folder of its own.
        address: What a render records.
    """

    def __init__(self, source: history.Source, scratch: Path, address: str) -> None:
        self.source = source
        self.address = address
        self._scratch = scratch
        self._trees: dict[tuple[str, str], Path] = {}
        self._questions: dict[Path, tuple[Question, ...]] = {}

    def commit(self, version: str) -> str:
        """Return the commit to note down for a version; the built-in ones stay what they are."""
        return "" if history.is_built_in(self.source.address) else self.source.commit(version)

    def tree(self, version: str, commit: str = "") -> Path:
        """Return the folder with a version's ``copier.yml``, as it was at a commit that is here."""
        key = version, commit if self.source.holds(commit) else ""
        if key not in self._trees:
            into = self._scratch / f"tree-{len(self._trees)}"
            self._trees[key] = self.source.tree(version, into, key[1])
        return self._trees[key]

    def questions(self, version: str, commit: str = "") -> tuple[Question, ...]:
        """Return the questionnaire of a version, as it was at a commit that is here."""
        tree = self.tree(version, commit)
        if tree not in self._questions:
            self._questions[tree] = render.load_questions(tree)
        return self._questions[tree]

    def render(
        self, version: str, answers: Mapping[str, object], destination: Path, commit: str = ""
    ) -> tuple[str, ...]:
        """Render a version, as it was at a commit that is here; open questions take defaults.

        Returns:
            The files that belong to the project once they are there.
        """
        destination.parent.mkdir(parents=True, exist_ok=True)
        data = cast("Mapping[str, str | bool]", answers)
        try:
            return render.render(
                self.tree(version, commit), data, destination,
                version=version, address=self.address, commit=commit,
            )  # fmt: skip
        except AnswerError as error:
            error.hint = answer_hint([error.question])
            raise


def check_version(template: Template, recorded: Recorded, *, moving: bool = False) -> None:
    """Refuse a project whose version of the template cannot be rendered again here.

    Args:
        template: Its template.
        recorded: What it records.
        moving: Whether it is to get another version: that needs one that stays what it is.

    Raises:
        FrameworkpickError: It was made from no release, or by a newer frameworkpick; or its
            record lacks an answer that has no default.
    """
    known = template.source.has(recorded.version)
    built_in = history.is_built_in(template.source.address)
    if built_in and not history.is_release(recorded.version) and (moving or not known):
        raise FrameworkpickError(
            f"The project was made from {recorded.version}, which was never released.",
            "Set _commit in .copier-answers.yml to the nearest release, compare, and commit that.",
        )
    if known:
        _check_answers(template, recorded)
        return
    versions = ", ".join(template.source.versions()) or "none"
    upgrade = "Upgrade frameworkpick; this one knows"
    if built_in and history.is_listed(recorded.version):
        upgrade = f"{history.INCOMPLETE}; this one knows"
    elif not built_in:
        upgrade = "Ask who keeps the template; it has"
    raise FrameworkpickError(
        f"The project's version {recorded.version} of the template is not known here.",
        f"{upgrade} {versions}.",
    )


def _check_answers(template: Template, recorded: Recorded) -> None:
    questions = template.questions(recorded.version, recorded.commit)
    missing = [q.id for q in questions if q.required and q.id not in recorded.answers]
    if missing:
        raise FrameworkpickError(
            f"{project.PROJECT_RECORD} does not say {' and '.join(missing)}.",
            f"Put it back; `git log -p {project.PROJECT_RECORD}` shows what it was.",
        )


def kept_answers(
    questions: Sequence[Question], recorded: Recorded
) -> tuple[dict[str, object], dict[str, str]]:
    """Take over recorded answers, each as its question reads it.

    Returns:
        Those that still answer a question, and why the others do not any more, by question.
    """
    kept: dict[str, object] = {}
    refused: dict[str, str] = {}
    for question in questions:
        if question.id not in recorded.answers:
            continue
        text = recorded.texts.get(question.id)
        value = selection.as_typed(question, recorded.answers[question.id], text)
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


def answers_of(rendered: Path) -> dict[str, object]:
    """Return what a render recorded."""
    return dict(project.read_recorded(rendered).answers)
