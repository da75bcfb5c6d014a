"""Who is calling."""

from flask import current_app, g, request
from flask_openapi import OpenAPI
from werkzeug.local import LocalProxy

from .config import Settings
from .security import Security, client_address

SCHEME = "OAuth2PasswordBearer"
PASSWORD_FLOW = {"tokenUrl": "api/v1/auth/login", "scopes": {}}

security: Security = LocalProxy(lambda: current_app.extensions["security"])  # type: ignore[assignment]


def init_app(app: OpenAPI, settings: Settings) -> None:
    app.extensions["security"] = Security(settings, waiting=5)  # of 8 threads
    app.security_schemes = {SCHEME: {"type": "oauth2", "flows": {"password": PASSWORD_FLOW}}}


def require_user() -> None:
    """Let nobody in without a good access token: for `before_request` of a blueprint."""
    sent = request.authorization
    g.user_id = security.read_access_token(sent.token if sent and sent.type == "bearer" else None)


def caller_address() -> str:
    forwarded = request.headers.get("X-Forwarded-For", "")
    return client_address(request.remote_addr, forwarded, security.settings.trusted_proxies)
