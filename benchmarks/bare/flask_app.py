# mypy: ignore-errors
# (runs in the environment of a generated project)
"""The bare Flask application: one route, nothing around it."""

from flask import Flask, abort, request
from work import page


def create_app() -> Flask:
    """Build the application."""
    app = Flask(__name__)

    @app.get("/api/v1/items")
    def list_items():  # noqa: ANN202 (what Flask takes)
        found = page(request.headers["Authorization"]) or abort(401)
        return found.model_dump(mode="json")

    return app
