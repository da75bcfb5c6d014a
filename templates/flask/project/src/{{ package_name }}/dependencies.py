"""What views work with. As `current_app` is the application, so these are its parts."""

from typing import Any

from flask import current_app
from werkzeug.local import LocalProxy

from .db import Sessions

Json = dict[str, Any]  # flask-openapi cannot resolve flask.typing.ResponseReturnValue

sessions: Sessions = LocalProxy(lambda: current_app.extensions["sessions"])  # type: ignore[assignment]
