"""Around every request: its id, its body, headers for browsers, a log line."""

import logging
import time
from typing import Any
from urllib.parse import quote

from flask import Flask, Request, Response, current_app, g, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    NotFound,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)

from .config import Settings
from .http import REQUEST_ID, begin_request, cors_headers, security_headers

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
INVALID_JSON = (BadRequest, RecursionError)  # what reading it raises

log = logging.getLogger(__name__)


class LastValues(ImmutableMultiDict[str, str]):
    """Of a name that comes twice in a query or a form, the last value counts."""

    def __getitem__(self, key: str) -> str:
        super().__getitem__(key)  # or it is not there
        return self.getlist(key)[-1]


class StrictRequest(Request):
    """Reads the body when a view wants it: its route is found by then, and the caller known.

    Does not let flask-openapi take a body that cannot be read for an empty one.
    """

    parameter_storage_class = LastValues

    def __init__(self, environ: dict[str, Any], *args: Any, **options: Any) -> None:
        # a WebSocket would get a 400 everywhere; take it out when you serve one
        environ.pop("HTTP_UPGRADE", None)
        super().__init__(environ, *args, **options)

    def get_data(self, *args: Any, **options: Any) -> Any:
        try:
            size = len(super().get_data())
        except HTTPException:
            raise
        except Exception:  # chunks of a wrong form: each server has an error of its own for them
            raise BadRequest from None
        if size >= current_app.config["MAX_CONTENT_LENGTH"]:
            raise RequestEntityTooLarge
        if size < (self.content_length or 0):  # the client hung up, and only some servers say so
            raise BadRequest
        return super().get_data(*args, **options)

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        if not self.get_data():
            return None
        try:
            value = super().get_json(force=force, cache=cache)
        except INVALID_JSON:
            raise BadRequest("The body is not valid JSON.") from None
        # it would parse the text of a JSON string once more
        return None if isinstance(value, str) else value

    @property
    def form(self) -> ImmutableMultiDict[str, str]:
        if self.mimetype and self.mimetype not in FORMS:
            raise UnsupportedMediaType
        self.get_data()
        return super().form


def init_app(app: Flask, settings: Settings) -> None:
    app.request_class = StrictRequest
    # where Werkzeug cuts a chunked body, in silence
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes + 1
    production = settings.environment == "production"
    api_headers = security_headers(docs=False, production=production)
    docs_headers = security_headers(docs=True, production=production)

    @app.before_request
    def begin() -> Response | None:
        g.began = time.perf_counter()
        begin_request(request.headers.get("X-Request-ID"))
        asks = request.headers.get("Access-Control-Request-Method")
        g.cors = cors_headers(request.method, request.origin, asks, settings.cors_origins)
        if "//" in request.environ["PATH_INFO"]:  # Werkzeug takes it for "/"
            raise NotFound
        is_preflight = "Access-Control-Allow-Methods" in g.cors
        return Response(status=204) if is_preflight else None

    @app.after_request
    def finish(response: Response) -> Response:
        in_docs = request.endpoint in {"docs", "static"}
        response.headers.update((docs_headers if in_docs else api_headers) | g.cors)
        response.headers["X-Request-ID"] = REQUEST_ID.get()
        if response.location and response.location.startswith("/"):
            response.location = settings.root_path + response.location
        if settings.cors_origins:
            response.vary.add("Origin")
        ms = 1000 * (time.perf_counter() - g.began)
        path, status = quote(request.path), response.status_code
        log.info("%s %s %d %.1f ms", request.method, path, status, ms)
        return response
