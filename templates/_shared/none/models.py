"""Tables."""

import uuid
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, ClassVar

from sqlalchemy import DateTime, Index, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# SQLite can only change constraints that have a name
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_clock = Lock()
_latest = datetime.min.replace(tzinfo=UTC)


def utcnow() -> datetime:
    """Now, and later than the time before: rows keep their order where the clock is coarse."""
    global _latest
    with _clock:
        now = datetime.now(UTC)
        if now <= _latest < now + timedelta(seconds=1):  # else the clock was set back
            now = _latest + timedelta.resolution
        _latest = now
    return now


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: DateTime(timezone=True)}


class Item(Base):
    __tablename__ = "items"
    __table_args__ = (Index("ix_items_newest", "created_at", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str | None] = mapped_column(String(2000))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)
