"""Migrations belong to the project: no verb touches one, and changed models get a drafted one."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from frameworkpick import process

from .killing import killed, writes
from .locks import on_path
from .releases import frameworkpick, new
from .small import commit, content, git, make_project, make_template, run, write

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

FIRST = "migrations/versions/0001_initial.py"
DRAFT = "migrations/versions/abc_draft.py"
MODELS = "src/shop/models.py"
MATRIX = pytest.mark.matrix
#: What a draft begins with where rows would lack a value.
REFUSAL = re.compile(r"if op\.get_bind.*?raise RuntimeError\(.*?\)\n", re.DOTALL)
OWNED = """
INSERT INTO items (id, owner_id, title, created_at, updated_at)
VALUES ('i', 'u', 'one', '2026-01-01', '2026-01-01')
"""
#: Stands for uv, and for alembic in what uv installs. Files beside it say what goes wrong.
UV = """\
#!/bin/sh
here=$(dirname "$0")
[ -e "$here/offline" ] && echo "error: Failed to fetch" && exit 2
[ "$1" = sync ] || exit 0
mkdir -p .venv/bin
echo '#!/bin/sh' > .venv/bin/alembic
cat > .venv/bin/python <<'END'
#!/bin/sh
test "$APP_ENVIRONMENT" = production && test ! -e .env || exit 1
echo drafted > migrations/versions/abc_draft.py
path='"migrations/versions/abc_draft.py"' needs='[["items", "owner_id"]]' drops='["a", "b.c"]'
echo "{\\"path\\": $path, \\"needs\\": $needs, \\"drops\\": $drops}" > "$4"
END
chmod +x .venv/bin/*
"""


@pytest.fixture(scope="module")
def migrating(tmp_path_factory: pytest.TempPathFactory, _own_settings: None) -> Path:
    """A template whose models, and whose first revision, depend on an answer."""
    template = make_template(tmp_path_factory.mktemp("migrating") / "team.git")
    versions = {
        "0.4.0": {
            "pyproject.toml": "[project]\n",
            "migrations/env.py": "",
            f"{FIRST}.jinja": "{{ database }} and more\n",
            "src/{{ package_name }}/models.py.jinja": "{{ database }}\n",
        },
        "0.5.0": {f"{FIRST}.jinja": "{{ database }} anew\n", "migrations/env.py": "# newer\n"},
    }
    for version, files in versions.items():
        write(template / "project", files)
        commit(template)
        git(template, "tag", version)
    return template


@pytest.fixture
def project(migrating: Path, tmp_path: Path) -> Path:
    made = make_project(migrating, tmp_path / "shop", version="0.4.0")
    write(made, {"../bin/uv": UV, ".env": "APP_ENVIRONMENT=local\n"})
    (made.parent / "bin/uv").chmod(0o755)
    return made


def add(
    project: Path, template: Path, *words: str, code: int | None = 0
) -> subprocess.CompletedProcess[str]:
    own = ("add", "database=postgresql", "--template-url", template)
    return run(*own, *words, cwd=project, code=code, env=on_path(project))


@pytest.mark.parametrize(
    ("theirs", "in_git"),
    [
        ("squashed\n", True),
        ("sqlite and more\n", False),
        pytest.param("sqlite and more\n", True, marks=MATRIX),
        pytest.param("squashed\n", False, marks=MATRIX),
        pytest.param(None, True, marks=MATRIX),
        pytest.param(None, False, marks=MATRIX),
    ],
)
def test_no_verb_touches_a_migration_and_check_calls_none_drift(
    project: Path, migrating: Path, theirs: str | None, *, in_git: bool
) -> None:
    write(project, {FIRST: theirs})
    commit(project)
    if not in_git:
        shutil.rmtree(project / ".git")
    both: tuple[tuple[str | Path, ...], ...] = (("add", "database=postgresql"), ("update",))
    for words in both:
        said = run(*words, "--template-url", migrating, "--json", cwd=project, env=on_path(project))
        assert FIRST not in said.stdout
        if in_git:
            commit(project)
        path = project / FIRST
        assert (path.read_text() if path.exists() else None) == theirs
    assert (project / "migrations/env.py").read_text() == "# newer\n"
    run("check", project, "--template-url", migrating, cwd=project)


def test_a_draft_is_staged_told_and_undone_with_the_rest(project: Path, migrating: Path) -> None:
    before = content(project)
    assert "a run drafts a revision" in add(project, migrating, "--dry-run").stdout
    assert content(project) == before
    said = json.loads(add(project, migrating, "--json").stdout)
    assert {"path": DRAFT, "what": "added", "why": ""} in said["files"]
    [step] = said["steps"]
    assert step["text"].startswith(f"Read {DRAFT}, drafted by alembic")
    assert "`uv run alembic upgrade head`" in step["text"]
    assert "have no value for items.owner_id" in step["text"]
    assert "It drops a and b.c, and what is in there." in step["text"]
    assert git(project, "show", f":{DRAFT}") == "drafted\n"
    assert not git(project, "diff", "--name-only")
    run("update", "--abort", cwd=project)
    assert content(project) == before
    assert not git(project, "status", "--porcelain")


@MATRIX
def test_a_draft_without_git_is_undone(project: Path, migrating: Path) -> None:
    shutil.rmtree(project / ".git")
    before = content(project)
    add(project, migrating)
    assert (project / DRAFT).read_text() == "drafted\n"
    run("update", "--abort", cwd=project)
    assert content(project) == before


def test_without_a_network_the_merge_stands_and_the_step_is_said(
    project: Path, migrating: Path
) -> None:
    (project.parent / "bin/offline").touch()
    [step] = json.loads(add(project, migrating, "--json").stdout)["steps"]
    assert "no revision was drafted: error: Failed to fetch." in step["text"]
    command = "uv run alembic revision --autogenerate -m 'Add database=postgresql'"
    assert f"`{command}`" in step["text"]
    assert git(project, "show", f":{MODELS}") == "postgresql\n"
    assert not (project / DRAFT).exists()


def test_with_conflicts_nothing_is_drafted(project: Path, migrating: Path) -> None:
    write(project, {MODELS: "mine\n"})
    commit(project)
    said = add(project, migrating, code=3).stdout
    assert "the conflicts have to be settled first" in " ".join(said.split())


@MATRIX
def test_a_draft_is_never_written_over_a_file(project: Path, migrating: Path) -> None:
    write(project, {DRAFT: "mine\n"})
    commit(project)
    [step] = json.loads(add(project, migrating, "--json").stdout)["steps"]
    assert f"{DRAFT} exists" in step["text"]
    assert (project / DRAFT).read_text() == "mine\n"
    assert not git(project, "diff", "--name-only")


@MATRIX
@pytest.mark.parametrize("in_git", [True, False])
def test_killed_while_a_draft_is_written_it_is_undone(
    project: Path, migrating: Path, monkeypatch: pytest.MonkeyPatch, *, in_git: bool
) -> None:
    monkeypatch.setenv("PATH", on_path(project)["PATH"])
    if not in_git:
        shutil.rmtree(project / ".git")
    words = ("add", "database=postgresql", "--template-url", migrating)
    before, folder = content(project), project.parent
    shutil.copytree(project, folder / "all/shop")
    total = writes(folder, folder / "all", *words, folder / "all/shop")
    for at in range(total - 6, total + 1) if in_git else (total - 3, total):
        tried = folder / f"at-{at}/shop"
        shutil.copytree(project, tried)
        killed(folder, tried, at, *words, tried)
        run("update", tried, "--abort", cwd=folder)
        assert content(tried) == before, at


@MATRIX
def test_accounts_come_to_a_database_with_rows_and_go_again(
    releases: dict[str, Path], tmp_path: Path
) -> None:
    release = releases["1.0.0"]
    given = ("--auth", "none", "--git", "--install")
    project = new(release, tmp_path, "fastapi", *given, python="3.11")
    first = (project / FIRST).read_bytes()
    in_project(project, "alembic", "upgrade", "head")
    sql(project, "INSERT INTO items VALUES ('i', 'one', NULL, '2026-01-01', '2026-01-01')")

    said = json.loads(frameworkpick(release, "add", "auth=tokens", "--json", cwd=project).stdout)
    assert "have no value for items.owner_id" in said["steps"][-1]["text"]
    assert (project / FIRST).read_bytes() == first
    refused = in_project(project, "alembic", "upgrade", "head", ok=False)
    assert "Rows of items need owner_id: fill it in here, or delete them." in refused
    [draft] = (project / "migrations/versions").glob("*_add_auth_tokens.py")
    draft.write_text(REFUSAL.sub('op.execute("DELETE FROM items")\n', draft.read_text()))
    commit(project)
    frameworkpick(release, "check", cwd=project)
    frameworkpick(release, "verify", cwd=project)  # registers on a new database, with its tests
    in_project(project, "alembic", "upgrade", "head")
    in_project(project, "alembic", "check")
    sql(project, "INSERT INTO users VALUES ('u', 'ann@example.com', 'Ann', 'x', '2026-01-01')")
    sql(project, OWNED)

    said = json.loads(frameworkpick(release, "remove", "auth", "--json", cwd=project).stdout)
    assert "drops token_families, users and items.owner_id" in said["steps"][-1]["text"]
    commit(project)
    in_project(project, "alembic", "upgrade", "head")
    in_project(project, "alembic", "check")
    assert (project / FIRST).read_bytes() == first
    frameworkpick(release, "verify", cwd=project)  # POST /items is 201


def in_project(project: Path, *words: str, ok: bool = True) -> str:
    """Run a program of the project's, as its README does."""
    uv = process.find_uv()
    assert uv
    done = process.run([uv, "run", "--quiet", *words], cwd=project, timeout=300)
    assert done.ok is ok, done.output
    return done.output


def sql(project: Path, statement: str) -> None:
    with closing(sqlite3.connect(project / "app.db")) as database:
        database.execute(statement)
        database.commit()
