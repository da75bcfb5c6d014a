"""``add`` and ``remove``: answer one option anew, and merge the difference."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from frameworkpick import project, template
from frameworkpick.commands import team_preset
from frameworkpick.commands.change import Aim, at_work, bring, unmerged
from frameworkpick.core import option_answers
from frameworkpick.core.plain_text import did_you_mean
from frameworkpick.errors import InputError
from frameworkpick.scratch import temporary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from frameworkpick.core.results.merged import MergeResult
    from frameworkpick.core.selection import Question

#: What says who and where the project is: these files are everywhere, and are not a feature.
_FIXED = {"project_name", "package_name"}


@dataclass(frozen=True, slots=True)
class FeatureRequest:
    """What a person asked for."""

    feature: str  #: An option, or ``option=value``.
    directory: Path  #: The project.
    remove: bool = False  #: Take it away instead.
    template_url: str | None = None  #: Address of the template, if it is a team's own.
    dry_run: bool = False  #: Only say what would change.
    preset: str | None = None  #: What a team decided: a built-in name, a path, or git+URL@REF.


def run(
    request: FeatureRequest,
    *,
    progress: Callable[[str], None] = lambda _: None,
    note: Callable[[str], None] = lambda _: None,
) -> MergeResult:
    """Turn an option of a project on or off, at the template's version it has.

    Raises:
        FrameworkpickError: The project cannot be changed; nothing is.
        InputError: There is no such option or value, or a preset forbids it.
    """
    project.check_project(request.directory)
    preset = team_preset.chosen(request.preset, request.directory, note)
    with (
        at_work(request.directory) as (place, undone),
        temporary() as made,
    ):
        recorded = project.read_recorded(place.folder)
        choice = template.wanted(request.template_url, None, preset)
        named = [choice.url] if choice else []
        used = template.Templates(made).of(recorded, named)
        used.check_project(recorded)
        option, value = _meant(request, used.questions())
        how = f"`{'remove' if request.remove else 'add'} {request.feature}`"
        team_preset.refuse(preset, {option: (value, how)})
        if recorded.answers.get(option) == value:
            same = unmerged(place, recorded.version, recorded.version)
            return replace(same, interrupted=undone is not None)
        verb = "Remove" if request.remove else "Add"
        shown = str(value).lower() if isinstance(value, bool) else value
        message = (
            f"{verb} {request.feature}\n\n"
            f"{option} = {shown}, from {recorded.address} {recorded.version}.\n"
        )
        aim = Aim({option: value}, message, request.dry_run)
        result = bring(place, template.Ends(recorded, used, used), aim, progress)
        return replace(result, interrupted=undone is not None)


def _meant(request: FeatureRequest, questions: Sequence[Question]) -> tuple[str, object]:
    """Find the option that a feature names, and its new value."""
    name, equals, text = request.feature.partition("=")
    fixed = _FIXED | {"framework"}
    options = {question.id: question for question in questions if question.id not in fixed}
    question = options.get(name)
    if question is None:
        near = did_you_mean(name, options)
        raise InputError(
            [f"There is no feature {name!r}.{near}"], f"There are {', '.join(options)}."
        )
    if equals and not request.remove:
        value = option_answers.value_of(question, text)
    elif question.kind == "flag":
        value = not request.remove
    elif request.remove and "none" in {choice.value for choice in question.choices}:
        value = "none"
    else:
        allowed = [choice.value for choice in question.choices] or ["VALUE"]
        ways = " or ".join(f"`frameworkpick add {name}={value}`" for value in allowed)
        raise InputError([f"{name} needs a value."], f"Say which: {ways}.")
    if problem := option_answers.problem_of(question, value):
        raise InputError([problem], "Nothing was changed.")
    return name, value
