"""What routes ask for. Cheap and `async`, so that none of them costs a thread."""

from typing import Annotated

from fastapi import Depends, Request

from .db import Sessions


async def get_sessions(request: Request) -> Sessions:
    sessions: Sessions = request.app.state.sessions
    return sessions


SessionsDep = Annotated[Sessions, Depends(get_sessions)]
