"""What holds for every answer: the request id, security headers, log lines."""

import logging
import re
from contextvars import ContextVar
from uuid import uuid4

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="-")
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


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


def configure_logging(level: str) -> None:
    """Log to stderr with the request id, unless the process has set up logging already."""
    handler = logging.StreamHandler()
    handler.addFilter(_add_request_id)
    form = "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"
    logging.basicConfig(level=level, format=form, handlers=[handler])


def _add_request_id(record: logging.LogRecord) -> bool:
    record.request_id = REQUEST_ID.get()
    return True
