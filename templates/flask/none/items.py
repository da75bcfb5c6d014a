"""Items: the example resource. Everybody may read and change them."""

from uuid import UUID

from flask import Response
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel

from .. import services
from ..dependencies import CachedPageQuery, reply, sessions
from ..problems import ERROR_RESPONSE
from ..schemas import ItemCreate, ItemOut, ItemPage, ItemUpdate

bp = APIBlueprint(
    "items",
    __name__,
    url_prefix="/api/v1/items",
    abp_tags=[Tag(name="items")],
    abp_responses={"default": ERROR_RESPONSE},
)


class ItemPath(BaseModel):
    item_id: UUID


@bp.get("", operation_id="list_items", responses={200: ItemPage})
def list_items(query: CachedPageQuery) -> Response:
    """All items, newest first."""
    return reply(services.list_items(sessions, query))


@bp.post("", operation_id="create_item", responses={201: ItemOut})
def create_item(body: ItemCreate) -> Response:
    """Create an item."""
    item = services.create_item(sessions, body)
    return reply(item, 201, Location=f"{bp.url_prefix}/{item.id}")


@bp.get("/<item_id>", operation_id="get_item", responses={200: ItemOut})
def get_item(path: ItemPath) -> Response:
    """One item."""
    return reply(services.get_item(sessions, path.item_id))


@bp.patch("/<item_id>", operation_id="update_item", responses={200: ItemOut})
def update_item(path: ItemPath, body: ItemUpdate) -> Response:
    """Change the fields that are given."""
    item = services.update_item(sessions, path.item_id, body)
    return reply(item)


@bp.delete("/<item_id>", operation_id="delete_item", responses={204: None})
def delete_item(path: ItemPath) -> Response:
    """Delete an item."""
    services.delete_item(sessions, path.item_id)
    return Response(status=204)
