"""The only door to Copier: reads a template's questionnaire and renders a project into a folder."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frameworkpick.core.paths import fault_of
from frameworkpick.core.plain_text import one_line
from frameworkpick.core.versions import ADDRESS
from frameworkpick.errors import AnswerError, RenderError
from frameworkpick.scratch import stays_inside

from .limits import limited
from .places import place_of
from .questionnaire import load_questions, read_questionnaire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["ANSWERS_FILE", "load_questions", "render"]

#: Copier's record in the generated project.
ANSWERS_FILE = ".copier-answers.yml"

#: Keys of a questionnaire that let the template run code of its own, and what they are.
_CODE = {"_tasks": "tasks", "_migrations": "migrations", "_jinja_extensions": "Jinja extensions"}
#: Copier's filters that look at the machine instead of the answers.
_NOSY_FILTERS = ("expandvars", "expanduser", "fileglob", "realpath", "relpath")
#: What Copier says of an answer, which is all that tells it from a broken template.
_ANSWER = re.compile(
    r"""Question "(?P<open>\w+)" is required"""
    r"""|(?:Validation error for question|Invalid choice for) '(?P<name>\w+)': (?P<why>.*)""",
    re.DOTALL,
)
_SOURCE_LINE = re.compile(r"^_(?:commit|src_path):.*\n(?:[ \t]+.*\n)*", re.MULTILINE)


def render(
    template: Path,
    data: Mapping[str, str | bool],
    destination: Path,
    *,
    version: str,
    address: str = ADDRESS,
    commit: str = "",
) -> tuple[str, ...]:
    """Render a template into a folder that does not exist yet.

    No network, no settings of the person's own Copier, and no code of the template's: a merge
    renders old versions too, twice, and could not take back what they did. The record the project
    keeps names the address and the version in place of this machine's path.

    Args:
        template: Folder that holds ``copier.yml``.
        data: An answer to every question.
        destination: Folder to create.
        version: The template's version, as recorded for later updates.
        address: Where the template comes from, as recorded for later updates.
        commit: What the version names, as recorded to notice a tag that moves; if it is known.

    Returns:
        The files that belong to the project once they are there: the template's own
        ``_skip_if_exists``.

    Raises:
        AnswerError: The template refused an answer, or wants one that is missing.
        RenderError: The template is broken, wants to run something, or wrote where it must not;
            the folder may be half-written.
    """
    import copier  # noqa: PLC0415 (takes most of a second)
    from plumbum import local  # noqa: PLC0415 (comes with copier)

    questionnaire = read_questionnaire(template)
    _refuse_code(questionnaire, address)
    once: tuple[str, ...] = ()
    try:
        # Copier asks git about the executable bit, once a file; a new folder has no index.
        with local.env(PATH=""), _answers_only(), _compiled_once(), limited():
            worker = copier.run_copy(
                str(template),
                destination,
                data=dict(data),
                defaults=True,
                quiet=True,
                settings=copier.Settings(),
                exclude=[".git"],
            )
            if questionnaire.get("_skip_if_exists"):
                once = tuple(each for each in _files(destination) if worker.match_skip(Path(each)))
    except Exception as error:  # copier lets jinja2's, plumbum's and plain ValueErrors through
        raise _told(error, template) from error
    _check_written(destination)
    source = {"_commit": version, "_commit_hash": commit, "_src_path": address}
    _record_source(destination / ANSWERS_FILE, {k: v for k, v in source.items() if v})
    return once


def _told(error: Exception, template: Path) -> RenderError:
    """Say what was wrong, and where in the template."""
    if found := _ANSWER.match(str(error)):
        return _refused_answer(found)
    place = place_of(error, template)
    at = f" in {place}" if place else ""
    if isinstance(error, RenderError):
        return RenderError(f"{error.message.rstrip('.')}{at}.", error.hint)
    return RenderError(
        f"The template could not be rendered{at}: {one_line(str(error)) or type(error).__name__}",
        "If the template is yours, correct it; otherwise please report this.",
    )


def _refused_answer(found: re.Match[str]) -> AnswerError:
    """Say which answer Copier did not take."""
    if question := found["open"]:
        told = f"The template wants to know {question}, which has no default."
        return AnswerError(told, "Answer it.", question=question, missing=True)
    why = one_line(found["why"]).rstrip(".")
    told = f"The template does not take the answer to {found['name']}: {why}."
    return AnswerError(told, "Answer it anew.", question=found["name"], missing=False)


def _refuse_code(questionnaire: Mapping[str, Any], address: str) -> None:
    wanted = [
        f"{kind} ({_listed(value)})"
        for key, kind in _CODE.items()
        if (value := questionnaire.get(key))
    ]
    if wanted:
        raise RenderError(
            f"The template {address} wants to run code of its own: {', '.join(wanted)}.",
            "Take that out of the template: it is not rendered otherwise. Nothing was run.",
        )


def _listed(value: object) -> str:
    """Show what would run, on one line and not endlessly."""
    each = value if isinstance(value, list) else [value]
    shown = ", ".join(
        str(one.get("command", one) if isinstance(one, dict) else one) for one in each
    )
    plain = one_line(shown)
    return plain if len(plain) <= 200 else f"{plain[:199]}\u2026"  # noqa: PLR2004 (said above)


@contextmanager
def _answers_only() -> Iterator[None]:
    """Take away the filters that read the environment or the file system."""
    import jinja2_ansible_filters.core_filters as theirs  # type: ignore[import-untyped] # noqa: PLC0415 (comes with copier)

    every = theirs.FilterModule.filters
    theirs.FilterModule.filters = lambda module: {
        name: each for name, each in every(module).items() if name not in _NOSY_FILTERS
    }
    try:
        yield
    finally:
        theirs.FilterModule.filters = every


@contextmanager
def _compiled_once() -> Iterator[None]:
    """Keep what texts compile to: Copier compiles a folder's name anew for each file in it."""
    from jinja2 import Environment, Template  # noqa: PLC0415 (comes with copier)

    anew = Environment.from_string
    compiled: dict[tuple[Environment, str], Template] = {}

    def from_string(environment: Environment, source: str, *more: Any, **named: Any) -> Template:
        if more or named:  # not as Copier calls it
            return anew(environment, source, *more, **named)
        key = environment, source
        if key not in compiled:
            compiled[key] = anew(environment, source)
        return compiled[key]

    Environment.from_string = from_string  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        Environment.from_string = anew  # type: ignore[method-assign]


def _files(destination: Path) -> Iterator[str]:
    """Yield what was rendered, but for the record: it says what the project is now."""
    for path in sorted(destination.rglob("*")):
        name = path.relative_to(destination).as_posix()
        if name != ANSWERS_FILE and (path.is_symlink() or path.is_file()):
            yield name


def _check_written(destination: Path) -> None:
    """Refuse what was rendered when a name or a link in it reaches out of the project."""
    for folder, folders, files in os.walk(destination):
        for path in (Path(folder, name) for name in (*folders, *files)):
            inside = path.relative_to(destination).as_posix()
            fault = fault_of(inside)
            if fault is None and path.is_symlink() and not stays_inside(path, destination):
                fault = "is a link that leads out of the folder, or to itself"
            if fault:
                raise RenderError(
                    f"The template is refused: it writes {inside!r}, which {fault}.",
                    "Have its owner correct it; nothing of it was kept.",
                )


def _record_source(path: Path, origin: Mapping[str, str]) -> None:
    """Name the portable address and version, where Copier wrote the path of this machine."""
    import yaml  # noqa: PLC0415 (only generating needs it)

    if path.is_symlink() or not path.is_file():
        raise RenderError(
            f"The template keeps no answers: it has to write {ANSWERS_FILE}.",
            "Without them no later version can be merged; see docs/guides/fork-the-templates.md.",
        )
    head, _, rest = path.read_text(encoding="utf-8").partition("\n")
    body = _SOURCE_LINE.sub("", rest)
    source = yaml.safe_dump(dict(origin), width=10_000, allow_unicode=True)
    path.write_text(f"{head}\n{source}{body}", encoding="utf-8", newline="\n")
