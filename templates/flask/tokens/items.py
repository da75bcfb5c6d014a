"""Items: the example resource. One owns what one creates, and sees nothing else."""

from uuid import UUID

from flask import Response, g
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel

from .. import services
from ..auth import SCHEME, require_user
from ..dependencies import CachedPageQuery, reply, sessions
from ..problems import ERROR_RESPONSE
from ..schemas import ItemCreate, ItemOut, ItemPage, ItemUpdate

bp = APIBlueprint(
    "items",
    __name__,
    url_prefix="/api/v1/items",
    abp_tags=[Tag(name="items")],
    abp_security=[{SCHEME: []}],
    abp_responses={"default": ERROR_RESPONSE},
)
bp.before_request(require_user)


class ItemPath(BaseModel):
    item_id: UUID


@bp.get("", operation_id="list_items", responses={200: ItemPage})
def list_items(query: CachedPageQuery) -> Response:
    """Your items, newest first."""
    return reply(services.list_items(sessions, g.user_id, query))


@bp.post("", operation_id="create_item", responses={201: ItemOut})
def create_item(body: ItemCreate) -> Response:
    """Create an item."""
    item = services.create_item(sessions, g.user_id, body)
    return reply(item, 201, Location=f"{bp.url_prefix}/{item.id}")


@bp.get("/<item_id>", operation_id="get_item", responses={200: ItemOut})
def get_item(path: ItemPath) -> Response:
    """One of your items."""
    return reply(services.get_item(sessions, g.user_id, path.item_id))


@bp.patch("/<item_id>", operation_id="update_item", responses={200: ItemOut})
def update_item(path: ItemPath, body: ItemUpdate) -> Response:
    """Change the fields that are given."""
    item = services.update_item(sessions, g.user_id, path.item_id, body)
    return reply(item)


@bp.delete("/<item_id>", operation_id="delete_item", responses={204: None})
def delete_item(path: ItemPath) -> Response:
    """Delete one of your items."""
    services.delete_item(sessions, g.user_id, path.item_id)
    return Response(status=204)
