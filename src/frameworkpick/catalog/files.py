"""The two kinds of knowledge files, read into values; what is wrong is noted, not raised."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from frameworkpick.core.answers import UNKNOWN
from frameworkpick.core.knowledge import (
    Alternative,
    Criterion,
    Framework,
    Interaction,
    Option,
    Serve,
    Source,
    Verdict,
)
from frameworkpick.core.recommendation import CONFLICT, NEITHER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from frameworkpick.core.knowledge import Condition

_KINDS = ("points", "cap", "advice")
_MOST_POINTS = 4
_VERDICT_KEYS = {"score", "because", "source", "veto"}


class KnowledgeFile:
    """One TOML file, and what is wrong with it."""

    def __init__(self, path: Path, label: str) -> None:
        import tomllib  # noqa: PLC0415 (not paid for by `--help`)

        self.label = label
        #: Everything found wrong, one sentence each.
        self.faults: list[str] = []
        #: Whether it is TOML at all; if not, nothing else about it is worth saying.
        self.readable = True
        try:
            self.data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            self.data = {}
            self.readable = False
            self.fault(f"cannot be read: {error}")

    def fault(self, what: str) -> None:
        """Note one thing that is wrong, as the rest of a sentence about the file."""
        self.faults.append(f"{self.label} {what.rstrip('.')}.")

    def table(self, *keys: str) -> Mapping[str, Any]:
        """Return the table at these keys; an empty one if there is none."""
        found: Mapping[str, Any] = self.data
        for depth, key in enumerate(keys, 1):
            inner = found.get(key, {})
            if not isinstance(inner, dict):
                self.fault(f"has something else than a table at {'.'.join(keys[:depth])}")
                return {}
            found = inner
        return found

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


class QuestionsFile(KnowledgeFile):
    """The file with the questions."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, path.name)
        if not self.readable:
            return
        self.criteria = {name: self._criterion(name) for name in self.table("criterion")}
        self.interactions = {name: self._interaction(name) for name in self.table("interaction")}
        self.tie_break = self._condition("tie_break")
        self.version = self.text(self.data, "version", "the file")
        self.lean_from = self.number(self.data, "lean_from", "the file")
        self.clear_from = self.number(self.data, "clear_from", "the file")
        if not 0 < self.lean_from <= self.clear_from:
            self.fault("must say 0 < lean_from <= clear_from")
        for criterion in self.table("instead"):
            for option in self.table("instead", criterion):
                self._known(criterion, option, "instead")

    def _criterion(self, name: str) -> Criterion:
        where = f"criterion.{name}"
        table = self.table("criterion", name)
        options = tuple(
            self._option(name, option) for option in self.table("criterion", name, "options")
        )
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
        return Option(
            id=name,
            label=self.text(table, "label", where),
            hint=self.text(table, "hint", where),
            instead=tuple(self._alternatives(criterion, name)),
        )

    def _alternatives(self, criterion: str, option: str) -> Iterator[Alternative]:
        where = f"instead.{criterion}.{option}"
        ways = self.table("instead", criterion).get(option, [])
        if not isinstance(ways, list) or not all(isinstance(way, dict) for way in ways):
            self.fault(f"has something else than a list of tables at {where}")
            return
        for way in ways:
            name, because, url = (self.text(way, key, where) for key in ("name", "because", "url"))
            yield Alternative(name, because, url)

    def _interaction(self, name: str) -> Interaction:
        where = f"interaction.{name}"
        table = self.table("interaction", name)
        kind = self.text(table, "kind", where)
        all_of = self._condition("interaction", name, "all_of")
        any_of = self._condition("interaction", name, "any_of")
        if kind not in _KINDS:
            self.fault(f"has an unknown kind {kind!r} in {where}; it is one of {', '.join(_KINDS)}")
        if not all_of:
            self.fault(f"has no all_of in {where}")
        if kind == "cap" and any_of:
            self.fault(f"has any_of in {where}, which a cap cannot have")
        return Interaction(name, self.text(table, "title", where), kind, all_of, any_of)  # type: ignore[arg-type]  # checked above

    def _condition(self, *keys: str) -> Condition:
        where = ".".join(keys)
        found = []
        for criterion, options in self.table(*keys).items():
            if not isinstance(options, list):
                self.fault(f"has something else than a list of options at {where}.{criterion}")
                continue
            for option in options:
                self._known(criterion, option, where)
            found.append((criterion, tuple(options)))
        return tuple(found)

    def _known(self, criterion: str, option: str, where: str) -> None:
        if option not in self.table("criterion", criterion, "options"):
            self.fault(f"names {criterion}.{option} in {where}, which is no option")


class FrameworkFile(KnowledgeFile):
    """One framework's file."""

    def __init__(self, path: Path, label: str, questions: QuestionsFile) -> None:
        super().__init__(path, label)
        if not self.readable:
            return
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
        given = [(name, option) for name in self.table("verdict") for option in self._row(name)]
        known = {name: criterion.options for name, criterion in self.questions.criteria.items()}
        pairs = [(name, option.id) for name, options in known.items() for option in options]
        for criterion, option in given:
            if (criterion, option) not in pairs:
                self.fault(f"has a verdict on {criterion}.{option}, which is no option")
        verdicts: dict[str, dict[str, Verdict]] = {name: {} for name in known}
        for criterion, option in pairs:
            if option in self._row(criterion):
                verdicts[criterion][option] = self._verdict("verdict", criterion, option)
            else:
                self.fault(f"has no verdict on {criterion}.{option}")
        return verdicts

    def _row(self, criterion: str) -> Mapping[str, Any]:
        return self.table("verdict", criterion)

    def _effects(self) -> dict[str, Verdict]:
        effects = {}
        for name in self.table("effect"):
            effects[name] = effect = self._verdict("effect", name)
            interaction = self.questions.interactions.get(name)
            if interaction is None:
                self.fault(f"has an effect of {name}, which is no interaction")
            elif interaction.kind != "points" and effect.veto:
                self.fault(f"has a veto in effect.{name}, which is only {interaction.kind}")
            elif interaction.kind == "advice" and effect.points:
                self.fault(f"has a score in effect.{name}, which is only advice")
        return effects

    def _verdict(self, *keys: str) -> Verdict:
        table, where = self.table(*keys), ".".join(keys)
        points = self.number(table, "score", where)
        if not -_MOST_POINTS <= points <= _MOST_POINTS:
            self.fault(f"has a score of {points} in {where}; it is from -4 to 4")
        veto = table.get("veto", False)
        if not isinstance(veto, bool):
            self.fault(f"has a veto in {where} that is neither true nor false")
        for key in table.keys() - _VERDICT_KEYS:
            self.fault(f"has an unknown key {key!r} in {where}")
        return Verdict(
            points, self.text(table, "because", where), self._cited(table, where), veto is True
        )

    def _statement(self, name: str) -> Verdict:
        table = self.table(name)
        return Verdict(0, self.text(table, "because", name), self._cited(table, name))

    def _cited(self, table: Mapping[str, Any], where: str) -> Source:
        key = table.get("source")
        if not isinstance(key, str) or key not in self.sources:
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
