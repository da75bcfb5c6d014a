"""What holds for every answer: the request id, security headers, log lines."""

import logging
import re
from collections.abc import Collection
from contextvars import ContextVar
from uuid import uuid4

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="-")
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# as browsers write it: lower case, no path, and no port that goes without saying
ORIGIN = re.compile(
    r"(?!http:.*:80$|https:.*:443$)[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[1-9]\d{0,4})?",
    re.ASCII,
)
# each part has more than dots
ROOT_PATH = re.compile(r"(/\.*[\w~-][\w.~-]*)*", re.ASCII)


def begin_request(given: str | None) -> str:
    """Take over the caller's `X-Request-ID` if it is harmless, else make one."""
    harmless = re.fullmatch(r"[A-Za-z0-9._-]{1,64}", given or "")
    request_id = harmless[0] if harmless else uuid4().hex
    REQUEST_ID.set(request_id)
    return request_id


def security_headers(*, docs: bool, production: bool) -> dict[str, str]:
    headers = {
        "Content-Security-Policy": DOCS_POLICY if docs else API_POLICY,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    if not docs:
        headers["Cache-Control"] = "no-store"
    if production:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def parse_origins(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """Read `APP_CORS_ORIGINS`: names that are compared as they are, so no patterns."""
    origins = tuple(value.replace(",", " ").split()) if isinstance(value, str) else value
    if all(ORIGIN.fullmatch(origin) for origin in origins):
        return origins
    raise ValueError(
        "Input should be like https://app.example, http://localhost:3000 (scheme, host and port in"
        " lower case, no * and no / at the end, no quotes and no brackets around them)"
    )


def usable_root_path(path: str) -> str:
    """Check `APP_ROOT_PATH`: what a proxy in front takes off every path."""
    if ROOT_PATH.fullmatch(path):
        return path
    raise ValueError("Input should be like /shop (no / at the end)")


def cors_headers(
    method: str, origin: str | None, asks: str | None, origins: Collection[str]
) -> dict[str, str]:
    """Let a page of such an origin read the answer, or say in a preflight what it may send."""
    if origin is None or origin not in origins:
        return {}
    allowed = {"Access-Control-Allow-Origin": origin}
    if method == "OPTIONS" and asks:  # `Access-Control-Request-Method`
        return allowed | {
            "Access-Control-Allow-Headers": "Authorization, Content-Type, X-Request-ID",
            "Access-Control-Allow-Methods": "GET, POST, PATCH, DELETE",
            "Access-Control-Max-Age": "600",
        }
    return allowed | {"Access-Control-Expose-Headers": "Location, Retry-After, X-Request-ID"}


def configure_logging(level: str) -> None:
    """Log to stderr with the request id, unless the process has set up logging already."""
    handler = logging.StreamHandler()
    handler.addFilter(_add_request_id)
    form = "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"
    logging.basicConfig(level=level, format=form, handlers=[handler])


def _add_request_id(record: logging.LogRecord) -> bool:
    record.request_id = REQUEST_ID.get()
    return True
