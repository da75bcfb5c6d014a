"""Who is calling."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer

from .security import Security, Unauthorized, client_address

bearer = OAuth2PasswordBearer(tokenUrl="api/v1/auth/login", auto_error=False)


async def get_security(request: Request) -> Security:
    security: Security = request.app.state.security
    return security


SecurityDep = Annotated[Security, Depends(get_security)]


async def get_user_id(request: Request, token: Annotated[str | None, Depends(bearer)]) -> UUID:
    security: Security = request.app.state.security
    if len(request.headers.getlist("authorization")) > 1:  # nobody knows which one counts
        raise Unauthorized("The access token is not valid.", "invalid_token")
    return security.read_access_token(token)


async def get_address(request: Request, security: SecurityDep) -> str:
    peer = request.client.host if request.client else None
    forwarded = ",".join(request.headers.getlist("x-forwarded-for"))
    return client_address(peer, forwarded, security.settings.trusted_proxies)


UserId = Annotated[UUID, Depends(get_user_id)]
Address = Annotated[str, Depends(get_address)]
