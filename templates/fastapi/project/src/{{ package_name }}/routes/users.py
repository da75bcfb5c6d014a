"""Users."""

from fastapi import APIRouter

from .. import services
from ..auth import UserId
from ..dependencies import SessionsDep
from ..schemas import UserOut

router = APIRouter(prefix="/api/v1/users", tags=["users"])


@router.get("/me")
def get_me(sessions: SessionsDep, user_id: UserId) -> UserOut:
    """Who you are."""
    return services.get_user(sessions, user_id)
