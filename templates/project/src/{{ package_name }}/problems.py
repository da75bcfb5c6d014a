"""RFC 9457 problem details: the one shape of every error."""

import json
import logging
import sqlite3
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from sqlalchemy import Index
from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    IntegrityError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError,
)
from sqlalchemy.schema import ColumnCollectionConstraint

from .db import is_unusable
from .http import REQUEST_ID
from .models import Base
from .schemas import Problem

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 100  # a small body can hold thousands, and each is longer than what it is about
# for the OpenAPI document: any answer that is not a success
ERROR_CONTENT = {MEDIA_TYPE: {"schema": Problem.model_json_schema()}}
ERROR_RESPONSE = {"description": "Error", "content": ERROR_CONTENT}
DATABASE_ERRORS = (DatabaseError, TimeoutError)  # the second: no connection of the pool is free
# unique and foreign keys, as PostgreSQL and SQLite say it; what else is refused, is not valid
CONFLICTS = {
    "23505",
    "23503",
    sqlite3.SQLITE_CONSTRAINT_UNIQUE,
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
    sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY,
}

log = logging.getLogger(__name__)


class ApiError(Exception):
    """Raise it anywhere below a route; the caller gets it as a problem."""

    def __init__(
        self,
        status: int,
        detail: str,
        headers: Mapping[str, str] | None = None,
        errors: list[dict[str, str]] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers
        self.errors = errors


def of_database(error: SQLAlchemyError) -> ApiError:
    """What the caller gets when the database refuses a value or fails: the log has the reason."""
    cause = getattr(error, "orig", error)
    if isinstance(error, IntegrityError | DataError):
        return _refusal(cause)
    if getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR or not (
        isinstance(error, OperationalError | TimeoutError) or is_unusable(cause)
    ):
        raise error  # a mistake in a query
    log.error("The database fails: %s", " ".join(str(cause).split()))
    return ApiError(503, "The database does not answer, try again later.", {"Retry-After": "5"})


def _refusal(cause: Any) -> ApiError:
    diag = getattr(cause, "diag", None)  # of PostgreSQL, whose message may hold values
    if diag is None:
        failed = str(cause).partition(" failed: ")[2]
    else:
        failed = diag.constraint_name or diag.column_name or ""
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorcode", None)
    log.warning("The database refuses a value: %s %s", code, failed)
    if code in CONFLICTS:
        return ApiError(409, _detail_for(failed) or "This conflicts with what is stored.")
    detail = _detail_for(failed) or "The database does not accept a value."
    each = {"detail": detail, "pointer": "", "location": "body", "type": "refused"}
    return ApiError(422, "The request is not valid.", errors=[each])


def _detail_for(failed: str) -> str | None:
    """What `models.py` says, as in `UniqueConstraint("email", info={"detail": "..."})`."""
    for table in Base.metadata.tables.values():
        for each in (*table.constraints, *table.indexes):
            if each.info and isinstance(each, ColumnCollectionConstraint | Index):
                columns = ", ".join(f"{table.name}.{column.name}" for column in each.columns)
                if failed in {each.name, columns}:  # PostgreSQL names it, SQLite its columns
                    return str(each.info["detail"])
    return None


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
