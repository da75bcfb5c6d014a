"""Items: the example resource. One owns what one creates, and sees nothing else."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from .. import services
from ..auth import UserId
from ..dependencies import SessionsDep
from ..schemas import ItemCreate, ItemOut, ItemPage, ItemUpdate, PageQuery

router = APIRouter(prefix="/api/v1/items", tags=["items"])


@router.get("")
def list_items(
    page: Annotated[PageQuery, Query()], sessions: SessionsDep, user_id: UserId
) -> ItemPage:
    """Your items, newest first."""
    return services.list_items(sessions, user_id, page)


@router.post("", status_code=status.HTTP_201_CREATED)
def create_item(
    data: ItemCreate, sessions: SessionsDep, user_id: UserId, response: Response
) -> ItemOut:
    """Create an item."""
    item = services.create_item(sessions, user_id, data)
    response.headers["Location"] = f"{router.prefix}/{item.id}"
    return item


@router.get("/{item_id}")
def get_item(item_id: UUID, sessions: SessionsDep, user_id: UserId) -> ItemOut:
    """One of your items."""
    return services.get_item(sessions, user_id, item_id)


@router.patch("/{item_id}")
def update_item(item_id: UUID, data: ItemUpdate, sessions: SessionsDep, user_id: UserId) -> ItemOut:
    """Change the fields that are given."""
    return services.update_item(sessions, user_id, item_id, data)


@router.delete("/{item_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_item(item_id: UUID, sessions: SessionsDep, user_id: UserId) -> None:
    """Delete one of your items."""
    services.delete_item(sessions, user_id, item_id)
