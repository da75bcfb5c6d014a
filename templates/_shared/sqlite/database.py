"""A fresh database for every test: a copy of one that was migrated once."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from {{ package_name }}.db import migrate


@cache
def migrated() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder, "template.db")
        migrate(f"sqlite:///{file}")
        return file.read_bytes()


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    file = folder / "test.db"
    file.write_bytes(migrated())
    yield f"sqlite:///{file}"
