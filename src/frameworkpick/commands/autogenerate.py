"""Lets alembic draft a revision: run by a project's own Python, in a copy of it.

Nothing of frameworkpick is at hand there. Arguments: the revision's message, and a file to write
what was drafted to, as JSON.
"""

from __future__ import annotations

import json
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import renderers
from alembic.config import Config
from alembic.operations import ops
from sqlalchemy import CHAR, Column, DateTime, Uuid

#: Characters that SQLite keeps a UUID in.
_UUID = 32

#: What the draft does to rows that are there: a value that they need, and what they lose.
found: dict[str, Any] = {"path": None, "needs": [], "drops": []}


class RefuseRows(ops.MigrateOperation):
    """Ends the upgrade while a table has rows, which would lack a value.

    Args:
        table: The table.
        columns: Its new columns.
    """

    def __init__(self, table: str, columns: list[str]) -> None:
        self.table = table
        self.columns = columns


@renderers.dispatch_for(RefuseRows)
def _render(_context: object, op: RefuseRows) -> list[str]:
    need = f"Rows of {op.table} need {' and '.join(op.columns)}: fill it in here, or delete them."
    rows = f"sa.select(sa.literal(1)).select_from(sa.table({op.table!r})).limit(1)"
    return [f"if op.get_bind().scalar({rows}):", f"raise RuntimeError({need!r})", ""]


def settle(_context: object, _revision: object, directives: list[Any]) -> None:
    """Order a draft so that every database takes it, and refuse rows that it has no value for."""
    [script] = directives
    upgrade, downgrade = script.upgrade_ops, script.downgrade_ops
    if upgrade.is_empty():
        directives.clear()
        return
    for each in _flat(upgrade.ops):
        if isinstance(each, ops.DropTableOp):
            found["drops"].append(each.table_name)
        elif isinstance(each, ops.DropColumnOp):
            found["drops"].append(f"{each.table_name}.{each.column_name}")
        elif isinstance(each, ops.AlterColumnOp) and each.modify_nullable is False:
            found["needs"].append([each.table_name, each.column_name])
    found["drops"].sort(key=lambda name: ("." in name, name))  # tables first, and always the same
    lacking: dict[str, list[str]] = {}
    for each in _flat(upgrade.ops):
        if isinstance(each, ops.AddColumnOp) and _lacks_value(each.column):
            lacking.setdefault(each.table_name, []).append(each.column.name)
    found["needs"] += [[table, name] for table, names in lacking.items() for name in names]
    upgrade.ops[:] = [
        *(RefuseRows(table, names) for table, names in lacking.items()),
        *_ordered(upgrade.ops),
    ]
    downgrade.ops[:] = _ordered(downgrade.ops)
    _name_types(downgrade.ops)


def _name_types(listed: list[Any]) -> None:
    """Name the types of what a downgrade brings back, which were read from SQLite."""
    for op in _flat(listed):
        for column in getattr(op, "columns", [getattr(op, "column", None)]):
            if isinstance(column, Column):
                column.type = _generic(column.type)


def _generic(found: Any) -> Any:
    """Return a type of SQLite as every database knows it."""
    if isinstance(found, CHAR) and found.length == _UUID:
        return Uuid()
    if isinstance(found, DateTime):
        return DateTime(timezone=True)
    return found.as_generic(allow_nulltype=True)


def _lacks_value(column: Any) -> bool:
    given = column.server_default, column.computed, column.identity
    return not column.nullable and not any(each is not None for each in given)


def _flat(listed: list[Any]) -> list[Any]:
    return [inner for op in listed for inner in (_flat(op.ops) if hasattr(op, "ops") else [op])]


def _ordered(listed: list[Any]) -> list[Any]:
    """Put new tables first and drops of tables last, each before what it needs is gone."""
    made = _by_reference([op for op in listed if isinstance(op, ops.CreateTableOp)])
    gone = _by_reference([op for op in listed if isinstance(op, ops.DropTableOp)])
    names = {op.table_name for op in made}
    others = [op for op in listed if op not in made and op not in gone]
    others.sort(key=lambda op: getattr(op, "table_name", None) not in names)
    return [*made, *others, *reversed(gone)]


def _by_reference(tables: list[Any]) -> list[Any]:
    """Sort the making or dropping of tables: those that others refer to come first."""
    named = {op.table_name: op for op in sorted(tables, key=lambda op: op.table_name)}
    needed = {name: sorted(_referred(op) & named.keys() - {name}) for name, op in named.items()}
    try:
        return [named[name] for name in TopologicalSorter(needed).static_order()]
    except CycleError:
        return tables


def _referred(op: Any) -> set[str]:
    made = op if isinstance(op, ops.CreateTableOp) else op.reverse()
    keys = [
        key
        for part in made.columns
        for key in getattr(part, "elements", getattr(part, "foreign_keys", ()))
    ]
    return {key.target_fullname.rpartition(".")[0] for key in keys}


def main(message: str, answer: str) -> None:
    """Draft the revision; the database must be migrated to the newest one."""
    ini = Path("alembic.ini")
    config = Config(file_=ini if ini.is_file() else None, toml_file=Path("pyproject.toml"))
    made = command.revision(config, message, autogenerate=True, process_revision_directives=settle)
    if made:
        found["path"] = Path(made.path).resolve().relative_to(Path.cwd()).as_posix()
    Path(answer).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
