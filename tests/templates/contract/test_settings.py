"""Settings that cannot work end the start, with a line on each: no worker starts over and over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .deployment import GIVEN, production

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.templates.projects import Project

    from .targets import Target

pytestmark = pytest.mark.skipif(bool(GIVEN), reason="needs a server of its own")

WRONG = [
    ("notaurl", "lots", "foo://hunter2", '["http://localhost:3000"]'),
    (
        "oracle://user:hunter2@host",
        "0/minute",
        "redis://:hunter2@localhost",
        "https://*.app.example",
    ),
]
DATABASE = {
    "notaurl": "Input should be like sqlite:///app.db or postgresql://user:password@host/name",
    "oracle://user:hunter2@host": "The driver 'oracledb' is not installed."
    " For PostgreSQL: uv add 'psycopg[binary]'",
}
THROTTLE = [
    "APP_LOGIN_RATE: Input should be like 10/minute",
    "APP_RATE_STORAGE: Input should be memory://, or redis://host after: uv add 'limits[redis]'",
]
ORIGINS = (
    "APP_CORS_ORIGINS: Input should be like https://app.example, http://localhost:3000 (scheme,"
    " host and port in lower case, no * and no / at the end, no quotes and no brackets around them)"
)


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_settings_that_cannot_work_end_the_start(
    target: Target,
    installed: Callable[..., Project],
    free_port: Callable[[], int],
    wrong: tuple[str, str, str, str],
) -> None:
    project = target.project(installed)
    names = ("APP_DATABASE_URL", "APP_LOGIN_RATE", "APP_RATE_STORAGE", "APP_CORS_ORIGINS")
    own = dict(zip(names, wrong, strict=True))
    own |= {"PORT": str(free_port()), "WEB_CONCURRENCY": "2"}
    done = project.run(*project.serve_command, env=production("") | own)
    assert done.returncode == 1, done.output
    throttle = THROTTLE if target.auth == "tokens" else []
    lines = [f"APP_DATABASE_URL: {DATABASE[wrong[0]]}", *throttle, ORIGINS]
    assert done.output.splitlines() == lines
