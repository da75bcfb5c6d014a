"""Exceptions to problems."""

from collections.abc import Mapping
from typing import get_type_hints

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from .problems import (
    DATABASE_ERRORS,
    MEDIA_TYPE,
    MOST_ERRORS,
    ApiError,
    field_error,
    of_database,
    problem_body,
)


def init_app(app: Flask) -> None:
    app.register_error_handler(ApiError, on_api_error)
    app.register_error_handler(HTTPException, on_http_exception)
    for kind in DATABASE_ERRORS:
        app.register_error_handler(kind, on_database_error)


def problem(
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    errors: list[dict[str, str]] | None = None,
) -> Response:
    body = problem_body(status, detail, errors)
    return Response(body, status, headers, content_type=MEDIA_TYPE)


def on_api_error(error: ApiError) -> Response:
    return problem(error.status, error.detail, error.headers, error.errors)


def on_database_error(error: SQLAlchemyError) -> Response:
    return on_api_error(of_database(error))


def on_http_exception(error: HTTPException) -> ResponseReturnValue:
    """What Flask raises itself: 404, 405, 413, ..., and 500 for what nobody caught."""
    response = error.get_response()
    # the class's own description speaks to somebody at a browser
    detail = vars(error).get("description") or error.name
    response.data = problem_body(response.status_code, detail)
    response.content_type = MEDIA_TYPE
    return response


def on_invalid_request(error: ValidationError) -> Response:
    """The view's parameter tells where its model was read from: `path`, `query`, else the body."""
    view = current_app.view_functions[request.endpoint or ""]
    names = {model.__name__: name for name, model in get_type_hints(view).items()}
    location = {"form": "body"}.get(name := names.get(error.title, "body"), name)
    found = error.errors(include_url=False, include_input=False)[:MOST_ERRORS]
    errors = [field_error(each, location, each["loc"]) for each in found]
    return problem(422, "The request is not valid.", errors=errors)
