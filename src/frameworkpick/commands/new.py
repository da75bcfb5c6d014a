"""``frameworkpick new``: ask, recommend, confirm or override, generate."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick import __version__, catalog, presets, process, project, steps, template
from frameworkpick.commands import intake, team_preset
from frameworkpick.commands.intake import NewRequest
from frameworkpick.commands.interview import Asker, Interview
from frameworkpick.core import option_answers, plan, selection
from frameworkpick.core.decision import decide
from frameworkpick.core.decision.answers import spelled
from frameworkpick.core.plan import Plan, PlannedFile, StepOutcome
from frameworkpick.core.project_file import project_record
from frameworkpick.core.results.made import NewResult
from frameworkpick.errors import AnswerError, FrameworkpickError, InputError, TargetError
from frameworkpick.report.record import decision_record
from frameworkpick.scratch import temporary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from frameworkpick.commands.intake import Given
    from frameworkpick.commands.interview import Draft
    from frameworkpick.core.decision.answers import Situation
    from frameworkpick.core.plan import Step
    from frameworkpick.core.results.proof import VerifyResult
    from frameworkpick.template import Template

__all__ = ["Asker", "NewRequest", "NewResult", "run"]

#: The line of ``.env.example`` that ``.env`` fills in.
_SECRET_LINE = "APP_SECRET_KEY="  # noqa: S105 (a setting's name) # nosec B105


def run(
    request: NewRequest,
    *,
    asker: Asker | None = None,
    progress: Callable[[str], None] = lambda _: None,
    note: Callable[[str], None] = lambda _: None,
) -> NewResult:
    """Generate a project.

    ``note`` is called with a sentence that a person should know, on a preset or a template.

    Raises:
        InputError: Answers, options or names are not valid; every problem is named.
        TargetError: The folder exists and is not empty.
        RenderError: The template is broken, or refuses an answer.
        FrameworkpickError: There is no framework to generate and none was named.
        Cancelled: A person stopped; nothing is left behind.
    """
    with process.tidy_end() as ending, process.no_survivors():
        preset, problems = team_preset.tried(request.preset, request.parent, note)
        choice = template.wanted(request.template_url, request.template_version, preset)
        if choice is not None:
            note(f"The template is {choice.url}.")  # a spinner would go on while one is asked
        with template.opened(choice, note) as used:
            knowledge, questions = used.knowledge(note), used.questions(template.NEEDED)
            more, wrong = option_answers.parse_options(request.more_options, questions)
            request = replace(request, options={**more, **request.options})
            given = intake.gather(
                request,
                knowledge,
                questions,
                can_ask=asker is not None,
                preset=preset,
                problems=(*problems, *wrong),
            )
            if request.name is not None:
                intake.check_target(request.parent / request.name)
            planned = plan.plan_steps(
                install=request.install, git=request.git, verify=request.verify
            )
            draft = Interview(request, given, knowledge, questions, planned, asker).hold()
            result = _written(request, used, draft, given, ending, progress)
        return result if request.dry_run else _finished(result, ending, progress)


def _written(
    request: NewRequest,
    used: Template,
    draft: Draft,
    given: Given,
    ending: process.Ending,
    progress: Callable[[str], None],
) -> NewResult:
    """Put the project in its place, unless this is a dry run."""
    said, chosen, target = draft.decision.said, draft.chosen, draft.target
    command = plan.reproducing_command(
        target.name,
        chosen,
        said,
        date=given.date,
        flags=catalog.option_flags(),
        preset=(given.preset.layers[-1].built_in or None) if given.preset else None,
        template=(used.address, used.version) if used.named else None,
    )
    if request.save_answers:
        _save(request.save_answers, said, chosen)
    began = time.monotonic()
    progress(f"{'Planning' if request.dry_run else 'Writing'} {target}")
    with staged(target) as staging:
        _render(used, chosen.options, staging.folder)
        staging.write_texts(_records(draft, given.date, command))
        staging.write_secret_env()
        files = staging.files()
        if not request.dry_run:
            ending.note()  # from here on the project is whole, and what is missing is said
            staging.commit()
    framework = draft.decision.knowledge.framework(chosen.framework)
    return NewResult(
        plan=Plan(str(target), chosen, files, draft.steps),
        decision=draft.decision,
        command=command,
        written=not request.dry_run,
        seconds=round(time.monotonic() - began, 3),
        serve=framework.serve.command if framework else (),
        template_url=used.address if used.named else None,
    )


def _render(used: Template, options: Mapping[str, object], folder: Path) -> None:
    """Render the project; an option that is given and not asked is an error: nothing keeps it."""
    try:
        used.render(options, folder)
    except AnswerError as error:
        error.hint = f"Give --option {error.question}=VALUE; nothing was written."
        raise
    recorded = project.read_recorded(folder).answers
    if unasked := sorted(options.keys() - recorded.keys()):
        raise InputError(
            [f"With the other answers, {name} is not asked." for name in unasked],
            "Leave it away, or change the answer it depends on; nothing was written.",
        )


def _save(path: Path, said: Situation, chosen: selection.Selection) -> None:
    own = {"project_name", "framework"}
    content = presets.AnswersFile(
        answers=spelled(said.answers),
        use_case=said.use_case,
        weights=said.weights,
        options={name: value for name, value in chosen.options.items() if name not in own},
        framework=None if chosen.followed else chosen.framework,
        because=chosen.because,
    )
    presets.write_answers_file(path, content)


def _records(draft: Draft, date: str, command: str) -> dict[str, str]:
    """Write what no template holds, so that an update never empties it."""
    decision, chosen = draft.decision, draft.chosen
    redrawn = decide(decision.knowledge, decision.said, preset=decision.preset, redraw=True)
    return {
        "docs/adr/0001-web-framework.md": decision_record(
            redrawn, chosen=chosen.framework, because=chosen.because, date=date, kept=True
        ),
        ".frameworkpick.toml": project_record(
            decision,
            chosen=chosen.framework,
            because=chosen.because,
            options=chosen.options,
            date=date,
            tool_version=__version__,
            command=command,
        ),
    }


def _finished(
    made: NewResult, ending: process.Ending, progress: Callable[[str], None]
) -> NewResult:
    """Run the steps after writing; one that fails does not stop the others, a request to end does.

    The project is whole, whatever comes of them.
    """
    folder, options = Path(made.plan.target), made.plan.selection.options
    outcomes: list[StepOutcome] = []
    for step in made.plan.steps:
        if not ending.asked.is_set():
            progress(step.title)
        match step.id:
            case "install":
                python = str(options["python_version"])
                outcomes.append(steps.install(step, folder, python, ending.asked))
            case "git":
                message = f"Start {options['project_name']} from frameworkpick {__version__}"
                outcomes.append(steps.commit(step, folder, message, ending.asked))
            case "verify":
                proof, outcome = _prove(step, folder, made.template_url, ending, progress)
                made = replace(made, proof=proof)
                outcomes.append(outcome)
    missed = any(outcome.cancelled for outcome in outcomes)
    return replace(made, outcomes=tuple(outcomes), cancelled=ending.code if missed else 0)


def _prove(
    step: Step,
    folder: Path,
    template_url: str | None,
    ending: process.Ending,
    progress: Callable[[str], None],
) -> tuple[VerifyResult | None, StepOutcome]:
    from frameworkpick.commands import verify  # noqa: PLC0415 (only with --verify)

    command, began = "frameworkpick verify", time.monotonic()
    proof: VerifyResult | None = None
    detail = ""
    if not ending.asked.is_set():
        try:
            with ending.raised():
                request = verify.VerifyRequest(folder, template_url=template_url)
                proof = verify.run(request, progress=progress)
        except FrameworkpickError as error:
            detail = " ".join(filter(None, (error.message, error.hint)))
    seconds = time.monotonic() - began
    if proof and proof.ok:
        return proof, StepOutcome(step, "done", "", "", seconds)
    if proof:
        detail = "At least one probe failed."
    if not detail:
        return None, steps.cancelled(step, command, seconds)
    return proof, steps.undone(step, detail, command, seconds)


@contextmanager
def staged(target: Path) -> Iterator[Staging]:
    """Make a temporary folder beside the target, on the same file system: a rename moves it.

    Raises:
        TargetError: Nothing can be written there.
    """
    parent = target.parent
    made_parents: list[Path] = []
    with ExitStack() as ending:
        ending.callback(_remove, made_parents)
        try:
            with process.held_signals():  # a folder that nobody knows of yet could not be removed
                for folder in reversed([f for f in (parent, *parent.parents) if not f.exists()]):
                    folder.mkdir()
                    made_parents.append(folder)
                scratch = ending.enter_context(temporary(parent))
        except OSError as error:
            raise TargetError(
                f"Nothing can be written in {parent}: {error.strerror}.",
                "Choose another place with -o.",
            ) from error
        yield Staging(scratch / target.name, target, made_parents)


def _remove(made_parents: list[Path]) -> None:
    """Remove the folders that were made for a project which did not come."""
    with process.held_signals(), suppress(OSError):  # somebody put something into it meanwhile
        while made_parents:
            made_parents.pop().rmdir()


@dataclass(frozen=True, slots=True)
class Staging:
    """A project that is put together beside its place."""

    folder: Path  #: Where; made by what is first rendered into it.
    target: Path  #: Its place.
    made_parents: list[Path]  #: Folders that were made around that; they go if it does not come.

    def write_texts(self, texts: Mapping[str, str]) -> None:
        """Write UTF-8 files by their path in the project."""
        for name, text in texts.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")

    def write_secret_env(self) -> None:
        """Write ``.env`` from ``.env.example`` with a random secret, for its owner alone.

        One that the template brought stays as it is.
        """
        example, env_file = self.folder / ".env.example", self.folder / ".env"
        if os.path.lexists(env_file):
            if env_file.is_file() and not env_file.is_symlink():
                env_file.chmod(0o600)
            return
        if not example.is_file():
            return
        lines = example.read_text(encoding="utf-8").splitlines()
        filled = [
            f"{_SECRET_LINE}{secrets.token_urlsafe(48)}" if line == _SECRET_LINE else line
            for line in lines
        ]
        handle = os.open(env_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as env:
            env.write("\n".join(filled) + "\n")

    def files(self) -> tuple[PlannedFile, ...]:
        """List the files, in the order of their paths."""
        return tuple(
            PlannedFile(path.relative_to(self.folder).as_posix(), path.stat().st_size)
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        )

    def commit(self) -> None:
        """Move the project to its place in one step.

        Raises:
            TargetError: The place was taken meanwhile.
        """
        intake.check_target(self.target)
        with process.held_signals():
            if (repository := self.target / ".git").exists():
                repository.rename(self.folder / ".git")
            try:
                self.folder.rename(self.target)
            except OSError as error:
                if (moved := self.folder / ".git").exists():
                    moved.rename(repository)
                raise TargetError(
                    f"The project could not be moved to {self.target}: {error.strerror}.",
                    "Choose another name, or another place with -o; nothing was changed.",
                ) from error
        self.made_parents.clear()
