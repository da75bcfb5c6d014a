"""For orchestrators and monitors, which like to ask with HEAD: does it live, can it serve?"""

from fastapi import APIRouter

from .. import services
from ..dependencies import SessionsDep
from ..schemas import Status

router = APIRouter(tags=["health"])


@router.head("/health", include_in_schema=False)
@router.get("/health")
async def health() -> Status:
    """The process lives."""
    return Status()


@router.head("/ready", include_in_schema=False)
@router.get("/ready")
def ready(sessions: SessionsDep) -> Status:
    """The database answers, and its migrations are applied."""
    services.check_ready(sessions)
    return Status()
