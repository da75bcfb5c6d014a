"""Users."""

from flask import Response, g
from flask_openapi import APIBlueprint, Tag

from .. import services
from ..auth import SCHEME, require_user
from ..dependencies import reply, sessions
from ..problems import ERROR_RESPONSE
from ..schemas import UserOut

bp = APIBlueprint(
    "users",
    __name__,
    url_prefix="/api/v1/users",
    abp_tags=[Tag(name="users")],
    abp_security=[{SCHEME: []}],
    abp_responses={"default": ERROR_RESPONSE},
)
bp.before_request(require_user)


@bp.get("/me", operation_id="get_me", responses={200: UserOut})
def get_me() -> Response:
    """Who you are."""
    return reply(services.get_user(sessions, g.user_id))
