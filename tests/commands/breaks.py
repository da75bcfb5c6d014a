"""Faults to put into a generated project, and the probe that must find each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Break:
    """A fault put into a project, and the probe that must find it."""

    name: str
    #: The probe that must fail.
    probe: str
    #: File below the package folder.
    file: str
    #: What to replace: a regular expression and its replacement.
    old: str
    new: str
    #: Words that the evidence must hold.
    evidence: str = ""
    #: The frameworks whose code it fits.
    frameworks: tuple[str, ...] = ("fastapi", "flask")

    def path(self, project: Path) -> Path:
        return project / "src" / "parts_store" / self.file

    def apply(self, project: Path) -> None:
        path = self.path(project)
        text = path.read_text(encoding="utf-8")
        broken, count = re.subn(self.old, self.new, text, flags=re.MULTILINE)
        assert count, f"{self.old} is no longer in {self.file}"
        path.write_text(broken, encoding="utf-8")


BREAKS = [
    Break("route not registered", "openapi", "routes/__init__.py",
          r"items\.(router|bp), |, items\.(router|bp)", "", "create_item"),
    Break("decorator lost", "me", "routes/users.py", r"^@\w+\.get\([^)]*\)$", "", "404"),
    Break("header removed", "security headers", "http.py",
          r'^ +"X-Frame-Options": "DENY",$', "", "X-Frame-Options: missing"),
    Break("no HSTS in production", "security headers", "http.py",
          r"if production:", "if not production:", "Strict-Transport-Security: missing"),
    Break("request id dropped", "request id", "http.py",
          r"request_id = .*$", "request_id = uuid4().hex"),
    Break("refresh reuse not detected", "refresh reuse", "services.py",
          r"^ +if user_id is None:  # spent before.*\n.*$", "", "still works"),
    Break("refresh token not rotated", "refresh", "services.py",
          r"new = security\.successor\(old\)", "new = old", "new refresh token"),
    Break("docs from a CDN", "docs page", "static/index.html",
          r'src="[^"]*swagger-ui-bundle\.js"', 'src="https://cdn.example/ui.js"', "from elsewhere"),
    Break("docs asset missing", "docs assets", "static/index.html",
          r"swagger-ui\.css", "swagger-ui-2.css", "404"),
    Break("weak policy for docs", "docs page", "http.py",
          r"script-src 'self'", "script-src 'self' 'unsafe-inline'", "script-src"),
    Break("any origin allowed", "CORS closed", "http.py",
          r"if origin is None or origin not in origins:", "if origin is None:", "allowed"),
    Break("weak secret accepted", "weak secret refused", "config.py",
          r"if _is_guessable\(.*\):$", "if not self.secret_key:",
          "does not refuse"),
    Break("health is broken", "health", "routes/health.py",
          r'("""The process lives\."""\n +)return',
          r'\1raise RuntimeError("no")\n    return', "500"),
    Break("foreign item readable", "foreign item", "services.py",
          r", Item\.owner_id == _caller\(db, user_id\)\.id", "", "Expected 404, got 200"),
    Break("everybody's items listed", "foreign item", "services.py",
          r"mine = Item\.owner_id == .*$", "mine = Item.id == Item.id", "somebody else"),
    Break("problem body replaced", "unknown path", "problems.py",
          r'MEDIA_TYPE = "application/problem\+json"', 'MEDIA_TYPE = "application/json"',
          "Expected application/problem+json"),
    Break("lost write", "item create", "services.py",
          r"(def create_item(?:.*\n)+?.*)with sessions\.begin\(\) as db:((?:\n.*)+?)db\.add\(.*\)",
          r"\1with sessions() as db:\2db.add(item)\n        db.flush()", "404"),
    Break("not throttled", "login throttled", "throttling.py",
          r"if len\(times\) >= amount:", "if not amount:", "throttled"),
    Break("tells who has an account", "wrong password", "services.py",
          r"(    # no connection is held)",
          r'    if user is None:\n        raise Unauthorized("No such user.")\n\1',
          "who has an account"),
    Break("algorithm not fixed", "no token", "security.py",
          r"algorithms=\[ALGORITHM\],((?:\n.*)+?)options=\{",
          r'algorithms=[ALGORITHM, "none"],\1options={"verify_signature": False, ',
          "Expected 401"),
    Break("body not limited", "body too large", "middleware.py",
          r"(self\.)?settings\.max_body_bytes", "10**9", "Expected 413"),
    Break("starts with an error", "server starts", "app.py",
          r"^from importlib", "import no_such_module\nfrom importlib", "no_such_module"),
]  # fmt: skip


def remove_migrations(project: Path) -> None:
    for path in (project / "migrations" / "versions").glob("*.py"):
        path.unlink()


def break_migration(project: Path) -> None:
    [path] = (project / "migrations" / "versions").glob("*.py")
    path.write_text(
        path.read_text().replace("def upgrade() -> None:", "def upgrade() -> None:\n    1 / 0")
    )


def add_note(project: Path) -> None:
    """Give the models one more column."""
    models = project / "src" / "parts_store" / "models.py"
    column = "    note: Mapped[str | None] = mapped_column(String(10))\n"
    models.write_text(models.read_text() + column)


def rewrite_initial(project: Path) -> None:
    """Change the models, and the first revision to match: an applied one is not applied again."""
    add_note(project)
    [path] = (project / "migrations" / "versions").glob("*.py")
    key = '        sa.PrimaryKeyConstraint("id"'
    column = '        sa.Column("note", sa.String(length=10), nullable=True),\n'
    assert path.read_text().count(key) == 1
    path.write_text(path.read_text().replace(key, column + key))


def rename_initial(project: Path) -> None:
    """Give the first revision another id: no database of before knows it."""
    [path] = (project / "migrations" / "versions").glob("*.py")
    path.write_text(path.read_text().replace('revision = "0001"', 'revision = "1"'))


def add_a_column(project: Path, *, nullable: bool = True) -> None:
    """Change the models, with a revision of its own."""
    add_note(project)
    column = f'sa.Column("note", sa.String(length=10), nullable={nullable})'
    (project / "migrations" / "versions" / "0002_note.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n\n"
        'revision, down_revision = "0002", "0001"\n\n\n'
        "def upgrade() -> None:\n"
        '    with op.batch_alter_table("items") as items:\n'
        f"        items.add_column({column})\n"
    )


def need_a_value(project: Path) -> None:
    """Add a column that rows cannot get without a value."""
    add_a_column(project, nullable=False)
    models = project / "src" / "parts_store" / "models.py"
    models.write_text(models.read_text().replace("note: Mapped[str | None]", "note: Mapped[str]"))


def ignore_sigterm(project: Path) -> None:
    """Make the server deaf once it is up: both servers set their own handlers before."""
    lines = ["import signal", "signal.signal(signal.SIGTERM, signal.SIG_IGN)"]
    app = project / "src" / "parts_store" / "app.py"
    text = app.read_text(encoding="utf-8")
    if "def lifespan" in text:
        body = "".join(f"    {line}\n" for line in lines)
        app.write_text(text.replace("    yield\n", f"{body}    yield\n"), encoding="utf-8")
    else:
        body = "".join(f"    {line}\n" for line in lines)
        (project / "gunicorn.conf.py").write_text(f"def when_ready(server):\n{body}")


def fail_a_test(project: Path) -> None:
    (project / "tests" / "test_wrong.py").write_text(
        "def test_wrong() -> None:\n    assert not __file__\n"
    )


def unused_import(project: Path) -> None:
    (project / "src" / "parts_store" / "extra.py").write_text("import os\n")


def ugly(project: Path) -> None:
    (project / "src" / "parts_store" / "ugly.py").write_text("x = [ 1 ]\n")


def wrong_type(project: Path) -> None:
    (project / "src" / "parts_store" / "wrong_type.py").write_text('x: int = "1"\n')


def not_installable(project: Path) -> None:
    path = project / "pyproject.toml"
    path.write_text(
        re.sub(r'requires-python = ".*"', 'requires-python = ">=3.99"', path.read_text())
    )


def remove_items(project: Path) -> None:
    """Take a whole resource out of the API, as an owner would."""
    routes = project / "src" / "parts_store" / "routes"
    (routes / "items.py").unlink()
    path = routes / "__init__.py"
    text, count = re.subn(
        r"items(\.router|\.bp)?, |, items(\.router|\.bp)?\b", "", path.read_text()
    )
    assert count == 2, f"items are no longer imported and listed in {path}"
    path.write_text(text)
