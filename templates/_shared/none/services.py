"""What the API does. No web framework in here; a function is one unit of work, and commits it."""

from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from .db import Sessions, is_behind, takes_changes
from .models import Item
from .problems import ApiError
from .schemas import ItemCreate, ItemOut, ItemPage, ItemUpdate, PageQuery


def check_ready(sessions: Sessions) -> None:
    try:
        with sessions() as db:
            applied = set(db.scalars(text("SELECT version_num FROM alembic_version")))
            writable = takes_changes(db)
    except SQLAlchemyError:
        raise ApiError(503, "The database does not answer, or is empty.") from None
    if not writable:
        raise ApiError(503, "The database takes no changes.")
    if is_behind(applied):
        raise ApiError(503, "The database's migrations are older than this release.")


def list_items(sessions: Sessions, page: PageQuery) -> ItemPage:
    with sessions() as db:
        total = db.scalar(select(func.count()).select_from(Item)) or 0
        newest = select(Item).order_by(Item.created_at.desc(), Item.id.desc())
        items = db.scalars(newest.limit(page.limit).offset(page.offset))
        found = [ItemOut.model_validate(item) for item in items]
    return ItemPage(items=found, total=total, limit=page.limit, offset=page.offset)


def create_item(sessions: Sessions, data: ItemCreate) -> ItemOut:
    with sessions.begin() as db:
        item = Item(**data.model_dump())
        db.add(item)
    return ItemOut.model_validate(item)


def get_item(sessions: Sessions, item_id: UUID) -> ItemOut:
    with sessions() as db:
        return _found(db.get(Item, item_id))


def update_item(sessions: Sessions, item_id: UUID, data: ItemUpdate) -> ItemOut:
    with sessions.begin() as db:
        # one statement finds and changes it: nobody can delete it in between
        change = update(Item).where(Item.id == item_id)
        changed = change.values(data.model_dump(exclude_unset=True)).returning(Item)
        return _found(db.scalar(changed))


def delete_item(sessions: Sessions, item_id: UUID) -> None:
    with sessions.begin() as db:
        _found(db.scalar(delete(Item).where(Item.id == item_id).returning(Item)))


def _found(item: Item | None) -> ItemOut:
    if item:
        return ItemOut.model_validate(item)
    raise ApiError(404, "There is no such item.")
