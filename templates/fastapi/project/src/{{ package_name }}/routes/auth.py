"""Registering, logging in and out. Sync endpoints: hashing runs in the thread pool."""

from typing import Annotated

from fastapi import APIRouter, Form, status

from .. import services
from ..auth import Address, SecurityDep
from ..dependencies import SessionsDep
from ..schemas import LoginForm, RefreshIn, TokenOut, UserCreate, UserOut

router = APIRouter(prefix="/api/v1/auth", tags=["auth"])


@router.post("/register", status_code=status.HTTP_201_CREATED)
def register(
    data: UserCreate, sessions: SessionsDep, security: SecurityDep, address: Address
) -> UserOut:
    """Create an account."""
    security.throttle.attempt(address, data.email)
    return services.register(sessions, security, data)


@router.post("/login")
def login(
    form: Annotated[LoginForm, Form()],
    sessions: SessionsDep,
    security: SecurityDep,
    address: Address,
) -> TokenOut:
    """Get a pair of tokens for an email address and a password."""
    security.throttle.attempt(address, form.username)
    tokens = services.login(sessions, security, form.username, form.password)
    security.throttle.succeeded(address, form.username)
    return tokens


@router.post("/refresh")
def refresh(
    data: RefreshIn, sessions: SessionsDep, security: SecurityDep, address: Address
) -> TokenOut:
    """Get a new pair of tokens; using a refresh token once more later ends the whole login."""
    security.throttle.refresh(address)
    return services.refresh(sessions, security, data.refresh_token)


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT)
def logout(data: RefreshIn, sessions: SessionsDep) -> None:
    """End the login that the refresh token belongs to."""
    services.logout(sessions, data.refresh_token)
