"""How long ``check`` takes for sixty projects: ``python benchmarks/check.py [PROJECTS]``.

Half of the projects are behind by a version, every one has a name and options of its own, and
some files of each are changed. The templates are a copy of this checkout's, with two tags.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from frameworkpick import catalog, render

LIMIT = 60.0


def git(folder: Path, *words: str) -> None:
    """Run git for a person without settings."""
    who = ("-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "commit.gpgSign=0")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def make_template(folder: Path) -> None:
    """Copy the templates, and tag them before and after a change."""
    shutil.copytree(catalog.templates_root(), folder, symlinks=True)
    git(folder, "init", "--quiet")
    for version in ("0.1.0", "0.2.0"):
        (folder / "project" / "README.md.jinja").open("a").write(f"\nVersion {version}.\n")
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message", version)
        git(folder, "tag", version)


def make_projects(template: Path, folder: Path, number: int) -> list[Path]:
    """Render projects that differ in name and options, and change some files."""
    made = []
    for each in range(number):
        project = folder / f"service-{each}"
        git(template, "checkout", "--quiet", "0.1.0" if each % 2 else "0.2.0")
        data = {
            "framework": "flask" if each % 3 else "fastapi",
            "project_name": project.name,
            "database": "postgresql" if each % 4 else "sqlite",
            "docker": bool(each % 5),
        }
        version = "0.1.0" if each % 2 else "0.2.0"
        render.render(template, data, project, version=version, address=str(template))
        (project / "README.md").open("a").write("\nOur own words.\n")
        made.append(project)
    return made


def main() -> None:
    """Measure, and end with 1 above the limit."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    with tempfile.TemporaryDirectory() as scratch:
        template = Path(scratch, "templates")
        make_template(template)
        projects = make_projects(template, Path(scratch), number)
        words = ["check", "--quiet", "--template-url", str(template), *map(str, projects)]
        began, before = time.monotonic(), os.times()
        command = [sys.executable, "-m", "frameworkpick", *words]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        seconds, after = time.monotonic() - began, os.times()
    if done.returncode != 3:  # noqa: PLR2004 (they are behind)
        sys.exit(done.stderr)
    used = after.children_user + after.children_system
    used -= before.children_user + before.children_system
    print(done.stdout.splitlines()[-1])
    print(f"{number} projects: {seconds:.1f} s, {used:.1f} s of CPU, on {os.cpu_count()} cores")
    if seconds > LIMIT:
        sys.exit(f"More than {LIMIT:.0f} s.")


if __name__ == "__main__":
    main()
