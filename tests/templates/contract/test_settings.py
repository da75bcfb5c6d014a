"""Settings that cannot work end the start, with a line on each: no worker starts over and over."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import httpx2
import pytest

from frameworkpick.process import run, start

from .deployment import GIVEN, production, serve, tokens_only

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.templates.projects import Project

    from .databases import Databases
    from .targets import Target

pytestmark = pytest.mark.skipif(bool(GIVEN), reason="needs a server of its own")

WRONG = [
    ("notaurl", "lots", "foo://hunter2", "shop/", '["http://localhost:3000"]'),
    (
        "oracle://user:hunter2@host",
        "0/minute",
        "redis://:hunter2@localhost",
        "/a/../b",
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
ROOT_PATH = "APP_ROOT_PATH: Input should be like /shop (no / at the end)"
ORIGINS = (
    "APP_CORS_ORIGINS: Input should be like https://app.example, http://localhost:3000 (scheme,"
    " host and port in lower case, no * and no / at the end, no quotes and no brackets around them)"
)


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_settings_that_cannot_work_end_the_start(
    target: Target,
    installed: Callable[..., Project],
    free_port: Callable[[], int],
    wrong: tuple[str, str, str, str, str],
) -> None:
    project = target.project(installed)
    names = ("DATABASE_URL", "LOGIN_RATE", "RATE_STORAGE", "ROOT_PATH", "CORS_ORIGINS")
    own = {f"APP_{name}": value for name, value in zip(names, wrong, strict=True)}
    own |= {"PORT": str(free_port()), "WEB_CONCURRENCY": "2"}
    done = project.run(*project.serve_command, env=production("") | own)
    assert done.returncode == 1, done.output
    throttle = THROTTLE if target.auth == "tokens" else []
    lines = [f"APP_DATABASE_URL: {DATABASE[wrong[0]]}", *throttle, ROOT_PATH, ORIGINS]
    assert done.output.splitlines() == lines


WEAK = ["changeme-changeme-changeme-changeme", "abcdefgh" * 4, "Please-Change-This-1f8b0c7de92a46"]
#: Secrets of every kind that is random; all of them have to pass.
RANDOM = """
import base64, secrets, uuid
from parts_store.config import _is_guessable

kinds = [
    lambda: secrets.token_urlsafe(32),
    lambda: secrets.token_urlsafe(48),
    lambda: secrets.token_hex(16),
    lambda: secrets.token_hex(32),
    lambda: str(uuid.uuid4()),
    lambda: uuid.uuid4().hex,
    lambda: base64.b64encode(secrets.token_bytes(32)).decode(),
]
print([secret for kind in kinds for _ in range(5000) if _is_guessable(secret := kind())])
"""


@tokens_only
def test_a_secret_that_can_be_guessed_ends_the_start(
    target: Target, installed: Callable[..., Project], free_port: Callable[[], int]
) -> None:
    project = target.project(installed)
    for weak in WEAK:
        own = production("sqlite://") | {"PORT": str(free_port()), "APP_SECRET_KEY": weak}
        done = project.run(*project.serve_command, env=own)
        assert done.returncode == 1
        assert done.output == "APP_SECRET_KEY must have 32 random bytes or more\n"


@tokens_only
@pytest.mark.matrix
def test_no_random_secret_is_refused(target: Target, installed: Callable[..., Project]) -> None:
    assert target.project(installed).check("python", "-c", RANDOM).output == "[]\n"


def test_a_host_that_is_no_address_here_is_named(
    target: Target, installed: Callable[..., Project]
) -> None:
    project = target.project(installed)
    own = {"HOST": "x86_64-conda-linux-gnu"}  # what conda sets
    done = project.run(*project.serve_command, env=production("sqlite://") | own)
    assert (done.returncode, done.output.splitlines()) == (
        1,
        [
            (
                "HOST: Input should be an address of this machine, not 'x86_64-conda-linux-gnu'."
                " conda sets HOST, too; put HOST=127.0.0.1 before the command"
            )
        ],
    )


@pytest.mark.matrix
@pytest.mark.parametrize("workers", ["1", "2"])
def test_all_addresses_are_those_of_ipv4_too(
    target: Target,
    installed: Callable[..., Project],
    databases: Databases,
    free_port: Callable[[], int],
    tmp_path: Path,
    workers: str,
) -> None:
    if not socket.has_dualstack_ipv6():
        pytest.skip("this machine has no IPv6")
    own = {"HOST": "::", "WEB_CONCURRENCY": workers}
    environment = production(databases.migrated(target)) | own
    port = free_port()
    with serve(target.project(installed), environment, tmp_path, port) as server:
        assert server.url == f"http://127.0.0.1:{port}"
        assert httpx2.get(f"http://[::1]:{port}/health").status_code == httpx2.codes.OK


def test_settings_and_data_stay_with_the_project(
    target: Target, installed: Callable[..., Project], tmp_path: Path
) -> None:
    """Whatever the current directory is; an editor's mark at the beginning of `.env` is no name."""
    project = target.project(installed)
    settings, database = project.folder / ".env", project.folder / "kept.db"

    def migrate(text: str, encoding: str) -> tuple[int, str]:
        settings.write_text(text, encoding)
        argv = [*project.serve_command, "migrate"]
        done = run(argv, cwd=tmp_path, env=project.environ({}), timeout=60)
        return done.returncode, done.output

    try:
        assert migrate("APP_DATABASE_URL=sqlite:///kept.db", "utf-8-sig")[0] == 0
        assert database.is_file()
        code, output = migrate("APP_DATABASE_URL=sqlite:///kept.db", "utf-16")
        assert (code, output.strip()) == (1, f"{settings} is not UTF-8: save it as UTF-8")
    finally:
        settings.unlink()
        database.unlink(missing_ok=True)
    assert list(tmp_path.iterdir()) == []


#: How the README starts the server while developing.
DEVELOPED = {
    "fastapi": "uvicorn --factory parts_store.app:create_app --reload --port {port}",
    "flask": "flask --app parts_store.app run --debug --port {port}",
}


def test_a_file_that_is_not_utf_8_is_named_by_every_start(
    target: Target,
    installed: Callable[..., Project],
    free_port: Callable[[], int],
    tmp_path: Path,
) -> None:
    project = target.project(installed)
    settings = project.folder / ".env"
    command = DEVELOPED[target.framework].format(port=free_port()).split()
    assert command[:3] == shown(project)[:3]
    sentence = f"ValueError: {settings} is not UTF-8: save it as UTF-8\n"

    def said(words: list[str], end: str, **own: str) -> str:
        log = tmp_path / "start.log"
        server = start(words, cwd=project.folder, env=project.environ(own), log=log)
        deadline = time.monotonic() + 30
        try:  # a reloader waits for the code to change
            while end not in log.read_text() and time.monotonic() < deadline:
                time.sleep(0.05)
        finally:
            server.stop(10)
        return log.read_text()

    settings.write_text("APP_LOG_LEVEL=ERROR", "utf-16")
    try:
        assert sentence in said(["alembic", "upgrade", "head"], sentence)
        assert sentence in said(command, sentence, FLASK_SKIP_DOTENV="1")
        if target.framework == "flask":  # its command reads the file before any code of ours
            assert "\nUnicodeDecodeError: " in said(command, "UnicodeDecodeError: ")
            assert "`UnicodeDecodeError`" in (project.folder / "README.md").read_text()
    finally:
        settings.unlink()


def shown(project: Project) -> list[str]:
    """The words after ``uv run`` of the first command in the README."""
    page = (project.folder / "README.md").read_text(encoding="utf-8")
    return page.partition("```sh\nuv run ")[2].partition("\n")[0].split()
