"""Exceptions to problems."""

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from .problems import (
    DATABASE_ERRORS,
    MEDIA_TYPE,
    MOST_ERRORS,
    ApiError,
    field_error,
    of_database,
    problem_body,
)

log = logging.getLogger(__name__)
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def problem(
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    errors: list[dict[str, str]] | None = None,
) -> Response:
    return Response(problem_body(status, detail, errors), status, headers, MEDIA_TYPE)


async def on_api_error(_: Request, error: ApiError) -> Response:
    return problem(error.status, error.detail, error.headers, error.errors)


async def on_database_error(request: Request, error: SQLAlchemyError) -> Response:
    return await on_api_error(request, of_database(error))


async def on_http_exception(_: Request, error: HTTPException) -> Response:
    return problem(error.status_code, error.detail, error.headers)


async def on_invalid_request(request: Request, error: RequestValidationError) -> Response:
    errors = error.errors()[:MOST_ERRORS]
    if errors[0]["type"] == "json_invalid":
        return problem(400, "The body is not valid JSON.")
    if _has_wrong_type(request.headers.get("content-type", ""), error.body):
        return problem(415, "The body does not have the content type that is expected here.")
    found = [field_error(error, error["loc"][0], error["loc"][1:]) for error in errors]
    return problem(422, "The request is not valid.", errors=found)


async def on_unexpected_error(_: Request, error: Exception) -> Response:
    log.error("Unhandled error", exc_info=error)
    return problem(500, "Something went wrong on our side.")


def _has_wrong_type(content_type: str, body: object) -> bool:
    if isinstance(body, FormData):  # empty when the type was not one of a form
        return content_type != "" and content_type.partition(";")[0].strip().lower() not in FORMS
    return isinstance(body, bytes)  # left unparsed, because it does not say that it is JSON


HANDLERS: dict[int | type[Exception], Any] = {
    ApiError: on_api_error,
    HTTPException: on_http_exception,
    RequestValidationError: on_invalid_request,
    **dict.fromkeys(DATABASE_ERRORS, on_database_error),
}
