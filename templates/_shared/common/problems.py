"""RFC 9457 problem details: the one shape of every error."""

import json
import logging
import sqlite3
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from sqlalchemy.exc import OperationalError, SQLAlchemyError, TimeoutError

from .http import REQUEST_ID
from .schemas import Problem

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 100  # a small body can hold thousands, and each is longer than what it is about
# for the OpenAPI document: any answer that is not a success
ERROR_CONTENT = {MEDIA_TYPE: {"schema": Problem.model_json_schema()}}
ERROR_RESPONSE = {"description": "Error", "content": ERROR_CONTENT}
DATABASE_ERRORS = (OperationalError, TimeoutError)  # the second: no connection of the pool is free

log = logging.getLogger(__name__)


class ApiError(Exception):
    """Raise it anywhere below a route; the caller gets it as a problem."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


def unavailable(error: SQLAlchemyError) -> ApiError:
    """What the caller gets of a database that is gone, locked or full: the log has the reason."""
    cause = getattr(error, "orig", error)
    if getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:  # a mistake in a query
        raise error
    log.error("The database fails: %s", " ".join(str(cause).split()))
    return ApiError(503, "The database does not answer, try again later.", {"Retry-After": "5"})


def problem_body(status: int, detail: str, errors: list[dict[str, str]] | None = None) -> bytes:
    problem = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": f"urn:request:{REQUEST_ID.get()}",
    }
    return json.dumps(problem | ({"errors": errors} if errors else {})).encode()


def field_error(
    error: Mapping[str, Any], location: str, path: Iterable[int | str]
) -> dict[str, str]:
    """Translate an error of Pydantic. Never repeats the input: it may be a password."""
    # such a message may quote the input
    quotes = not {"error", "reason"}.isdisjoint(error.get("ctx", ()))
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in path)
    return {
        "detail": "The value is not valid." if quotes else error["msg"],
        "pointer": "".join(f"/{part}" for part in parts),
        "location": location,
        "type": error["type"],
    }
