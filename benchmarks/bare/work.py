# mypy: ignore-errors
# (runs in the environment of a generated project)
"""What a bare application does for one list of items; both bare applications share it."""

import os
import uuid
from datetime import datetime

import jwt
from pydantic import BaseModel
from sqlalchemy import DateTime, ForeignKey, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

KEY = os.environ["APP_SECRET_KEY"]
ISSUER = os.environ["BARE_ISSUER"]
engine = create_engine(os.environ["APP_DATABASE_URL"])


class Base(DeclarativeBase):
    """The tables of the generated project, as far as they are read."""


class User(Base):
    """A user."""

    __tablename__ = "users"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Item(Base):
    """An item."""

    __tablename__ = "items"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(User.id))
    title: Mapped[str]
    description: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ItemOut(BaseModel, from_attributes=True):
    """An item as it is answered."""

    id: uuid.UUID
    title: str
    description: str | None
    created_at: datetime
    updated_at: datetime


class Page(BaseModel):
    """The answer."""

    items: list[ItemOut]
    total: int


def page(authorization: str) -> Page | None:
    """Return the caller's 20 newest items and how many there are; ``None`` for a stranger."""
    token = authorization.removeprefix("Bearer ")
    claims = jwt.decode(token, KEY, algorithms=["HS256"], issuer=ISSUER, audience=ISSUER)
    with Session(engine) as db:
        user = db.get(User, uuid.UUID(claims["sub"]))
        if user is None:
            return None
        mine = Item.owner_id == user.id
        total = db.scalar(select(func.count()).select_from(Item).where(mine)) or 0
        newest = select(Item).where(mine).order_by(Item.created_at.desc(), Item.id.desc()).limit(20)
        items = [ItemOut.model_validate(item) for item in db.scalars(newest)]
    return Page(items=items, total=total)
