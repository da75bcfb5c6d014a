"""For orchestrators: is the process alive, and can it serve?"""

from flask_openapi import APIBlueprint, Tag

from .. import services
from ..dependencies import Json, sessions
from ..problems import ERROR_RESPONSE
from ..schemas import Status

bp = APIBlueprint(
    "health", __name__, abp_tags=[Tag(name="health")], abp_responses={"default": ERROR_RESPONSE}
)


@bp.get("/health", operation_id="health", responses={200: Status})
def health() -> Json:
    """The process lives."""
    return Status().model_dump()


@bp.get("/ready", operation_id="ready", responses={200: Status})
def ready() -> Json:
    """The database answers, and its migrations are applied."""
    services.check_ready(sessions)
    return Status().model_dump()
