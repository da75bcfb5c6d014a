from __future__ import annotations

import os
import re
import signal
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frameworkpick.core.forms import plain
from frameworkpick.errors import InputError
from frameworkpick.probes import (
    ProbeResult,
    Status,
    VerifyResult,
    sandbox,
    server,
    service,
    setup,
)
from frameworkpick.probes.client import Client, ProbeFailed, Response
from frameworkpick.probes.containers import image, stack
from frameworkpick.probes.contract import CONTRACT
from frameworkpick.probes.database import check_url
from frameworkpick.probes.result import tail
from frameworkpick.probes.visit import HttpProbe, Running, Visit, problem, run_probes

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.version

# --- the copy -------------------------------------------------------------------------------


def tree(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "src" / "pkg" / "data").mkdir(parents=True)
    (folder / "src" / "pkg" / "app.py").write_text("def health(): ...\n")
    (folder / "src" / "pkg" / "data" / "words.txt").write_text("shipped with the package\n")
    (folder / "pyproject.toml").write_text('[project]\nrequires-python = ">=3.11"\n')
    (folder / ".env.example").write_text("APP_SECRET_KEY=\n")
    return folder


COPIED = {"src/pkg/app.py", "src/pkg/data/words.txt", "pyproject.toml", ".env.example"}


def test_code_is_copied_and_secrets_data_and_history_are_not(project: Path, tmp_path: Path) -> None:
    for name in (
        ".env",
        ".env.production",
        ".git/config",
        ".venv/bin/python",
        "app.db",
        "app.db-wal",
        "src/pkg/other.sqlite3",
        "data/customers.csv",
        "instance/secret.txt",
        "src/pkg/__pycache__/app.cpython-311.pyc",
        "server.key",
    ):
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("private")
    count = sandbox.copy_project(project, tmp_path / "copy")
    assert tree(tmp_path / "copy") == COPIED
    assert count == len(COPIED)


def test_what_is_left_out_is_not_even_opened(project: Path, tmp_path: Path) -> None:
    # Nobody writes to these pipes: whoever opens one to read waits for ever.
    os.mkfifo(project / ".env")
    os.mkfifo(project / "app.db")
    os.mkfifo(project / "src" / "queue")
    sandbox.copy_project(project, tmp_path / "copy")
    assert tree(tmp_path / "copy") == COPIED


def test_links_are_not_followed_out_of_the_project(project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("private")
    (project / "file_out").symlink_to(outside / "secret")
    (project / "folder_out").symlink_to(outside)
    (project / "up_and_out").symlink_to("../outside/secret")
    sandbox.copy_project(project, tmp_path / "copy")
    assert tree(tmp_path / "copy") == COPIED


def test_links_inside_the_project_lead_to_the_copy(project: Path, tmp_path: Path) -> None:
    (project / "code").symlink_to("src/pkg")
    (project / "absolute").symlink_to(project / "src" / "pkg" / "app.py")
    (project / ".env").write_text("private")
    (project / "to_env").symlink_to(".env")
    copy = tmp_path / "copy"
    sandbox.copy_project(project, copy)
    assert (copy / "code").resolve() == copy / "src" / "pkg"
    assert (copy / "absolute").resolve() == copy / "src" / "pkg" / "app.py"
    assert not (copy / "to_env").exists()


def test_a_project_reached_through_a_link_is_copied_whole(project: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(project)
    sandbox.copy_project(tmp_path / "link", tmp_path / "copy")
    assert tree(tmp_path / "copy") == COPIED


# --- the environment ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "APP_SECRET_KEY",
        "APP_ANYTHING",
        "VIRTUAL_ENV",
        "PYTHONPATH",
        "PYTHONHOME",
        "UV_PROJECT_ENVIRONMENT",
        "UV_PROJECT",
        "UV_NO_DEV",
        "UV_FROZEN",
        "PORT",
        "WEB_CONCURRENCY",
        "GUNICORN_CMD_ARGS",
        "FLASK_APP",
        "PYTEST_ADDOPTS",
        "DATABASE_URL",
        "MYPYPATH",
        "PGHOST",
    ],
)
def test_what_could_change_the_outcome_is_not_inherited(name: str) -> None:
    assert name not in sandbox.clean_environment({name: "x", "PATH": "/bin"}, Path("/copy/bin"))


@pytest.mark.parametrize(
    "name",
    ["HOME", "LANG", "LC_ALL", "SSL_CERT_FILE", "HTTPS_PROXY", "no_proxy", "UV_CACHE_DIR",
     "UV_INDEX_URL", "UV_PYTHON", "TMPDIR", "PGPASSWORD"],
)  # fmt: skip
def test_what_installing_and_connecting_needs_is_inherited(name: str) -> None:
    assert sandbox.clean_environment({name: "x"}, Path("/copy/bin"))[name] == "x"


def test_the_programs_of_the_copy_come_first_on_path() -> None:
    path = sandbox.clean_environment({"PATH": "/usr/bin"}, Path("/copy/bin"))["PATH"]
    assert path.split(os.pathsep) == ["/copy/bin", "/usr/bin"]


def test_every_run_has_its_own_strong_secret() -> None:
    secrets = {sandbox.production_settings("sqlite:///x")["APP_SECRET_KEY"] for _ in range(20)}
    assert len(secrets) == 20
    assert all(len(secret) >= 32 for secret in secrets)


@pytest.mark.parametrize(
    ("requires", "version", "expected"),
    [
        (">=3.11", (3, 11, 0), True),
        (">=3.12", (3, 11, 9), False),
        (">=3.11,<3.13", (3, 12, 4), True),
        (">=3.11, <3.13", (3, 13, 0), False),
        (">3.11", (3, 11, 0), False),
        ("<=3.12", (3, 12, 0), True),
        ("~=3.11", (3, 12, 0), False),
        ("==3.12.*", (3, 12, 1), False),
        ("", (3, 12, 1), False),
    ],
)
def test_an_interpreter_is_only_proposed_when_it_surely_fits(
    requires: str, version: tuple[int, int, int], *, expected: bool
) -> None:
    assert setup.allows(requires, version) is expected


@given(st.integers(8, 20), st.integers(8, 20), st.integers(0, 30))
def test_a_lower_bound_means_what_it_says(minimum: int, minor: int, micro: int) -> None:
    assert setup.allows(f">=3.{minimum}", (3, minor, micro)) is (minor >= minimum)


# --- the database ---------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["sqlite:///x.db", "mysql://host/db", "postgresql:", "nonsense"])
def test_a_database_url_that_is_no_postgresql_server_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="postgresql://user"):
        check_url(url, project_database="postgresql")


def test_a_project_without_a_driver_is_refused() -> None:
    with pytest.raises(InputError, match="database = sqlite"):
        check_url("postgresql://localhost/postgres", project_database="sqlite")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_spelling_of_a_postgresql_url_is_taken(scheme: str) -> None:
    check_url(f"{scheme}://user:pw@localhost:5432/postgres", project_database="postgresql")


# --- one probe and the next -----------------------------------------------------------------


@dataclass(slots=True)
class FakeClient:
    """Answers from a table instead of a socket."""

    answers: dict[str, Response] = field(default_factory=dict)

    def get(self, path: str, **_: object) -> Response:
        return self.answers.get(path, Response(f"GET {path}", 404, (), b""))


def visit(
    *answers: Response,
    handlers: frozenset[str] = frozenset(),
    source: str = "",
    openapi: dict[str, object] | None = None,
) -> Visit:
    client = FakeClient({answer.request.split()[1]: answer for answer in answers})
    return Visit(client, True, handlers, source, openapi=openapi)  # type: ignore[arg-type]  # noqa: FBT003


def probed(check: Callable[[Visit], str], of: Visit, **more: object) -> ProbeResult:
    probe = HttpProbe("probe", "service", check, **more)  # type: ignore[arg-type]
    return run_probes([probe], of, log=lambda: "a line\n", progress=lambda _: None)[0]


def passing(_: Visit) -> str:
    return "fine"


def failing(_: Visit) -> str:
    raise ProbeFailed("not fine")


def described(*names: str) -> dict[str, object]:
    return {"paths": {f"/{name}": {"get": {"operationId": name}} for name in names}}


def test_a_failed_probe_shows_what_the_server_logged_meanwhile() -> None:
    result = probed(failing, visit())
    assert result.status is Status.FAILED
    assert result.evidence == "not fine\n\nThe server's log:\na line"


def test_a_route_the_owner_removed_is_absent() -> None:
    owner = visit(openapi=described("other"))
    assert probed(failing, owner, operations=("get_item",)).status is Status.ABSENT


def test_a_handler_that_is_not_served_is_a_failure() -> None:
    forgotten = visit(openapi=described("other"), handlers=frozenset({"get_item"}))
    assert probed(failing, forgotten, operations=("get_item",)).status is Status.FAILED


def test_a_described_route_is_asked_whatever_its_handler_is_called() -> None:
    renamed = visit(openapi=described("get_item"))
    assert probed(passing, renamed, operations=("get_item",)).status is Status.PASSED


def test_docs_are_absent_only_when_neither_served_nor_in_the_code() -> None:
    page = Response("GET /docs", 200, (), b"")
    assert probed(failing, visit(), path="/docs").status is Status.ABSENT
    assert probed(failing, visit(source='"/docs"'), path="/docs").status is Status.FAILED
    assert probed(failing, visit(page), path="/docs").status is Status.FAILED


def test_what_needs_a_failed_probe_is_skipped_with_the_reason() -> None:
    probes = [
        HttpProbe("first", "service", failing),
        HttpProbe("second", "service", passing, needs=("first",)),
        HttpProbe("third", "service", passing, needs=("second", "not in this project")),
        HttpProbe("fourth", "service", passing, needs=("not in this project",)),
    ]
    results = run_probes(probes, visit(), log=lambda: "", progress=lambda _: None)
    assert [result.status for result in results] == ["failed", "skipped", "skipped", "passed"]
    assert [result.evidence for result in results[1:3]] == ["needs: first", "needs: second"]


def test_an_answer_of_another_shape_is_the_projects_failure() -> None:
    def surprised(_: Visit) -> str:
        raise KeyError("access_token")

    result = probed(surprised, visit())
    assert result.status is Status.FAILED
    assert "access_token" in result.evidence


def test_probes_for_accounts_are_left_out_without_accounts() -> None:
    probes = [HttpProbe("a", "items", passing), HttpProbe("b", "items", passing, accounts=True)]
    nobody = replace(visit(), accounts=False)
    results = run_probes(probes, nobody, log=lambda: "", progress=lambda _: None)
    assert [result.name for result in results] == ["a"]


def test_the_names_of_the_probes_are_unique_and_their_needs_come_before_them() -> None:
    seen: set[str] = set()
    for probe in CONTRACT:
        assert probe.name not in seen
        assert set(probe.needs) <= seen
        assert set(probe.operations) <= set(service.operations(accounts=True))
        seen.add(probe.name)


def test_the_reference_page_names_every_probe() -> None:
    page = Path(__file__).parents[1] / "docs" / "reference" / "verify.md"
    rows = [line for line in page.read_text().splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])}
    checks = {check.name for check in (setup.MIGRATE, setup.MIGRATION_CHECK, *setup.CHECKS)}
    lifecycle = {"install", "server starts", "server stops", "weak secret refused"}
    databases = {"create database", "drop database", "earlier database"}
    places = (image.BUILT, image.STARTED, image.STOPPED, stack.READ, stack.STARTED, stack.STOPPED)
    containers = {name for names in places for name, _ in names}
    containers |= {"image builds", "compose file", "removed"}
    asked = {probe.name for probe in CONTRACT}
    assert named == asked | checks | lifecycle | databases | containers


# --- what the answers must look like --------------------------------------------------------

PROBLEM = b'{"type":"about:blank","title":"x","status":404,"detail":"y","instance":"z"}'
PROBLEM_TYPE = (("content-type", "application/problem+json; charset=utf-8"),)


def test_a_problem_body_is_read() -> None:
    assert problem(Response("GET /", 404, PROBLEM_TYPE, PROBLEM), 404)["instance"] == "z"


@pytest.mark.parametrize(
    ("status", "headers", "body", "message"),
    [
        (404, (("Content-Type", "application/json"),), PROBLEM, "Expected application/problem"),
        (400, PROBLEM_TYPE, PROBLEM, "Expected 404, got 400"),
        (404, PROBLEM_TYPE, PROBLEM.replace(b"404", b"500"), "The body says status 500"),
        (404, PROBLEM_TYPE, PROBLEM.replace(b'"detail":"y",', b""), "lacks detail"),
        (404, PROBLEM_TYPE, b"[]", "not a JSON object"),
        (404, PROBLEM_TYPE, b"<h1>", "not JSON"),
    ],
)
def test_anything_else_is_no_problem_body(
    status: int, headers: tuple[tuple[str, str], ...], body: bytes, message: str
) -> None:
    with pytest.raises(ProbeFailed, match=message):
        problem(Response("GET /", status, headers, body), 404)


GOOD_PAGE = '<link rel="stylesheet" href="/docs/ui.css"><script src="/docs/ui.js"></script>'
GOOD_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"


def docs(page: str, policy: str = GOOD_POLICY) -> Visit:
    headers = (("Content-Type", "text/html"), ("Content-Security-Policy", policy))
    return visit(Response("GET /docs", 200, headers, page.encode()))


def test_a_local_page_under_a_strict_policy_passes() -> None:
    assert service.docs_page(docs(GOOD_PAGE)).endswith("all local")


@pytest.mark.parametrize(
    ("page", "policy", "message"),
    [
        (GOOD_PAGE + '<script src="https://cdn.example/x.js">', GOOD_POLICY, "from elsewhere"),
        (GOOD_PAGE + '<script src="//cdn.example/x.js">', GOOD_POLICY, "from elsewhere"),
        (GOOD_PAGE + '<link rel="icon" href="HTTP://x/y.png">', GOOD_POLICY, "from elsewhere"),
        (GOOD_PAGE + '<img src="https://x/y.png">', GOOD_POLICY, "from elsewhere"),
        (GOOD_PAGE + "<script>go()</script>", GOOD_POLICY, "inline script"),
        ("<h1>docs</h1>", GOOD_POLICY, "no script or no style"),
        (GOOD_PAGE, "script-src 'self' 'unsafe-inline'", "Expected script-src 'self'"),
        (GOOD_PAGE, "script-src 'self' https://cdn.example", "Expected script-src 'self'"),
        (GOOD_PAGE, "", "got no policy"),
    ],
)
def test_a_page_from_elsewhere_or_without_a_strict_policy_fails(
    page: str, policy: str, message: str
) -> None:
    with pytest.raises(ProbeFailed, match=message):
        service.docs_page(docs(page, policy))


@pytest.mark.parametrize("version", ["3.0.3", "2.0", "", "three"])
def test_an_old_openapi_version_fails(version: str) -> None:
    body = f'{{"openapi": "{version}", "paths": {{}}}}'.encode()
    with pytest.raises(ProbeFailed, match=r"Expected OpenAPI 3\.1"):
        service.openapi(visit(Response("GET /openapi.json", 200, (), body)))


def test_a_handler_missing_from_the_document_fails() -> None:
    body = b'{"openapi": "3.10.0", "paths": {}}'
    forgotten = visit(
        Response("GET /openapi.json", 200, (), body), handlers=frozenset({"get_me", "other"})
    )
    with pytest.raises(ProbeFailed, match=r"In the code, but not in openapi.json: get_me\."):
        service.openapi(forgotten)


def test_evidence_is_bounded_and_survives_any_bytes() -> None:
    text = str(Response("GET /", 500, (("a", "b"),), b"\xff" * 5000))
    assert text.startswith("GET / -> 500\na: b\n\n")
    assert len(text) < 1000
    assert tail("\n".join(map(str, range(100))), 3) == "97\n98\n99"


# --- the result -----------------------------------------------------------------------------


def result(*states: Status) -> VerifyResult:
    probes = tuple(ProbeResult(str(n), "setup", state, 0.1, "") for n, state in enumerate(states))
    return VerifyResult("p", "fastapi", "sqlite", probes, 1.0)


def test_only_a_failure_needs_attention() -> None:
    assert result(Status.PASSED, Status.ABSENT, Status.SKIPPED).exit_code == 0
    assert result(Status.PASSED, Status.FAILED).exit_code == 3


def test_the_result_counts_every_state() -> None:
    data = plain(result(Status.PASSED, Status.PASSED, Status.FAILED))
    assert data["counts"] == {"passed": 2, "failed": 1, "absent": 0, "skipped": 0}
    assert data["ok"] is False


# --- the server -----------------------------------------------------------------------------

#: Answers every GET; what it does about a weak secret and SIGTERM is said by arguments.
SERVER = """
import http.server, os, signal, sys
port, mode = int(sys.argv[1]), sys.argv[2]
if mode == "refuse" and len(os.environ["APP_SECRET_KEY"]) < 32:
    sys.exit("weak secret")
if mode == "die":
    sys.exit("no such module")
if mode == "ignore":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if mode == "error":
    signal.signal(signal.SIGTERM, lambda *_: os._exit(70))
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_): ...
http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


@pytest.fixture
def box(tmp_path: Path) -> sandbox.Sandbox:
    made = sandbox.Sandbox(tmp_path, tmp_path / "project", "pkg", {})
    made.programs.mkdir(parents=True)
    made.programs.joinpath("python").symlink_to(sys.executable)
    (made.project / "{package}.py").write_text("")
    (made.project / "pkg.py").write_text(SERVER)
    return made


def command(mode: str) -> tuple[str, ...]:
    return ("python", "{package}.py", "{port}", mode)


def launch(box: sandbox.Sandbox, mode: str) -> Running:
    return server.launch(box, command(mode), {"APP_SECRET_KEY": "x" * 40}, name=mode)


def test_a_server_that_answers_and_ends_on_sigterm_passes(box: sandbox.Sandbox) -> None:
    running = launch(box, "plain")
    assert server.wait_until_up(running).passed
    assert Client(running.port).get("/health").status == 200
    assert server.stop(running).passed


def test_a_server_that_dies_at_its_start_shows_its_log(box: sandbox.Sandbox) -> None:
    found = server.wait_until_up(launch(box, "die"))
    assert found.status is Status.FAILED
    assert "no such module" in found.evidence


def test_a_server_that_never_answers_is_given_up(
    box: sandbox.Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "START_DEADLINE", 0.5)
    (box.project / "pkg.py").write_text("import time; time.sleep(60)")
    running = launch(box, "plain")
    found = server.wait_until_up(running)
    running.process.stop(0.1)
    assert found.status is Status.FAILED
    assert "did not answer" in found.evidence


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [("ignore", "did not end within"), ("error", "ended with 70 after SIGTERM")],
)
def test_a_server_that_does_not_end_cleanly_fails(
    box: sandbox.Sandbox, mode: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "STOP_GRACE", 2.0)
    running = launch(box, mode)
    assert server.wait_until_up(running).passed
    found = server.stop(running)
    assert found.status is Status.FAILED
    assert sentence in found.evidence
    assert running.process.poll() is not None


def test_a_server_that_crashed_before_the_end_fails(box: sandbox.Sandbox) -> None:
    running = launch(box, "plain")
    assert server.wait_until_up(running).passed
    os.kill(running.process.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while running.process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    assert "gone before it was asked" in server.stop(running).evidence


def test_a_weak_secret_must_be_refused(box: sandbox.Sandbox) -> None:
    refused = server.weak_secret_refused(box, command("refuse"), {})
    assert refused.passed
    accepted = server.weak_secret_refused(box, command("plain"), {})
    assert accepted.status is Status.FAILED
    assert "does not refuse" in accepted.evidence


def test_a_server_that_does_not_speak_http_is_evidence(box: sandbox.Sandbox) -> None:
    code = SERVER.replace("self.send_response(200)", "os._exit(1)")
    (box.project / "pkg.py").write_text(code)
    running = launch(box, "plain")
    found = server.wait_until_up(running)
    assert found.status is Status.FAILED
    assert "The server ended with 1." in found.evidence


def test_handlers_are_found_whether_registered_or_not(project: Path, tmp_path: Path) -> None:
    package = project / "src" / "pkg"
    (package / "routes").mkdir()
    (package / "routes" / "users.py").write_text("async def get_me(): ...\n")
    (package / "main.py").write_text("@app.get('/')\ndef ready(): ...\ndef helper(): ...\n")
    (package / "services.py").write_text("@cache\ndef get_item(): ...\n@x.setter\ndef a(): ...\n")
    (package / "broken.py").write_text("def (")
    box = sandbox.Sandbox(tmp_path, project, "pkg", {})
    assert sandbox.handler_names(box) == {"get_me", "ready"}
    assert "get_item" in sandbox.source_text(box)
