"""How long the own tests of a generated project take, against the least that pytest needs.

The baseline is one test of one request to a bare application of the same framework, run by the
same environment. Needs uv and, once, the network to install the projects. Ends with 1 where even
the fastest run takes longer than it may: a busy machine makes a run slower, never faster.

Run it with the Python that frameworkpick is installed for: ``python benchmarks/suite.py``.
"""

from __future__ import annotations

import argparse
import os
import sys
import sysconfig
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.ratios import Ratio, alternate, print_table, seconds

#: Seconds that the own tests of a project may take on two cores.
LIMIT = 5.0
BARE = {
    "fastapi": """
from fastapi import FastAPI
from fastapi.testclient import TestClient

app = FastAPI()


@app.get("/")
def root() -> str:
    return "here"


def test_root() -> None:
    assert TestClient(app).get("/").status_code == 200
""",
    "flask": """
from flask_openapi import OpenAPI

app = OpenAPI(__name__)


@app.get("/")
def root() -> str:
    return "here"


def test_root() -> None:
    assert app.test_client().get("/").status_code == 200
""",
}


def measure(framework: str, folder: Path, rounds: int, python: str) -> Ratio:
    """Generate and install the fullest project on SQLite, and run its tests again and again."""
    tool = str(Path(sysconfig.get_path("scripts"), "frameworkpick"))
    flags = ["--yes", "--framework", framework, "--no-git", "--no-install", "--quiet"]
    project = folder / f"{framework}-full"
    seconds([tool, "new", project.name, "--output", str(folder), *flags])
    uv = str(Path(sysconfig.get_path("scripts"), "uv"))
    seconds([uv, "sync", "--quiet", "--python", python], project)
    bare = folder / f"{framework}-bare"
    bare.mkdir()
    (bare / "test_bare.py").write_text(BARE[framework], encoding="utf-8")
    pytest = [str(project / ".venv" / "bin" / "pytest"), "--quiet"]
    runs = alternate(lambda: seconds(pytest, project), lambda: seconds(pytest, bare), rounds)
    title = f"its own tests / one test of a bare application, {framework}"
    return Ratio(title, *runs, "s", f"at most {LIMIT:.0f} s")


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--python", default=sys.executable, help="the projects' interpreter")
    given = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else every run compiles every module
    with tempfile.TemporaryDirectory() as folder:
        ratios = [
            measure(framework, Path(folder), given.rounds, given.python) for framework in BARE
        ]
    print_table(ratios, given.rounds)
    if slow := [ratio.title for ratio in ratios if min(ratio.values) > LIMIT]:
        sys.exit(f"More than {LIMIT:.0f} s: {', '.join(slow)}")


if __name__ == "__main__":
    main()
