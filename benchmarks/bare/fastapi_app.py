# mypy: ignore-errors
# (runs in the environment of a generated project)
"""The bare FastAPI application: one route, nothing around it."""

from typing import Annotated

from fastapi import FastAPI, Header, HTTPException
from work import Page, page


def create_app() -> FastAPI:
    """Build the application."""
    app = FastAPI()

    @app.get("/api/v1/items")
    def list_items(authorization: Annotated[str, Header()]) -> Page:
        if found := page(authorization):
            return found
        raise HTTPException(401)

    return app
