"""Generated requests against the production servers: no server error, no answer off the document.

Schemathesis reads ``/openapi.json``, sends what it allows and what it forbids, follows the links
between operations, and holds every answer against it. The seed is fixed, so a failure comes back.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from frameworkpick.process import run

from ..components import missing  # noqa: TID252 (one folder up is the nearest place both share)
from ..contract.deployment import (  # noqa: TID252 (the same)
    PASSWORD,
    V1,
    production,
    serve,
)
from ..projects import FRAMEWORKS  # noqa: TID252 (the same)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.templates.contract.deployment import Deployment
    from tests.templates.projects import Project

pytestmark = [pytest.mark.matrix, pytest.mark.fuzz]

SEED = 20_261_123
#: Generated requests for each operation and phase; what the document itself suggests comes on top.
EXAMPLES = 25
#: Seconds a run may take on a busy machine; it needs 60 to 90.
LIMIT = 480.0
#: Operations whose good requests are made of what other answers gave: none can be had by chance.
CHAINED = {f"POST {V1}/auth/login", f"POST {V1}/auth/refresh"}
#: Checks that a framework cannot pass, and why that is no fault of the contract.
OFF = {
    # Starlette answers 405 from the first route of a path, and names the methods of that one alone;
    # the contract asks for an Allow header and leaves its members open.
    "fastapi": ("allow_header_conformance",),
}


@pytest.fixture(scope="session")
def schemathesis() -> str:
    """The program, which is an extra that only this needs."""
    if importlib.util.find_spec("schemathesis") is None:
        missing("schemathesis is not installed; it comes with the extra `proof`")
    return str(Path(sys.executable).with_name("schemathesis"))


def users() -> dict[str, Any]:
    """Say how Alice and Bob log in, in the words of Web Fuzzing Commons."""
    token = {
        "extractFrom": "body",
        "extractSelector": "/access_token",
        "sendIn": "header",
        "sendName": "Authorization",
        "sendTemplate": "Bearer {token}",
    }
    endpoint = {
        "verb": "POST",
        "endpoint": f"{V1}/auth/login",
        "contentType": "application/x-www-form-urlencoded",
        "token": token,
    }
    fields = {"usernameField": "username", "passwordField": "password", "password": PASSWORD}
    return {
        "auth": [
            {
                "name": name,
                "loginEndpointAuth": endpoint
                | {"payloadUserPwd": fields | {"username": f"{name}@example.com"}},
            }
            for name in ("alice", "bob")
        ]
    }


@pytest.mark.parametrize("auth", ["tokens", "none"])
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_answer_is_as_documented(
    framework: str,
    auth: str,
    installed: Callable[..., Project],
    schemathesis: str,
    free_port: Callable[[], int],
    tmp_path: Path,
) -> None:
    project = installed(framework, auth)
    environment = production(f"sqlite:///{tmp_path / 'app.db'}")
    project.check("alembic", "upgrade", "head", env=environment)
    with serve(project, environment, tmp_path, free_port()) as server:
        if auth == "tokens":
            server.register("alice@example.com")
            server.register("bob@example.com")
        report = attack(schemathesis, server, tmp_path, OFF.get(framework, ()))
        assert server.client.get("/health").status_code == 200
        assert server.log is not None
        assert "Traceback" not in server.log.read_text(encoding="utf-8", errors="replace")

    # That nothing was found says something only if everything was asked, and let in.
    assert report["complete"]
    phases = {name: phase["status"] for name, phase in report["phases"].items()}
    assert phases["coverage"] == phases["fuzzing"] == phases["stateful"] == "success", phases
    operations = report["operations"]
    assert operations["tested"] == operations["total"] == (12 if auth == "tokens" else 7)
    accepted = {
        operation: sum(phase["accepted"] for phase in rates.values())
        for operation, rates in report["valid_rates"].items()
    }
    assert {name for name, count in accepted.items() if not count} <= CHAINED, accepted


def attack(
    schemathesis: str, server: Deployment, folder: Path, off: tuple[str, ...]
) -> dict[str, Any]:
    """Run the program in a folder of its own, and give its report."""
    shutil.copy(Path(__file__).with_name(f"{server.auth}.toml"), folder / "schemathesis.toml")
    (folder / "users.json").write_text(json.dumps(users()), encoding="utf-8")
    exclude = ["--exclude-checks", ",".join(off)] if off else []
    done = run(
        [
            schemathesis,
            *("run", f"{server.url}/openapi.json", "--checks", "all", *exclude),
            # One worker: with threads, ast.parse of CPython 3.11 fails now and then.
            *("--seed", str(SEED), "--max-examples", str(EXAMPLES), "--workers", "1"),
            *("--generation-database", "none", "--continue-on-failure", "--no-color"),
            *("--report", "json", "--report-json-path", "report.json"),
        ],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if "SCHEMATHESIS" not in name},
        timeout=LIMIT,
    )
    assert done.ok, f"{server.url} exit {done.returncode}:\n{done.output[-6000:]}"
    report: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return report
