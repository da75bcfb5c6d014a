"""What a run will do: the files of the project and the steps after them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from frameworkpick.core.decision.answers import Origin, spelled

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from frameworkpick.core.decision.answers import Situation
    from frameworkpick.core.selection import Selection


#: Words of the shortest command that makes a project: ``frameworkpick new NAME``.
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file of the project."""

    path: str  #: Relative to the project, with forward slashes.
    size: int  #: Bytes.


@dataclass(frozen=True, slots=True)
class Step:
    """Something done after the project is written."""

    #: Which step.
    id: Annotated[Literal["install", "git", "verify"], {"type": "string"}]
    title: str  #: As a person reads it.
    required: bool  #: Asked for by name: its failure is an exit code, not a remark.


#: How a step ended; ``not_done`` was optional and is left to the person.
StepStatus = Literal["done", "not_done", "failed"]


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """How a step ended."""

    JSON: ClassVar = ("id=step.id", "status", "detail", "command", "seconds=rounded")

    step: Step  #: The step.
    status: StepStatus  #: What became of it.
    detail: str  #: Why, when not done; else what to know of it.
    command: str  #: What to run in the project to do it by hand; empty when done.
    seconds: float = 0.0  #: Wall-clock duration.
    cancelled: bool = False  #: Whether a request to end kept it from being done.

    @property
    def rounded(self) -> float:
        """The duration to a thousandth of a second."""
        return round(self.seconds, 3)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a run of ``new`` will do."""

    JSON: ClassVar = (
        "target", "framework=selection.framework", "followed=selection.followed",
        "because=selection.because", "options=selection.options", "notes=selection.notes", "files",
    )  # fmt: skip

    target: Annotated[str, "The project's folder."]
    selection: Selection  #: Framework and options.
    files: tuple[PlannedFile, ...]  #: In the order of their paths.
    steps: tuple[Step, ...]  #: In the order they run.

    @property
    def planned(self) -> tuple[str, ...]:
        """Ids of the steps."""
        return tuple(step.id for step in self.steps)


def plan_steps(*, install: bool | None, git: bool | None, verify: bool) -> tuple[Step, ...]:
    """Decide the steps after rendering.

    Args:
        install: ``None`` is the default: do it, and only remark when it is not possible.
        git: The same for the first commit.
        verify: Prove the project by running it.
    """
    steps: list[Step] = []
    if install is not False:
        steps.append(Step("install", "Lock and install the dependencies", required=install is True))
    if git is not False:
        steps.append(
            Step("git", "Create the repository and the first commit", required=git is True)
        )
    if verify:
        steps.append(Step("verify", "Prove the project by running it", required=True))
    return tuple(steps)


def reproducing_command(
    name: str,
    chosen: Selection,
    said: Situation,
    *,
    date: str,
    flags: Mapping[str, str],
    template: tuple[str, str] | None = None,
    preset: str | None = None,
) -> str:
    """Write the command that generates the same project again, secrets aside.

    Args:
        name: The project's name.
        chosen: The framework that was generated, and the options of the questionnaire.
        said: The answers, the use case and the weights.
        date: The recorded date, ``YYYY-MM-DD``.
        flags: The flag of each option that has one.
        template: Address and version of the templates; ``None`` for those of the installation.
        preset: Name of a preset that every installation has; a file might be gone by then. It gives
            its answers itself.
    """
    from shlex import quote  # noqa: PLC0415 (needed once, at the end of a run)

    words = ["frameworkpick", "new", name, "--yes", "--framework", chosen.framework]
    if template:
        words += ["--template-url", template[0], "--template-version", template[1]]
    if preset:
        words += ["--preset", preset]
    if chosen.because:
        words += ["--because", chosen.because]
    if said.use_case:
        words += ["--use-case", said.use_case]
    answers = spelled(said.answers, without=Origin.PRESET if preset else None)
    for criterion, value in sorted(answers.items()):
        words += ["-a", f"{criterion}={value}"]
    for criterion, factor in sorted(said.weights.items()):
        words += ["--weight", f"{criterion}={factor:g}"]
    for option, standing in chosen.options.items():
        if option not in {"project_name", "framework"}:
            words += flag_words(option, standing, flags)
    words += ["--date", date]
    return " ".join(quote(word) for word in words)


def followed_command(
    command: str,
    changed: Mapping[str, object],
    *,
    flags: Mapping[str, str],
    gone: Collection[str] = (),
    template: tuple[str, str],
    switched: bool = False,
) -> str:
    """Rewrite a recorded command, so that it generates what the project is after an update.

    Args:
        command: What the project keeps; one that is no ``frameworkpick new`` stays as it is.
        changed: The options that have another value now, or are new.
        flags: The flag of each option that has one.
        gone: The options that are not asked any more.
        template: Address and version of the template.
        switched: Whether the project followed another template before.
    """
    from shlex import join, split  # noqa: PLC0415 (needed once, at the end of a run)

    try:
        words = split(command)
    except ValueError:
        return command
    if words[:2] != ["frameworkpick", "new"] or len(words) < _SHORTEST:
        return command
    for option in (*changed, *gone):
        value = changed.get(option)
        if option == "project_name":
            words[2] = str(value)
        elif option == "framework":
            words = _replaced(words, "--framework", str(value))
        elif value is None or isinstance(value, str | bool | int | float):
            words = _reanswered(words, option, value, flags)
    if switched or "--template-url" in words:
        words = _replaced(words, "--template-url", template[0])
        words = _replaced(words, "--template-version", template[1])
    return join(words)


def _replaced(words: list[str], flag: str, value: str) -> list[str]:
    """Give a flag another value; add it before the date where it is missing."""
    if flag in words[:-1]:
        at = words.index(flag)
        return [*words[:at], flag, value, *words[at + 2 :]]
    at = words.index("--date") if "--date" in words else len(words)
    return [*words[:at], flag, value, *words[at:]]


def _reanswered(
    words: list[str], option: str, value: object, flags: Mapping[str, str]
) -> list[str]:
    """Spell an option anew, where it stood; ``None`` takes it away."""
    flag = flags.get(option)
    own = (f"--{flag}", f"--no-{flag}") if flag else ()
    spelled = enumerate(pairwise([*words, ""]))
    at = next(
        (
            n
            for n, (word, then) in spelled
            if word in own or (word == "--option" and then.startswith(f"{option}="))
        ),
        None,
    )
    plain = value if isinstance(value, str | bool) else str(value)
    new = [] if value is None else flag_words(option, plain, flags)
    if at is None:
        at = words.index("--date") if "--date" in words else len(words)
        return [*words[:at], *new, *words[at:]]
    takes = at + 1 < len(words) and not words[at + 1].startswith("-")
    return [*words[:at], *new, *words[at + 1 + takes :]]


def flag_words(
    option: str,
    value: str | bool,  # noqa: FBT001 (the value itself)
    flags: Mapping[str, str],
) -> list[str]:
    """Spell an option as the command line does; a team's own has no flag of its own."""
    flag = flags.get(option)
    if flag is None:
        text = value if isinstance(value, str) else str(value).lower()
        return ["--option", f"{option}={text}"]
    if isinstance(value, str):
        return [f"--{flag}", value]
    return [f"--{flag}" if value else f"--no-{flag}"]
