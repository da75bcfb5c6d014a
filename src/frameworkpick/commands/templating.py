"""The template that a run uses: this installation's, or one that a person or their preset names."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from frameworkpick import catalog, history, project, render
from frameworkpick.commands import retemplating
from frameworkpick.core.plain_text import one_line
from frameworkpick.core.preset import TemplateChoice
from frameworkpick.core.template import free_version
from frameworkpick.errors import AnswerError, InputError, RenderError
from frameworkpick.scratch import temporary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from frameworkpick.core.knowledge import Knowledge
    from frameworkpick.core.preset import Preset
    from frameworkpick.core.selection import Question

#: What every verb needs to know of a project, and so every template has to ask.
NEEDED = ("framework", "project_name", "package_name")


#: Those of them that have a word of their own.
_OWN_WORD = {"framework": "use --framework", "project_name": "it is the NAME"}


@dataclass(frozen=True, slots=True)
class Opened:
    """One version of a template, ready to be rendered."""

    tree: Path  #: The folder that holds ``copier.yml``.
    address: str  #: As a project keeps it.
    version: str = ""  #: As a project keeps it; empty for what lies in this installation.
    commit: str = ""  #: What that names; empty for what is the same everywhere.
    named: bool = False  #: Whether somebody chose it.
    note: Callable[[str], None] = lambda _: None  #: Told what a person should know.

    def knowledge(self) -> Knowledge:
        """Read what is known of its frameworks.

        Raises:
            CatalogError: Something is missing or wrong; every fault is named.
        """
        if not self.named:
            return catalog.load_knowledge()
        found = catalog.load_knowledge(self.tree, label=f"{self.address} {self.version}: ")
        for gap in found.gaps:
            self.note(gap)
        return found

    def questions(self) -> tuple[Question, ...]:
        """Read its questionnaire.

        Raises:
            RenderError: It cannot be read, or does not ask what every verb needs to know.
        """
        found = render.load_questions(self.tree)
        missing = [name for name in NEEDED if name not in {question.id for question in found}]
        if missing:
            raise RenderError(
                f"The template {self.address} {self.version} does not ask {', '.join(missing)}.",
                "Every verb needs to know that: add it to copier.yml, as the built-in one has it.",
            )
        return found

    def render(self, options: Mapping[str, str | bool], destination: Path) -> None:
        """Render it; an option that is given and not asked is an error, for nothing keeps it.

        Raises:
            RenderError: It cannot be rendered.
            InputError: With the other answers, an option is not asked.
        """
        version = self.version or history.current_version()
        try:
            render.render(
                self.tree, options, destination,
                version=version, address=self.address, commit=self.commit,
            )  # fmt: skip
        except AnswerError as error:
            error.hint = f"Give --option {error.question}=VALUE; nothing was written."
            raise
        recorded = project.read_recorded(destination).answers
        if unasked := sorted(options.keys() - recorded.keys()):
            raise InputError(
                [f"With the other answers, {name} is not asked." for name in unasked],
                "Leave it away, or change the answer it depends on; nothing was written.",
            )


def wanted(
    url: str | None, version: str | None, preset: Preset | None = None
) -> TemplateChoice | None:
    """Return the template that a person chose.

    Args:
        url: What ``--template-url`` says; it wins.
        version: What ``--template-version`` says.
        preset: The preset, whose template counts when no flag names another.

    Raises:
        InputError: Its address is none that is used here, or holds a secret.
    """
    chosen = preset.template if preset else None
    if url is not None:
        return _checked(TemplateChoice(url, version, "--template-url"))
    if version is not None:
        address = chosen.url if chosen else history.ADDRESS
        return _checked(TemplateChoice(address, version, "--template-version"))
    return _checked(chosen) if chosen else None


def all_wanted(urls: Sequence[str], preset: Preset | None = None) -> tuple[TemplateChoice, ...]:
    """Return the templates that a person chose, where several can be named."""
    if urls:
        return tuple(_checked(TemplateChoice(url, None, "--template-url")) for url in urls)
    return (_checked(preset.template),) if preset and preset.template else ()


def _checked(choice: TemplateChoice) -> TemplateChoice:
    """Refuse an address before anything is said or kept of it."""
    if not history.is_built_in(choice.url):
        history.read_address(choice.url)
    return choice


def options(
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
        read = retemplating.parse_answers(rest, questions)
    except InputError as error:
        return {}, (*wrong, *error.problems)
    plain = {
        name: value if isinstance(value, str | bool) else str(value) for name, value in read.items()
    }
    return plain, tuple(wrong)


@contextmanager
def opened(
    choice: TemplateChoice | None, note: Callable[[str], None] = lambda _: None
) -> Iterator[Opened]:
    """Write the chosen version of a template to a folder that is gone afterwards.

    Args:
        choice: What :func:`wanted` returned; ``None`` is what lies in this installation.
        note: Called with a sentence when there may be a newer version.

    Raises:
        FrameworkpickError: It cannot be reached, has no such version, or is not safe to use.
        InputError: The address is none that is used here.
    """
    if choice is None:
        yield Opened(catalog.templates_root(), history.ADDRESS)
        return
    source = history.open_source(choice.url, allowed=True)
    version = source.spelled(choice.version or source.latest())
    if not choice.version:
        tell_passed_over(source, note)
    with temporary() as made:
        tree = source.tree(version, made / "template")
        history.upgrades_of(tree)  # a broken one would only be met at the first update
        if source.stale:
            note(f"There may be newer versions of the template: {source.stale}")
        commit = "" if history.is_built_in(source.address) else source.commit(version)
        yield Opened(tree, source.address, version, commit, named=True, note=note)


def tell_passed_over(source: history.Source, note: Callable[[str], None]) -> None:
    """Say which tags look like newer versions and are none: they may be meant to be used."""
    if history.is_built_in(source.address) or not (tags := source.passed_over()):
        return
    latest = source.latest()
    advised = free_version(latest, source.versions())
    are = "is no version" if len(tags) == 1 else "are no versions"
    note(
        f"{', '.join(map(one_line, tags))} of the template {source.address} {are} as PEP 440 "
        f"writes them, and left out; {latest} is the newest. If it is meant to be used, tag its "
        f"commit with a version too, such as {advised}."
    )
