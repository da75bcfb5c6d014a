"""Reads one preset file into a layer, and names everything in it that has another form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from frameworkpick.core.plain_text import did_you_mean
from frameworkpick.core.preset import Layer, Locked, Policy, TemplateChoice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TEXTS = ("description", "extends", "extends_commit", "use_case", "framework", "because")
_TABLES = ("answers", "options", "locked", "weights", "policy", "template", "check")
_COMMIT = re.compile(r"[0-9a-f]{40}")


class Reader:
    """Reads one preset file.

    Attributes:
        problems: One sentence for each fault of its form.
        extends: What it builds on, if it says so.
        extends_commit: The commit that this has to be read from, if it says so.
    """

    def __init__(self, label: str, data: Mapping[str, Any]) -> None:
        self._label = label
        self._data = data
        self.problems: list[str] = []
        self._look_for_control_characters(data, "the file")
        self._keys("", data, (*_TEXTS, *_TABLES, "$schema"))
        for name in _TEXTS:
            if name in data and not isinstance(data[name], str):
                self._fault(f"{name} must be text, not {data[name]!r}")
        for name in _TABLES:
            if not isinstance(data.get(name, {}), dict):
                self._fault(f"{name} must be a table: [{name}]")
        self.extends = self._text(data, "extends")
        self.extends_commit = self._text(data, "extends_commit")
        if self.extends_commit is not None:
            if not _COMMIT.fullmatch(self.extends_commit):
                self._fault("extends_commit must be the 40 characters of a commit")
            if not (self.extends or "").startswith("git+"):
                self._fault("extends_commit goes with an extends that begins with git+")

    def layer(self) -> Layer:
        """Return what the file says, without what has another form."""
        data = self._data
        return Layer(
            label=self._label,
            description=self._text(data, "description"),
            use_case=self._text(data, "use_case"),
            framework=self._text(data, "framework"),
            because=self._text(data, "because"),
            answers=self._values("answers", str, type(None)),
            options=self._values("options", str, bool),
            locked=self._locks(),
            weights=self._values("weights", int, float),
            policies=self._policies(),
            template=self._template(),
            ignore=self._list("check", self._table("check", "ignore"), "ignore") or (),
        )

    def _values(self, table: str, *kinds: type) -> dict[str, object]:
        values = self._table(table)
        for name, value in values.items():
            if not _is_one_of(value, kinds):
                self._fault(f"{table}.{name} cannot be {value!r}")
        return {name: value for name, value in values.items() if _is_one_of(value, kinds)}

    def _locks(self) -> dict[str, Locked]:
        locks = {}
        for name, given in self._table("locked").items():
            lock, where = given if isinstance(given, dict) else {"value": given}, f"locked.{name}"
            self._keys(where, lock, ("value", "because"))
            fits = _is_one_of(lock.get("value"), (str, bool, type(None)))
            if "value" not in lock:
                self._fault(f"{where} has no value")
            elif not fits:
                self._fault(f"{where} cannot be {lock['value']!r}")
            because = self._text(lock, "because", where)
            if "value" in lock and fits:
                locks[name] = Locked(lock["value"], because, self._label)
        return locks

    def _policies(self) -> tuple[Policy, ...]:
        table = self._table("policy", "frameworks", "required", "because")
        if not table:
            return ()
        frameworks = self._list("policy", table, "frameworks")
        if frameworks == ():
            self._fault("policy.frameworks allows none; leave it out to allow all")
        required = self._list("policy", table, "required") or ()
        because = self._text(table, "because", "policy")
        return (Policy(frameworks, required, because, self._label),)

    def _template(self) -> TemplateChoice | None:
        table = self._table("template", "url", "version")
        if "template" not in self._data:
            return None
        url = self._text(table, "url", "template")
        if not url:
            self._fault("template must name its url")
            return None
        return TemplateChoice(url, self._text(table, "version", "template"), self._label)

    def _table(self, name: str, *known: str) -> dict[str, Any]:
        """Return a table; with its known keys given, another one is a fault."""
        found = self._data.get(name, {})
        table = {str(key): value for key, value in found.items()} if isinstance(found, dict) else {}
        if known:
            self._keys(name, table, known)
        return table

    def _list(self, where: str, table: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
        if name not in table:
            return None
        found = table[name]
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            self._fault(f"{where}.{name} must be a list of texts")
            return None
        return tuple(found)

    def _text(self, table: Mapping[str, Any], name: str, where: str = "") -> str | None:
        found = table.get(name)
        if isinstance(found, str):
            return found
        if found is not None and where:
            self._fault(f"{where}.{name} must be text, not {found!r}")
        return None

    def _keys(self, where: str, table: Mapping[str, Any], known: Iterable[str]) -> None:
        for key in table:
            if key not in known:
                place = f" in [{where}]" if where else ""
                near = did_you_mean(str(key), list(known))
                self._fault(f"there is no key {str(key)!r}{place}", near)

    def _look_for_control_characters(self, found: object, where: str) -> None:
        """Refuse what a terminal would obey: the file may be somebody else's."""
        if isinstance(found, dict):
            for key, value in found.items():
                self._look_for_control_characters(str(key), f"a name in {where}")
                self._look_for_control_characters(value, repr(str(key)))
        elif isinstance(found, list):
            for value in found:
                self._look_for_control_characters(value, where)
        elif isinstance(found, str) and not found.isprintable():
            self._fault(f"{where} holds a line break or another control character")

    def _fault(self, what: str, near: str = "") -> None:
        shown = "".join(each if each.isprintable() else repr(each)[1:-1] for each in what)
        self.problems.append(f"{self._label}: {shown}.{near}")


def _is_one_of(value: object, kinds: tuple[type, ...]) -> bool:
    return isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))
