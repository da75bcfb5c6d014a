"""A framework's file: its verdicts on every answer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from frameworkpick.catalog.file import KnowledgeFile
from frameworkpick.core.decision.knowledge import Citation, Framework, Serve, Verdict
from frameworkpick.core.decision.recommendation import CONFLICT, NEITHER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from frameworkpick.catalog.questions import QuestionsFile

_MOST_POINTS = 4
_VERDICT_KEYS = {"score", "because", "source", "veto"}
#: Stands for what a file says nothing of.
_NOTHING = Verdict(0, "Its file says nothing of this answer.", Citation("", "", date.min))


class FrameworkFile(KnowledgeFile):
    """One framework's file.

    Attributes:
        gaps: Of a lenient one: the answers it says nothing of, and what it says beyond the answers.
    """

    def __init__(
        self, path: Path, label: str, questions: QuestionsFile, *, lenient: bool = False
    ) -> None:
        super().__init__(path, label)
        self.gaps: list[str] = []
        self._lenient = lenient
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
        for word in serve:
            try:
                word.format(package="a", host="b", port=1)
            except (LookupError, ValueError, AttributeError):
                self.fault(f"names more than {{package}}, {{host}} and {{port}} in serve: {word!r}")
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
                self._gap(f"has a verdict on {criterion}.{option}, which is no option")
        verdicts: dict[str, dict[str, Verdict]] = {name: {} for name in known}
        for criterion, option in pairs:
            if option in self._row(criterion):
                verdicts[criterion][option] = self._verdict("verdict", criterion, option)
            else:
                self._gap(f"has no verdict on {criterion}.{option}")
                verdicts[criterion][option] = _NOTHING
        return verdicts

    def _gap(self, what: str) -> None:
        """Note that file and questions do not fit: of other versions when it is lenient."""
        if self._lenient:
            self.gaps.append(f"{self.label} {what}; that counts nothing.")
        else:
            self.fault(what)

    def _row(self, criterion: str) -> Mapping[str, Any]:
        return self.table("verdict", criterion)

    def _effects(self) -> dict[str, Verdict]:
        effects = {}
        for name in self.table("effect"):
            interaction = self.questions.interactions.get(name)
            if interaction is None:
                self._gap(f"has an effect of {name}, which is no interaction")
                continue
            effects[name] = effect = self._verdict("effect", name)
            if interaction.kind != "points" and effect.veto:
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

    def _cited(self, table: Mapping[str, Any], where: str) -> Citation:
        key = table.get("source")
        if not isinstance(key, str) or key not in self.sources:
            self.fault(f"cites an unknown source {key!r} in {where}")
            return Citation("", "", date.min)
        return self.sources[key]

    def _source(self, key: str) -> Citation:
        table = self.table("source", key)
        where = f"source.{key}"
        checked = self.day(table, "checked", where)
        return Citation(self.text(table, "title", where), self.text(table, "url", where), checked)
