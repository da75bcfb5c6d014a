"""What views work with. As `current_app` is the application, so `sessions` is its part."""

from functools import cache
from typing import Any

from flask import Response, current_app
from pydantic import BaseModel
from werkzeug.local import LocalProxy

from .db import Sessions
from .schemas import PageQuery

sessions: Sessions = LocalProxy(lambda: current_app.extensions["sessions"])  # type: ignore[assignment]


def reply(model: BaseModel, status: int = 200, **headers: str) -> Response:
    """Let Pydantic write the JSON: it is faster than a dictionary and `jsonify`."""
    return Response(model.model_dump_json(), status, headers, mimetype="application/json")


class CachedPageQuery(PageQuery):
    """flask-openapi asks for the schema of a query in every request: this one is made once."""

    @classmethod
    def model_json_schema(cls, *args: Any, **options: Any) -> dict[str, Any]:
        return page_query_schema(*args, **options)


page_query_schema = cache(PageQuery.model_json_schema)
