"""For orchestrators: is the process alive, and can it serve?"""

from fastapi import APIRouter

from .. import services
from ..dependencies import SessionsDep
from ..schemas import Status

router = APIRouter(tags=["health"])


@router.get("/health")
async def health() -> Status:
    """The process lives."""
    return Status()


@router.get("/ready")
def ready(sessions: SessionsDep) -> Status:
    """The database answers, and its migrations are applied."""
    services.check_ready(sessions)
    return Status()
