"""What people do to a project between two releases of its template: everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .releases import EDITORCONFIG, add, edit, markers
from .small import commit, git

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

OWN_README = "## How we work\n\nIn pairs.\n\n"
OWN_ADR = "\n## A year later\n\nStill the right one.\n"
OWN_RECORD = '\n# the team\'s own\n[check]\nignore = ["docs/**"]\n'
OWN_CLOCK = "def test_clock() -> None:\n    assert 12 < 24\n"


def work_a_little(project: Path) -> None:
    """Edit two files that 1.1.0 changes too, one of them in the same line; commit nothing."""
    edit(project / "src/shop/http.py", "uuid4().hex", 'f"shop-{uuid4().hex}"')
    edit(project / "README.md", "## Check it", "## Test it")


def assert_merged(project: Path, package: str = "shop", also: Collection[str] = ()) -> None:
    """Hold what the update to 1.1.0 makes of that."""
    http = (project / f"src/{package}/http.py").read_bytes().decode()
    assert 'f"shop-{uuid4().hex}"' in http
    assert "max-age=63072000" in http
    readme = (project / "README.md").read_bytes().decode().replace("\r\n", "\n")
    assert markers("## Test it\n", "## Prove it\n", "1.1.0") in readme
    if (project / ".git").exists():
        unmerged = set(git(project, "diff", "--name-only", "--diff-filter=U").split())
        assert unmerged == {"README.md", *also}, unmerged
        assert set(git(project, "diff", "--name-only").split()) == unmerged


def work_on_first(project: Path) -> None:
    """Edit a project of 1.0.0, and commit; some of it is ignored by git."""
    package = project / "src/shop"
    edit(package / "http.py", "uuid4().hex", 'f"shop-{uuid4().hex}"')
    edit(package / "problems.py", "MOST_ERRORS = 100", "MOST_ERRORS = 50")
    edit(project / "README.md", "## Check it", "## Test it")
    edit(project / "README.md", "## Settings", f"{OWN_README}## Settings")
    edit(project / "pyproject.toml", '    "pytest>', '    "polyfactory>=3,<4",\n    "pytest>')
    _append(project / "docs/adr/0001-web-framework.md", OWN_ADR)
    _append(project / ".frameworkpick.toml", OWN_RECORD)
    _append(project / "tests/test_main.py", "\n# ours\n")
    (project / "tests/test_users.py").unlink()
    (project / "AGENTS.md").unlink()
    add(project / ".editorconfig", EDITORCONFIG)
    add(project / "tests/test_clock.py", OWN_CLOCK)
    add(package / "billing.py", "PRICE = 5\n")
    add(project / "deploy/compose.yaml", (project / "compose.yaml").read_bytes())
    (project / "compose.yaml").unlink()
    edit(project / "deploy/compose.yaml", "  build: .", "  build: ..")
    pipeline = project / ".github/workflows/ci.yml"
    edit(pipeline, "jobs:", "# ours\njobs:")
    pipeline.write_bytes(pipeline.read_bytes().replace(b"\n", b"\r\n"))
    (project / "migrations/env.py").chmod(0o755)
    commit(project)
    _append(project / ".env", "OWN_TOKEN=hush\n")
    add(project / "dist/notes.txt", "mine\n")


def settle_first(project: Path) -> None:
    """Settle the conflicts that the update to 1.1.0 left, and commit."""
    readme = project / "README.md"
    before, _, rest = readme.read_text().partition("<<<<<<< yours\n")
    _, _, after = rest.partition(">>>>>>> template-1.1.0\n")
    readme.write_text(f"{before}## Test and prove it\n{after}")
    add(project / "tests/test_clock.py", OWN_CLOCK)
    commit(project)


def work_on_second(project: Path) -> None:
    """Edit the project that is now at 1.1.0, and commit."""
    add(project / "src/shop/static/icon.png", b"\0mine")
    add(project / "src/shop/static/favicon.ico", b"\0mine")
    edit(project / "CONTACT.md", "Write to", "Never write to")
    (project / "scripts/check.sh").rename(project / "scripts/prove.sh")
    _append(project / "src/shop/clock.py", "\nMINE = NOW\n")
    commit(project)


def settle_second(project: Path) -> None:
    """Keep the own picture, the one conflict of the update to 2.0.0, and commit."""
    commit(project)


def _append(path: Path, text: str) -> None:
    path.write_bytes(path.read_bytes() + text.encode())
