"""The one value for a template, and how a person names one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Self, cast

from frameworkpick import catalog, history, project, render
from frameworkpick.core.plain_text import one_line
from frameworkpick.core.preset import TemplateChoice
from frameworkpick.core.versions import free_version
from frameworkpick.errors import FrameworkpickError, RenderError
from frameworkpick.scratch import temporary

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from frameworkpick.core.decision.knowledge import Knowledge
    from frameworkpick.core.preset import Preset
    from frameworkpick.core.selection import Question
    from frameworkpick.project import Recorded

    Note = Callable[[str], None]

#: What every verb needs to know of a project, and so a template that makes one has to ask.
NEEDED = ("framework", "project_name", "package_name")


class Files:
    """The versions of a repository, each written to a scratch folder once."""

    def __init__(self, source: history.Source, scratch: Path) -> None:
        self.source = source
        self._scratch = scratch
        self._trees: dict[tuple[str, str], Path] = {}

    def tree(self, version: str, commit: str) -> Path:
        """Write a version, as it was at a commit if that is here."""
        key = version, commit if self.source.holds(commit) else ""
        if key not in self._trees:
            into = self._scratch / f"tree-{len(self._trees)}"
            self._trees[key] = self.source.tree(version, into, key[1])
        return self._trees[key]


class Template:
    """A template at one version.

    Attributes:
        address: Where it comes from, as a project keeps it.
        version: As a project keeps it; empty for what lies in this installation.
        commit: What that names, to be noted down; empty for what is the same everywhere.
    """

    def __init__(
        self,
        files: Files | None = None,
        address: str = history.ADDRESS,
        version: str = "",
        commit: str = "",
    ) -> None:
        self.address, self.version, self.commit = address, version, commit
        self._files = files
        self._questions: tuple[Question, ...] | None = None

    def at(self, version: str, commit: str = "") -> Self:
        """Return the same template at another version, as it was at a commit if that is here."""
        return type(self)(self._files, self.address, version, commit)

    @property
    def named(self) -> bool:
        """Whether it is more than what lies in this installation: it has versions."""
        return self._files is not None

    @property
    def source(self) -> history.Source:
        """Its versions; only of one that has some."""
        assert self._files is not None  # noqa: S101 (who asks has opened a repository) # nosec B101
        return self._files.source

    @property
    def built_in(self) -> bool:
        """Whether its versions are those of frameworkpick: they stay what they are."""
        return self._files is None or history.is_built_in(self.source.address)

    @property
    def tree(self) -> Path:
        """The folder that holds its ``copier.yml``."""
        if self._files is None:
            return catalog.templates_root()
        return self._files.tree(self.version, self.commit)

    def commit_of(self, version: str) -> str:
        """Return the commit to note down for a version; empty where it stays what it is."""
        return "" if self.built_in else self.source.commit(version)

    def knowledge(self, note: Note = lambda _: None) -> Knowledge:
        """Read what is known of its frameworks.

        ``note`` is called with a sentence on what it leaves out.

        Raises:
            CatalogError: Something is missing or wrong; every fault is named.
        """
        if self._files is None:
            return catalog.load_knowledge()
        found = catalog.load_knowledge(self.tree, label=f"{self.address} {self.version}: ")
        for gap in found.gaps:
            note(gap)
        return found

    def questions(self, needed: Collection[str] = ()) -> tuple[Question, ...]:
        """Read its questionnaire.

        Raises:
            RenderError: It cannot be read, or does not ask that.
        """
        if self._questions is None:
            label = f"{self.address} {self.version}: "
            known = catalog.load_options(self.tree, label if self._files is not None else "")
            self._questions = render.load_questions(self.tree, known)
        asked = {question.id for question in self._questions}
        if missing := [name for name in needed if name not in asked]:
            raise RenderError(
                f"The template {self.address} {self.version} does not ask {', '.join(missing)}.",
                "Every verb needs to know that: add it to copier.yml, as the built-in one has it.",
            )
        return self._questions

    def render(self, answers: Mapping[str, object], destination: Path) -> tuple[str, ...]:
        """Render it; open questions take their defaults.

        Returns:
            The files that belong to the project once they are there.

        Raises:
            AnswerError: It refuses an answer, or wants one that is missing.
            RenderError: It cannot be rendered.
        """
        destination.parent.mkdir(parents=True, exist_ok=True)
        return render.render(
            self.tree, cast("Mapping[str, str | bool]", answers), destination,
            version=self.version or history.current_version(),
            address=self.address, commit=self.commit,
        )  # fmt: skip

    def tell_passed_over(self, note: Note) -> None:
        """Say which tags look like newer versions and are none: they may be meant to be used."""
        if self.built_in or not (tags := self.source.passed_over()):
            return
        latest = self.source.latest()
        advised = free_version(latest, self.source.versions())
        are = "is no version" if len(tags) == 1 else "are no versions"
        note(
            f"{', '.join(map(one_line, tags))} of the template {self.source.address} {are} as "
            f"PEP 440 writes them, and left out; {latest} is the newest. If it is meant to be "
            f"used, tag its commit with a version too, such as {advised}."
        )

    def check_project(self, recorded: Recorded, *, moving: bool = False) -> None:
        """Refuse a project whose version cannot be rendered again here.

        ``moving`` to another version needs one that stays what it is.

        Raises:
            FrameworkpickError: It was made from no release, or by a newer frameworkpick; or its
                record lacks an answer that has no default.
        """
        known = self.source.has(recorded.version)
        if self.built_in and not history.is_release(recorded.version) and (moving or not known):
            raise FrameworkpickError(
                f"The project was made from {recorded.version}, which was never released.",
                "Set _commit in .copier-answers.yml to the nearest release, compare, and commit "
                "that.",
            )
        if not known:
            raise self._unknown(recorded.version)
        asked = [question.id for question in self.questions() if question.required]
        if missing := [name for name in asked if name not in recorded.answers]:
            raise FrameworkpickError(
                f"{project.PROJECT_RECORD} does not say {' and '.join(missing)}.",
                f"Put it back; `git log -p {project.PROJECT_RECORD}` shows what it was.",
            )

    def _unknown(self, version: str) -> FrameworkpickError:
        versions = ", ".join(self.source.versions()) or "none"
        upgrade = "Upgrade frameworkpick; this one knows"
        if not self.built_in:
            upgrade = "Ask who keeps the template; it has"
        elif history.is_listed(version):
            upgrade = f"{history.INCOMPLETE}; this one knows"
        return FrameworkpickError(
            f"The project's version {version} of the template is not known here.",
            f"{upgrade} {versions}.",
        )


def wanted(
    url: str | None, version: str | None, preset: Preset | None = None
) -> TemplateChoice | None:
    """Return the template that a person chose.

    The preset's counts when no flag names another.

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


@contextmanager
def opened(choice: TemplateChoice | None, note: Note = lambda _: None) -> Iterator[Template]:
    """Open the chosen template; what is written of it is gone afterwards.

    ``note`` is called with a sentence when there may be a newer version.

    Raises:
        FrameworkpickError: It cannot be reached, has no such version, or is not safe to use.
        InputError: The address is none that is used here.
    """
    if choice is None:
        yield Template()
        return
    source = history.open_source(choice.url, allowed=True)
    version = source.spelled(choice.version or source.latest())
    with temporary() as made:
        template = Template(Files(source, made), source.address, version)
        if not choice.version:
            template.tell_passed_over(note)
        history.upgrades_of(template.tree)  # a broken one would only be met at the first update
        if source.stale:
            note(f"There may be newer versions of the template: {source.stale}")
        yield template.at(version, template.commit_of(version))
