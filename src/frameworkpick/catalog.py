"""The only reader of the knowledge files; checks them whole and lists every fault at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frameworkpick.core.answers import UNKNOWN
from frameworkpick.core.knowledge import (
    Alternative,
    Criterion,
    Framework,
    Interaction,
    Knowledge,
    Option,
    Serve,
    Source,
    Verdict,
)
from frameworkpick.core.recommendation import CONFLICT, NEITHER
from frameworkpick.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from frameworkpick.core.knowledge import Condition

_PACKAGE = Path(__file__).parent
_CRITERIA = _PACKAGE / "data" / "criteria.toml"
_HINT = "docs/concepts/scoring.md explains the form of the knowledge files."
_KINDS = ("points", "cap", "advice")
_MOST_POINTS = 4
_VERDICT_KEYS = {"score", "because", "source", "veto"}


def templates_root() -> Path:
    """Return the folder of the templates: the packaged one if it exists, else the checkout's."""
    packaged = _PACKAGE / "templates"
    return packaged if packaged.is_dir() else _PACKAGE.parents[1] / "templates"


def load_knowledge(root: Path | None = None, criteria: Path = _CRITERIA) -> Knowledge:
    """Read the questions and every framework's verdicts.

    Args:
        root: The folder of the templates; every folder in it with a ``framework.toml`` is a framework.
        criteria: The file with the questions.

    Raises:
        CatalogError: Something is missing or wrong; the message lists every fault.
    """
    root = root or templates_root()
    questions = _Questions(criteria)
    frameworks = [
        _FrameworkFile(path, f"{root.name}/{path.parent.name}/{path.name}", questions)
        for path in sorted(root.glob("*/framework.toml"))
    ]
    faults = [fault for file in (questions, *frameworks) for fault in file.faults]
    if not frameworks:
        faults.append(f"{root} holds no framework: none of its folders has a framework.toml.")
    if faults:
        raise CatalogError("\n".join(faults), _HINT)
    return Knowledge(
        version=questions.data["version"],
        lean_from=questions.data["lean_from"],
        clear_from=questions.data["clear_from"],
        tie_break=questions.tie_break,
        criteria=tuple(questions.criteria.values()),
        interactions=tuple(questions.interactions.values()),
        frameworks=tuple(sorted((file.framework for file in frameworks), key=lambda f: f.rank)),
    )


class _File:
    """One TOML file, and what is wrong with it."""

    def __init__(self, path: Path, label: str) -> None:
        import tomllib  # noqa: PLC0415 (not paid for by `--help`)

        self.label = label
        self.faults: list[str] = []
        try:
            self.data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            self.data = {}
            self.fault(f"cannot be read: {error}")

    def fault(self, what: str) -> None:
        """Note one thing that is wrong, as the rest of a sentence about the file."""
        self.faults.append(f"{self.label} {what.rstrip('.')}.")

    def table(self, *keys: str) -> Mapping[str, Any]:
        """Return the table at these keys; an empty one if there is none."""
        found: Any = self.data
        for key in keys:
            found = found.get(key, {}) if isinstance(found, dict) else {}
        return found if isinstance(found, dict) else {}

    def text(self, table: Mapping[str, Any], key: str, where: str) -> str:
        """Return a text that must be there and not be empty."""
        value = table.get(key)
        if isinstance(value, str) and value.strip():
            return value
        self.fault(f"has no text {key!r} in {where}")
        return ""

    def number(self, table: Mapping[str, Any], key: str, where: str) -> int:
        """Return a whole number that must be there."""
        value = table.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.fault(f"has no whole number {key!r} in {where}")
        return 0


class _Questions(_File):
    """The file with the questions."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, path.name)
        self.criteria = {name: self._criterion(name) for name in self.table("criterion")}
        self.interactions = {name: self._interaction(name) for name in self.table("interaction")}
        self.tie_break: Condition = tuple(
            condition
            for entry in self.data.get("tie_break", ())
            for condition in self._condition({entry.get("criterion"): entry.get("options")}, "tie_break")
        )
        self.text(self.data, "version", "the file")
        lean, clear = (self.number(self.data, key, "the file") for key in ("lean_from", "clear_from"))
        if not 0 < lean <= clear:
            self.fault("must say 0 < lean_from <= clear_from")
        for criterion, options in self.table("instead").items():
            for option in options:
                self._known(criterion, option, "instead")

    def _criterion(self, name: str) -> Criterion:
        where = f"criterion.{name}"
        table = self.table("criterion", name)
        options = tuple(self._option(name, option) for option in self.table("criterion", name, "options"))
        if not options:
            self.fault(f"has no options in {where}")
        return Criterion(
            id=name,
            question=self.text(table, "question", where),
            why=self.text(table, "why", where),
            options=options,
            stage=self.number(table, "stage", where),
        )

    def _option(self, criterion: str, name: str) -> Option:
        where = f"criterion.{criterion}.options.{name}"
        table = self.table("criterion", criterion, "options", name)
        if name == UNKNOWN:
            self.fault(f"has the option {where}, but {UNKNOWN!r} means not sure")
        ways = self.table("instead", criterion).get(name, ())
        return Option(
            id=name,
            label=self.text(table, "label", where),
            hint=self.text(table, "hint", where),
            instead=tuple(self._alternative(way, f"instead.{criterion}.{name}") for way in ways),
        )

    def _alternative(self, table: Mapping[str, Any], where: str) -> Alternative:
        name, because, url = (self.text(table, key, where) for key in ("name", "because", "url"))
        return Alternative(name, because, url)

    def _interaction(self, name: str) -> Interaction:
        where = f"interaction.{name}"
        table = self.table("interaction", name)
        kind = self.text(table, "kind", where)
        all_of = tuple(self._condition(table.get("all_of", {}), where))
        any_of = tuple(self._condition(table.get("any_of", {}), where))
        if kind not in _KINDS:
            self.fault(f"has an unknown kind {kind!r} in {where}; it is one of {', '.join(_KINDS)}")
        if not all_of:
            self.fault(f"has no all_of in {where}")
        if kind == "cap" and any_of:
            self.fault(f"has any_of in {where}, which a cap cannot have")
        return Interaction(name, self.text(table, "title", where), kind, all_of, any_of)  # type: ignore[arg-type]  # checked above

    def _condition(self, table: Mapping[str, Any], where: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        for criterion, options in table.items():
            for option in options:
                self._known(criterion, option, where)
            yield criterion, tuple(options)

    def _known(self, criterion: str, option: str, where: str) -> None:
        if option not in self.table("criterion", criterion, "options"):
            self.fault(f"names {criterion}.{option} in {where}, which is no option")


class _FrameworkFile(_File):
    """One framework's file."""

    def __init__(self, path: Path, label: str, questions: _Questions) -> None:
        super().__init__(path, label)
        self.questions = questions
        name = path.parent.name
        if name in (NEITHER, CONFLICT):
            self.fault(f"stands in a folder called {name!r}, which is the name of a verdict")
        self.sources = {key: self._source(key) for key in self.table("source")}
        serve = self.table("serve").get("command")
        if not (isinstance(serve, list) and serve and all(isinstance(word, str) for word in serve)):
            self.fault("has no serve.command, a list of texts")
            serve = []
        self.framework = Framework(
            id=name,
            name=self.text(self.data, "name", "the file"),
            rank=self.number(self.data, "rank", "the file"),
            verdicts=self._verdicts(),
            effects=self._effects(),
            caveat=self._statement("caveat"),
            way_back=self._statement("way_back"),
            serve=Serve(tuple(serve)),
        )

    def _verdicts(self) -> dict[str, dict[str, Verdict]]:
        criteria = self.questions.criteria
        given = self.table("verdict")
        for criterion, options in given.items():
            known = {option.id for option in criteria[criterion].options} if criterion in criteria else ()
            for option in options:
                if option not in known:
                    self.fault(f"has a verdict on {criterion}.{option}, which is no option")
        verdicts: dict[str, dict[str, Verdict]] = {}
        for criterion in criteria.values():
            tables = given.get(criterion.id, {})
            verdicts[criterion.id] = row = {}
            for option in criterion.options:
                if option.id in tables:
                    where = f"verdict.{criterion.id}.{option.id}"
                    row[option.id] = self._verdict(tables[option.id], where)
                else:
                    self.fault(f"has no verdict on {criterion.id}.{option.id}")
        return verdicts

    def _effects(self) -> dict[str, Verdict]:
        effects = {}
        for name, table in self.table("effect").items():
            effects[name] = effect = self._verdict(table, f"effect.{name}")
            interaction = self.questions.interactions.get(name)
            if interaction is None:
                self.fault(f"has an effect of {name}, which is no interaction")
            elif interaction.kind != "points" and effect.veto:
                self.fault(f"has a veto in effect.{name}, which is only {interaction.kind}")
            elif interaction.kind == "advice" and effect.points:
                self.fault(f"has a score in effect.{name}, which is only advice")
        return effects

    def _verdict(self, table: Mapping[str, Any], where: str) -> Verdict:
        points = self.number(table, "score", where)
        if not -_MOST_POINTS <= points <= _MOST_POINTS:
            self.fault(f"has a score of {points} in {where}; it is from -4 to 4")
        veto = table.get("veto", False)
        if not isinstance(veto, bool):
            self.fault(f"has a veto in {where} that is neither true nor false")
        for key in table.keys() - _VERDICT_KEYS:
            self.fault(f"has an unknown key {key!r} in {where}")
        return Verdict(points, self.text(table, "because", where), self._cited(table, where), veto is True)

    def _statement(self, name: str) -> Verdict:
        table = self.table(name)
        return Verdict(0, self.text(table, "because", name), self._cited(table, name))

    def _cited(self, table: Mapping[str, Any], where: str) -> Source:
        key = table.get("source")
        if key not in self.sources:
            self.fault(f"cites an unknown source {key!r} in {where}")
            return Source("", "", date.min)
        return self.sources[key]

    def _source(self, key: str) -> Source:
        table = self.table("source", key)
        where = f"source.{key}"
        checked = table.get("checked")
        if type(checked) is not date:  # a datetime is a date too, and not meant
            self.fault(f"has no date 'checked' in {where}")
            checked = date.min
        return Source(self.text(table, "title", where), self.text(table, "url", where), checked)
