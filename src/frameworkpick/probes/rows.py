"""Puts a row into each table of a database: run by a project's own Python, which has SQLAlchemy.

Nothing of frameworkpick is at hand there. The address comes by the environment.
"""

from __future__ import annotations

import os
import sys
import uuid
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import MetaData, create_engine
from sqlalchemy.exc import SQLAlchemyError

_SAMPLES: dict[type, Any] = {
    bool: False, int: 1, float: 1.0, bytes: b"row", dict: {}, list: [],
    uuid.UUID: uuid.uuid4(), datetime: datetime.now(UTC), date: datetime.now(UTC).date(),
}  # fmt: skip


def main(url: str) -> int:
    """Fill what can be filled; return the number of tables that have a row then."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    found = MetaData()
    found.reflect(engine)
    rows: dict[str, dict[str, Any]] = {}
    for table in found.sorted_tables:
        if table.name == "alembic_version":
            continue
        row = {column.name: _value(column, rows) for column in table.columns}
        row = {name: value for name, value in row.items() if value is not None}
        try:
            with engine.begin() as connection:
                connection.execute(table.insert().values(row))
        except SQLAlchemyError:  # a rule that no sample keeps
            continue
        rows[table.name] = row
    return len(rows)


def _value(column: Any, rows: dict[str, dict[str, Any]]) -> Any:
    for key in column.foreign_keys:
        return rows.get(key.column.table.name, {}).get(key.column.name)
    if column.nullable or column.server_default is not None:
        return None
    if choices := getattr(column.type, "enums", None):
        return choices[0]
    kind, length = column.type.python_type, getattr(column.type, "length", None)
    if kind is str:
        return uuid.uuid4().hex[:length]
    return _SAMPLES.get(kind, 1)


if __name__ == "__main__":
    sys.stdout.write(f"{main(os.environ['APP_DATABASE_URL'])}\n")
