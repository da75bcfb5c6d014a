"""Registering, logging in and out."""

from flask import Response
from flask_openapi import APIBlueprint, Tag

from .. import services
from ..auth import caller_address, security
from ..dependencies import reply, sessions
from ..problems import ERROR_RESPONSE
from ..schemas import LoginForm, RefreshIn, TokenOut, UserCreate, UserOut

bp = APIBlueprint(
    "auth",
    __name__,
    url_prefix="/api/v1/auth",
    abp_tags=[Tag(name="auth")],
    abp_responses={"default": ERROR_RESPONSE},
)
# flask-openapi documents every form as multipart; OAuth 2 sends this one
FORM = {"schema": {"$ref": "#/components/schemas/LoginForm"}}
LOGIN_BODY = {"content": {"application/x-www-form-urlencoded": FORM}, "required": True}


@bp.post("/register", operation_id="register", responses={201: UserOut})
def register(body: UserCreate) -> Response:
    """Create an account."""
    security.throttle.attempt(caller_address(), body.email)
    user = services.register(sessions, security, body)
    return reply(user, 201)


@bp.post("/login", operation_id="login", request_body=LOGIN_BODY, responses={200: TokenOut})
def login(form: LoginForm) -> Response:
    """Get a pair of tokens for an email address and a password."""
    security.throttle.attempt(caller_address(), form.username)
    tokens = services.login(sessions, security, form.username, form.password)
    security.throttle.succeeded(caller_address(), form.username)
    return reply(tokens)


@bp.post("/refresh", operation_id="refresh", responses={200: TokenOut})
def refresh(body: RefreshIn) -> Response:
    """Get a new pair of tokens; using a refresh token once more later ends the whole login."""
    security.throttle.refresh(caller_address())
    tokens = services.refresh(sessions, security, body.refresh_token)
    return reply(tokens)


@bp.post("/logout", operation_id="logout", responses={204: None})
def logout(body: RefreshIn) -> Response:
    """End the login that the refresh token belongs to."""
    services.logout(sessions, body.refresh_token)
    return Response(status=204)
