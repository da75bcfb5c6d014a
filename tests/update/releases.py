"""Three releases of frameworkpick made from the templates as they are, and what a person edits.

1.0.0 holds them as they lie here. 1.1.0 and 2.0.0 change them as a later release would.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from ..listed import list_release  # noqa: TID252 (shared by all)
from .small import COMMAND, git

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
FRAMEWORKS = ("fastapi", "flask")
PACKAGE = "src/{{ package_name }}"

CLOCK = '"""The time of day."""\n\nfrom datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n'
EDITORCONFIG = "root = true\n\n[*]\nindent_style = space\n"
BINARIES = ("static/favicon.ico", "static/logo.png", "static/icon.png")
QUESTIONS = """\
cache:
  type: bool
  help: Remember answers for a while
  default: true

contact:
  type: str
  help: Whom to write to
  default: "{{ project_name }}@example.org"

cache_size:
  type: int
  help: How many answers to remember
  default: 100
  when: "{{ cache }}"

# Which file belongs"""
NO_CACHE = "{% if cache is defined and not cache %}docs/cache.md{% endif %}"
UPGRADES = """
[[upgrade]]
version = "1.1.0"
kind = "manual"
summary = "Set APP_CACHE."
details = "See docs/cache.md."
when = { cache = true }

[[upgrade]]
version = "1.1.0"
kind = "breaking"
summary = "Python 3.11 is not supported any more."

[[upgrade]]
version = "1.1.0"
kind = "manual"
summary = "Upgrade the PostgreSQL server."
details = '''
With its own command:
    docker compose exec -T db pg_dump --username=app --format=custom app > ~/a-long-name.dump'''
when = { database = "postgresql" }
"""
LATER = """
[[upgrade]]
version = "2.0.0"
kind = "breaking"
summary = "Strict-Transport-Security holds for three years."
"""


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that has to be there."""
    text = path.read_bytes().decode()
    assert old in text, f"{path} does not hold {old!r} any more"
    path.write_bytes(text.replace(old, new, 1).encode())


def add(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def second(templates: Path) -> None:
    """What 1.1.0 changes: every kind of change that a release brings."""
    project = templates / "project"
    package = project / PACKAGE
    edit(package / "http.py", "max-age=31536000", "max-age=63072000")  # a shared module
    edit(project / "README.md.jinja", "## Check it", "## Prove it")
    edit(project / "AGENTS.md.jinja", "# Working in", "# Working well in")
    edit(project / "compose.yaml.jinja", "tmpfs: [/tmp]", "tmpfs: [/tmp, /run]")
    questions = templates / "copier.yml"  # new questions, and an option that goes
    edit(questions, 'choices: ["3.11", "3.12", "3.13", "3.14"]\n  default: "3.11"',
         'choices: ["3.12", "3.13", "3.14"]\n  default: "3.12"')  # fmt: skip
    edit(questions, "# Which file belongs", QUESTIONS)
    edit(questions, "_exclude:\n", f'_exclude:\n  - "{NO_CACHE}"\n')
    for path in templates.rglob("*"):  # a module gets another name
        if path.suffix in {".py", ".jinja"} and path.is_file():
            text = path.read_text()
            path.write_text(re.sub(r"(from \.+)problems import", r"\1problem_details import", text))
    (package / "problems.py").rename(package / "problem_details.py")
    add(package / "clock.py", CLOCK)
    add(project / "tests/test_clock.py", "def test_clock() -> None:\n    assert True\n")
    add(project / ".editorconfig", EDITORCONFIG)
    add(project / "docs/cache.md.jinja", "# Cache\n\nKeeps {{ cache_size }} answers.\n")
    add(project / "CONTACT.md.jinja", "Write to {{ contact }}.\n")
    add(project / ".env.jinja", "APP_SECRET_KEY=template\n")  # what no template should do
    # Under its own name it is a rule for the templates, too, and git would not add this one.
    (project / ".gitignore").rename(project / ".gitignore.jinja")
    add(project / "dist/notes.txt", "template\n")
    add(project / "scripts/check.sh", "#!/bin/sh\nexec uv run pytest\n")
    (project / "scripts/check.sh").chmod(0o755)
    for name in BINARIES:
        add(package / name, b"\0one")
    (project / "tests/test_main.py.jinja").unlink()
    (project / "tests/test_docs.py").unlink()
    with (templates / "UPGRADES.toml").open("a") as notes:
        notes.write(UPGRADES)


def third(templates: Path) -> None:
    """What 2.0.0 changes on top of that."""
    project = templates / "project"
    package = project / PACKAGE
    edit(package / "http.py", "max-age=63072000", "max-age=94608000")
    edit(project / "README.md.jinja", "## What is where", "## Where is what")
    add(package / "static/logo.png", b"\0two")
    add(package / "static/icon.png", b"\0two")
    add(project / "scripts/check.sh", "#!/bin/sh\nexec uv run pytest --quiet\n")
    (project / "CONTACT.md.jinja").unlink()
    with (templates / "UPGRADES.toml").open("a") as notes:
        notes.write(LATER)


RELEASES: tuple[tuple[str, Callable[[Path], None]], ...] = (
    ("1.0.0", lambda _: None),
    ("1.1.0", second),
    ("2.0.0", third),
)


def make_releases(folder: Path) -> dict[str, Path]:
    """Make a checkout of each release; the later ones know the earlier ones."""
    made: dict[str, Path] = {}
    root = folder / "work"
    shutil.copytree(ROOT / "src", root / "src")
    shutil.copytree(ROOT / "templates", root / "templates", symlinks=True)
    (root / ".gitignore").write_text("__pycache__/\ntemplates.bundle\n")
    git(root, "init", "--quiet")
    for version, change in RELEASES:
        change(root / "templates")
        list_release(root, version, first=version == RELEASES[0][0])
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "--message", version)
        made[version] = shutil.copytree(root, folder / version, symlinks=True)
    return made


def frameworkpick(
    release: Path, *words: str | Path, cwd: Path, code: int | None = 0, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run the program of a release, as who has installed that one does."""
    done = subprocess.run(
        [*COMMAND, *map(str, words)],
        cwd=cwd, env=os.environ | {"PYTHONPATH": str(release / "src")} | variables,
        capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, timeout=300,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    assert code is None or done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return done


def new(release: Path, into: Path, framework: str, *words: str, python: str = "3.12") -> Path:
    """Make a project named shop with a release."""
    into.mkdir(parents=True, exist_ok=True)
    given = ["--yes", "--framework", framework, "--python", python]
    given += [] if "--install" in words else ["--no-install"]
    frameworkpick(release, "new", "shop", *given, *words, cwd=into)
    return into / "shop"


def markers(ours: str, theirs: str, version: str) -> str:
    """Spell a conflict as it stands in a file."""
    return f"<<<<<<< yours\n{ours}=======\n{theirs}>>>>>>> template-{version}\n"
