"""The file with the questions, and the one with the use cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.catalog.file import KnowledgeFile
from frameworkpick.core.decision.answers import UNKNOWN
from frameworkpick.core.decision.knowledge import (
    Alternative,
    Criterion,
    Interaction,
    Option,
    UseCase,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from frameworkpick.core.decision.knowledge import Condition, Framework

_KINDS = ("points", "cap", "advice")


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
            yield Alternative(name, because, url, self.day(way, "checked", where))

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


class UseCasesFile(KnowledgeFile):
    """The file with the use cases."""

    def __init__(
        self, path: Path, questions: QuestionsFile, frameworks: Sequence[Framework]
    ) -> None:
        super().__init__(path, path.name)
        self.use_cases: tuple[UseCase, ...] = ()
        if not self.readable:
            return
        self._questions = questions
        #: What decides alone, as (criterion, option): no use case may suggest it.
        self._decides = {
            (criterion, option)
            for framework in frameworks
            for criterion, row in framework.verdicts.items()
            for option, verdict in row.items()
            if verdict.veto
        } | {
            (criterion.id, option.id)
            for criterion in questions.criteria.values()
            for option in criterion.options
            if option.instead
        }
        self.use_cases = tuple(self._use_case(name) for name in self.table("use_case"))
        if not self.use_cases:
            self.fault("has no use case")

    def _use_case(self, name: str) -> UseCase:
        where = f"use_case.{name}"
        table = self.table("use_case", name)
        for key in table.keys() - {"label", "hint", "provisional", "asks", "misleads"}:
            self.fault(f"has an unknown key {key!r} in {where}")
        provisional = self.table("use_case", name, "provisional")
        for criterion, option in provisional.items():
            known = self._questions.criteria.get(criterion)
            if known is None or known.option(option) is None:
                self.fault(f"names {criterion}.{option} in {where}, which is no option")
            elif (criterion, option) in self._decides:
                self.fault(f"suggests {criterion}.{option} in {where}, which would decide alone")
        return UseCase(
            id=name,
            label=self.text(table, "label", where),
            hint=self.text(table, "hint", where),
            provisional=provisional,
            asks=self._asks(name, provisional),
            misleads=self.text(table, "misleads", where),
        )

    def _asks(self, name: str, provisional: Mapping[str, object]) -> tuple[str, ...]:
        where = f"use_case.{name}"
        asks = self.table("use_case", name).get("asks")
        if not (isinstance(asks, list) and all(isinstance(each, str) for each in asks)):
            self.fault(f"has no list of criteria 'asks' in {where}")
            return ()
        for criterion in asks:
            if criterion not in self._questions.criteria:
                self.fault(f"asks {criterion} in {where}, which is no criterion")
        if provisional and not asks:
            self.fault(f"suggests answers in {where} and asks nothing")
        return tuple(asks)
