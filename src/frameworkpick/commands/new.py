"""``frameworkpick new``: ask, recommend, confirm or override, generate."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from frameworkpick import __version__, catalog, presets, render, steps
from frameworkpick.commands import recommend
from frameworkpick.commands.staging import Staging, check_target
from frameworkpick.core import naming, plan, record, scoring, selection
from frameworkpick.core.plan import Plan, StepOutcome
from frameworkpick.errors import FrameworkpickError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from frameworkpick.core.answers import Answer
    from frameworkpick.core.knowledge import Knowledge
    from frameworkpick.core.plan import Step
    from frameworkpick.core.scoring import Recommendation
    from frameworkpick.probes import VerifyResult


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


class Asker(Protocol):
    """The questions a person at a terminal is asked. Each may raise ``Cancelled``."""

    def criteria(self, knowledge: Knowledge, answers: Mapping[str, Answer]) -> dict[str, Answer]:
        """Ask what is open and still matters; return all answers."""

    def framework(
        self, knowledge: Knowledge, recommendation: Recommendation
    ) -> tuple[str, str | None]:
        """Show the advice; return the framework to generate and the reason for another."""

    def name(self) -> str:
        """Ask for the project's name."""

    def options(
        self,
        questions: Sequence[selection.Question],
        defaults: Mapping[str, str | bool],
        notes: Sequence[str],
    ) -> dict[str, str | bool]:
        """Show the options on one screen; return those that were changed."""

    def go(self, chosen: selection.Selection, target: Path, steps: Sequence[Step]) -> bool:
        """Show the summary; return True to write, False to change the options first."""


@dataclass(frozen=True, slots=True)
class NewResult:
    """What was written, or would be."""

    plan: Plan  #: Target, selection, files and steps.
    recommendation: Recommendation  #: The advice.
    answers: Mapping[str, Answer]  #: What it rests on.
    framework_name: str  #: Name of the generated framework, for people.
    command: str  #: The command that generates the same project again.
    written: bool  #: False for a dry run.
    outcomes: tuple[StepOutcome, ...] = ()  #: How the steps ended.
    proof: VerifyResult | None = None  #: The result of ``--verify``.
    seconds: float = 0.0  #: Wall-clock duration of rendering.

    @property
    def exit_code(self) -> int:
        """4 when a step that was asked for failed, else 0."""
        return 4 if any(outcome.status == "failed" for outcome in self.outcomes) else 0


def run(
    request: NewRequest,
    *,
    asker: Asker | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> NewResult:
    """Generate a project.

    Args:
        request: What was asked for.
        asker: The questions to a person; without one nothing is asked.
        progress: Called with a sentence when something long begins.

    Raises:
        InputError: Answers, options or names are not valid; every problem is named.
        TargetError: The folder exists and is not empty.
        RenderError: The template is broken.
        FrameworkpickError: There is no framework to generate and none was named.
        Cancelled: A person stopped; nothing is left behind.
    """
    knowledge = catalog.load_knowledge()
    template = catalog.templates_root()
    questions = render.load_questions(template)
    given = _gather(request, knowledge, questions)
    if request.name is not None:
        check_target(request.parent / request.name)

    answers = asker.criteria(knowledge, given.answers) if asker else dict(given.answers)
    advice = scoring.recommend(knowledge, answers)
    framework, because = _choose(given, knowledge, advice, asker)
    name = request.name if request.name is not None else _ask_name(asker)
    target = request.parent / name
    check_target(target)
    planned = plan.plan_steps(install=request.install, git=request.git, verify=request.verify)
    defaults, notes = selection.option_defaults(questions, answers)
    given_options: dict[str, object] = dict(given.options)
    while True:
        if asker:
            asked = [question for question in questions if question.id not in given.options]
            given_options |= asker.options(asked, defaults, notes)
        options, problems = _complete(questions, given_options, defaults, name, framework)
        if problems:
            raise InputError(
                problems, "Correct them and run the command again; nothing was written."
            )
        followed = framework == advice.verdict
        chosen = selection.Selection(framework, followed, because, options, notes)
        if asker is None or request.dry_run or asker.go(chosen, target, planned):
            break
    day = _date(request.date)
    command = plan.reproducing_command(
        name=name,
        framework=framework,
        because=because,
        answers={key: answer.value or "unknown" for key, answer in answers.items()},
        options=options,
        date=day,
    )
    if request.save_answers:
        presets.write_answers_file(
            request.save_answers,
            presets.AnswersFile(
                answers={key: answer.value or "unknown" for key, answer in answers.items()},
                options={
                    k: v for k, v in options.items() if k not in ("project_name", "framework")
                },
                framework=framework if not followed else None,
                because=because,
            ),
        )

    began = time.monotonic()
    progress(f"Writing {target}")
    with Staging(target) as staging:
        render.render(template, options, staging.folder, version=__version__)
        texts = _records(knowledge, advice, answers, chosen, day, command)
        staging.write_texts(texts)
        staging.write_secret_env()
        files = staging.files()
        if not request.dry_run:
            staging.commit()
    written = NewResult(
        plan=Plan(str(target), chosen, files, planned),
        recommendation=advice,
        answers=answers,
        framework_name=knowledge.framework(framework).name,
        command=command,
        written=not request.dry_run,
        seconds=time.monotonic() - began,
    )
    return written if request.dry_run else _after(written, target, progress)


@dataclass(frozen=True, slots=True)
class _Given:
    answers: Mapping[str, Answer]
    options: Mapping[str, object]
    framework: str | None
    because: str | None


def _gather(
    request: NewRequest, knowledge: Knowledge, questions: Sequence[selection.Question]
) -> _Given:
    """Collect flags and file, and report every problem of both at once."""
    problems: list[str] = []
    answers: Mapping[str, Answer] = {}
    from_file = presets.AnswersFile()
    if request.answers_file:
        from_file = presets.read_answers_file(request.answers_file)
    try:
        answers = recommend.gather(knowledge, request.answers, from_file.answers)
    except InputError as error:
        problems += error.problems
    framework = request.framework or from_file.framework
    known = [each.id for each in knowledge.frameworks]
    if framework is not None and framework not in known:
        hint = selection.did_you_mean(framework, known)
        problems.append(
            f"There is no framework {framework!r}; choose from {', '.join(known)}.{hint}"
        )
    options: dict[str, object] = {**from_file.options, **request.options}
    defaults, _ = selection.option_defaults(questions, {})
    name = request.name if request.name is not None else "project"
    problems += _complete(questions, options, defaults, name, framework or known[0])[1]
    if request.date is not None:
        problems += _date_problems(request.date)
    if problems:
        raise InputError(problems, "Correct them and run the command again; nothing was written.")
    return _Given(answers, options, framework, request.because or from_file.because)


def _complete(
    questions: Sequence[selection.Question],
    options: Mapping[str, object],
    defaults: Mapping[str, str | bool],
    name: str,
    framework: str,
) -> tuple[dict[str, str | bool], list[str]]:
    values, problems = selection.complete_options(
        questions, options, defaults=defaults, project_name=name
    )
    return {"framework": framework, **values}, problems


def _choose(
    given: _Given, knowledge: Knowledge, advice: Recommendation, asker: Asker | None
) -> tuple[str, str | None]:
    if given.framework is not None:
        return given.framework, given.because
    if asker is not None:
        return asker.framework(knowledge, advice)
    ids = [framework.id for framework in knowledge.frameworks]
    if advice.verdict in ids:
        return advice.verdict, given.because
    if advice.verdict == "neither" and advice.instead:
        others = " or ".join(each.name for each in advice.instead)
        message = f"The answers point to neither framework, but to {others}."
    else:
        message = "The answers contradict each other, so there is no recommendation."
    choices = " or ".join(f"--framework {each}" for each in ids)
    raise FrameworkpickError(
        message, f"Nothing was written; to generate anyway, name it: {choices}."
    )


def _ask_name(asker: Asker | None) -> str:
    if asker is None:
        raise InputError(
            ["The project's name is missing."], "Give it as in `frameworkpick new my-service`."
        )
    name = asker.name()
    if problem := naming.project_name_problem(name):
        raise InputError([problem])
    return name


def _date_problems(text: str) -> list[str]:
    try:
        date.fromisoformat(text)
    except ValueError:
        return [f"--date must look like 2026-11-22, not {text!r}."]
    return []


def _date(given: str | None) -> str:
    """One date for everything written: the flag, else SOURCE_DATE_EPOCH, else today."""
    if given is not None:
        return given
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)
    return now.date().isoformat()


def _records(
    knowledge: Knowledge,
    advice: Recommendation,
    answers: Mapping[str, Answer],
    chosen: selection.Selection,
    day: str,
    command: str,
) -> dict[str, str]:
    """Write what no template holds, so that an update never empties it."""
    return {
        "docs/adr/0001-web-framework.md": record.decision_record(
            knowledge,
            advice,
            answers,
            chosen=chosen.framework,
            because=chosen.because,
            date=day,
            tool_version=__version__,
        ),
        ".frameworkpick.toml": record.project_record(
            advice,
            answers,
            chosen=chosen.framework,
            because=chosen.because,
            options=chosen.options,
            date=day,
            tool_version=__version__,
            knowledge_version=knowledge.version,
            command=command,
        ),
    }


def _after(result: NewResult, target: Path, progress: Callable[[str], None]) -> NewResult:
    """Run the steps; an optional one that fails does not stop the others."""
    outcomes: list[StepOutcome] = []
    proof: VerifyResult | None = None
    options = result.plan.selection.options
    for step in result.plan.steps:
        progress(step.title)
        match step.id:
            case "install":
                outcomes.append(steps.install(step, target, str(options["python_version"])))
            case "git":
                message = f"Start {options['project_name']} from frameworkpick {__version__}"
                outcomes.append(steps.commit(step, target, message))
            case "verify":
                proof, outcome = _prove(step, target, progress)
                outcomes.append(outcome)
    return replace(result, outcomes=tuple(outcomes), proof=proof)


def _prove(
    step: Step, target: Path, progress: Callable[[str], None]
) -> tuple[VerifyResult, StepOutcome]:
    from frameworkpick.commands import verify  # noqa: PLC0415 (only with --verify)

    began = time.monotonic()
    proof = verify.run(verify.VerifyRequest(target), progress=progress)
    seconds = time.monotonic() - began
    if proof.ok:
        return proof, StepOutcome(step, "done", "", "", seconds)
    return proof, StepOutcome(
        step, "failed", "At least one probe failed.", "frameworkpick verify", seconds
    )
