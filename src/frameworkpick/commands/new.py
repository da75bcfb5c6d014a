"""``frameworkpick new``: ask, recommend, confirm or override, generate."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from frameworkpick import __version__, catalog, presets, process, project, template
from frameworkpick.commands import intake, post_steps, team_preset
from frameworkpick.commands.intake import NewRequest
from frameworkpick.commands.interview import Asker, Interview
from frameworkpick.commands.new_folder import Staging, check_target
from frameworkpick.core import option_answers, plan, selection
from frameworkpick.core.decision import decide
from frameworkpick.core.decision.answers import spelled
from frameworkpick.core.plan import Plan
from frameworkpick.core.project_file import project_record
from frameworkpick.core.results.made import NewResult
from frameworkpick.errors import AnswerError, InputError
from frameworkpick.report.record import decision_record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from frameworkpick.commands.interview import Draft
    from frameworkpick.core.decision.answers import Situation
    from frameworkpick.core.decision.knowledge import Knowledge
    from frameworkpick.core.preset import Preset
    from frameworkpick.template import Template

__all__ = ["Asker", "NewRequest", "NewResult", "run"]


def run(
    request: NewRequest,
    *,
    asker: Asker | None = None,
    progress: Callable[[str], None] = lambda _: None,
    note: Callable[[str], None] = lambda _: None,
) -> NewResult:
    """Generate a project.

    Args:
        request: What was asked for.
        asker: The questions to a person; without one nothing is asked.
        progress: Called with a sentence when something long begins.
        note: Called with a sentence that a person should know, on a preset or a template.

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
            knowledge = used.knowledge(note)
            result, target = _written(
                request, used, knowledge, (preset, problems), asker, progress, ending
            )
        if request.dry_run:
            return result
        finished = post_steps.finish(
            result.plan.steps,
            target,
            result.plan.selection.options,
            template_url=result.template_url,
            ending=ending,
            progress=progress,
        )
    return replace(
        result,
        outcomes=finished.outcomes,
        proof=finished.proof,
        cancelled=finished.cancelled,
    )


def _written(
    request: NewRequest,
    used: Template,
    knowledge: Knowledge,
    house: tuple[Preset | None, Sequence[str]],
    asker: Asker | None,
    progress: Callable[[str], None],
    ending: process.Ending,
) -> tuple[NewResult, Path]:
    """Ask what is open and put the project in its place, unless this is a dry run."""
    questions = used.questions(template.NEEDED)
    preset, wrong = house
    more, wrong_too = option_answers.parse_options(request.more_options, questions)
    request = replace(request, options={**more, **request.options})
    given = intake.gather(
        request,
        knowledge,
        questions,
        can_ask=asker is not None,
        preset=preset,
        problems=(*wrong, *wrong_too),
    )
    if request.name is not None:
        check_target(request.parent / request.name)
    planned = plan.plan_steps(install=request.install, git=request.git, verify=request.verify)
    draft = Interview(request, given, knowledge, questions, planned, asker).hold()
    said, chosen, target = draft.decision.said, draft.chosen, draft.target
    command = plan.reproducing_command(
        target.name,
        chosen,
        said,
        date=given.date,
        flags=catalog.option_flags(),
        preset=(preset.layers[-1].built_in or None) if preset else None,
        template=(used.address, used.version) if used.named else None,
    )
    if request.save_answers:
        _save(request.save_answers, said, chosen)
    began = time.monotonic()
    progress(f"{'Planning' if request.dry_run else 'Writing'} {target}")
    with Staging(target) as staging:
        _render(used, chosen.options, staging.folder)
        staging.write_texts(_records(draft, given.date, command))
        staging.write_secret_env()
        files = staging.files()
        if not request.dry_run:
            ending.note()  # from here on the project is whole, and what is missing is said
            staging.commit()
    framework = knowledge.framework(chosen.framework)
    return NewResult(
        plan=Plan(str(target), chosen, files, planned),
        decision=draft.decision,
        command=command,
        written=not request.dry_run,
        seconds=round(time.monotonic() - began, 3),
        serve=framework.serve.command if framework else (),
        template_url=used.address if used.named else None,
    ), target


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
