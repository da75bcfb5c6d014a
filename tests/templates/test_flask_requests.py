"""What a Flask project's request handling promises to views that its owner adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .projects import Project

#: A view whose models are named against the habit: a body like a query, a query like a body.
OWN_VIEW = """
from flask import Response
from flask_openapi import APIBlueprint
from pydantic import BaseModel
from parts_store import app, routes

class SavedQuery(BaseModel):
    words: str

class Page(BaseModel):
    number: int

bp = APIBlueprint("own", __name__)

@bp.post("/own")
def save(query: Page, body: SavedQuery) -> Response:
    return Response()

routes.BLUEPRINTS.append(bp)
client = app.create_app().test_client()
for path in ("/own?number=x", "/own?number=1"):
    print(client.post(path, json={}).json["errors"][0]["location"])
"""


def test_an_error_says_where_the_input_was_read_from(installed: Callable[..., Project]) -> None:
    project = installed("flask")
    done = project.check("python", "-c", OWN_VIEW, env={"APP_ENVIRONMENT": "test"})
    assert [line for line in done.output.splitlines() if " " not in line] == ["query", "body"]
