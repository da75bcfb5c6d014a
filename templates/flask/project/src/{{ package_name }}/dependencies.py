"""What views work with. As `current_app` is the application, so `sessions` is its part."""

from flask import Response, current_app
from pydantic import BaseModel
from werkzeug.local import LocalProxy

from .db import Sessions

sessions: Sessions = LocalProxy(lambda: current_app.extensions["sessions"])  # type: ignore[assignment]


def reply(model: BaseModel, status: int = 200, **headers: str) -> Response:
    """Let Pydantic write the JSON: it is faster than a dictionary and `jsonify`."""
    return Response(model.model_dump_json(), status, headers, mimetype="application/json")
