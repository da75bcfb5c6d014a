"""Around every request: its id, its size, security headers, a log line."""

import logging
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import quote

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge
from werkzeug.wsgi import get_input_stream

from .config import Settings
from .http import REQUEST_ID, begin_request, security_headers

log = logging.getLogger(__name__)


def init_app(app: Flask, settings: Settings) -> None:
    limit = settings.max_body_bytes
    app.config["MAX_CONTENT_LENGTH"] = limit + 1  # where Werkzeug cuts a chunked body, in silence
    production = settings.environment == "production"
    api_headers = security_headers(docs=False, production=production)
    docs_headers = security_headers(docs=True, production=production)

    @app.before_request
    def begin() -> None:
        begin_request(request.headers.get("X-Request-ID"))
        if read_body() > limit:
            raise RequestEntityTooLarge

    @app.after_request
    def finish(response: Response) -> Response:
        in_docs = request.endpoint in {"docs", "static"}
        response.headers.update(docs_headers if in_docs else api_headers)
        response.headers["X-Request-ID"] = REQUEST_ID.get()
        log.info("%s %s %d", request.method, quote(request.path), response.status_code)
        if response.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            drain(16 * limit)
        return response


def read_body() -> int:
    """Read the body while it can still be refused, and give its size."""
    try:
        size = len(request.get_data())
    except HTTPException:
        raise
    except Exception:  # chunks of a wrong form: each server has an error of its own for them
        raise BadRequest from None
    if size < (request.content_length or 0):  # the client hung up, and only some servers say so
        raise BadRequest
    return size


def drain(most: int) -> None:
    """Read what is left of a refused body: a client that is still sending would miss the answer."""
    rest = get_input_stream(request.environ)
    with suppress(Exception):  # it may be broken, too
        while most > 0 and (chunk := rest.read(min(most, 65536))):
            most -= len(chunk)
