"""For orchestrators and monitors: does it live, can it serve?"""

from flask import Response
from flask_openapi import APIBlueprint, Tag

from .. import services
from ..dependencies import reply, sessions
from ..problems import ERROR_RESPONSE
from ..schemas import Status

bp = APIBlueprint(
    "health", __name__, abp_tags=[Tag(name="health")], abp_responses={"default": ERROR_RESPONSE}
)


@bp.get("/health", operation_id="health", responses={200: Status})
def health() -> Response:
    """The process lives."""
    return reply(Status())


@bp.get("/ready", operation_id="ready", responses={200: Status})
def ready() -> Response:
    """The database answers, and its migrations are applied."""
    services.check_ready(sessions)
    return reply(Status())
