"""The copy a project is proven on, and the environment it is proven in.

The owner's secrets, data and virtual environment stay unread: what is left out is not even opened.
Of the history git reads the migrations of the previous commit.
"""

from __future__ import annotations

import ast
import os
import re
import secrets
import shutil
import stat
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick import process

from .items import BODY_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Names left out of the copy wherever they stand.
LEFT_OUT = (
    ".git", ".hg", ".svn",
    ".env", ".env.*", ".envrc", "*.pem", "*.key",
    ".venv", "venv", "__pycache__", "*.py[co]", "*.egg-info", "node_modules",
    ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".tox", ".nox", ".coverage*",
    "*.db", "*.db-*", "*.sqlite", "*.sqlite-*", "*.sqlite3", "*.sqlite3-*", "*.log",
)  # fmt: skip
#: The same, only at the top of the project, where they hold data and never code.
LEFT_OUT_AT_TOP = ("data", "instance", "uploads", "build", "dist")
#: Decorators that register a handler.
METHODS = frozenset({"get", "post", "put", "patch", "delete", "route", "api_route"})
#: Copied although the names above say otherwise.
KEPT = (".env.example",)
#: Above what the probes need themselves, below what the throttling probe tries.
LOGIN_RATE = "15/minute"

#: Variables of the caller that a program needs to run, and to reach the network or a database.
_INHERITED = re.compile(
    r"PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|TMP|TEMP|XDG_\w+"
    r"|SYSTEMROOT|COMSPEC|PATHEXT|APPDATA|LOCALAPPDATA"
    r"|SSL_CERT_\w+|REQUESTS_CA_BUNDLE|(HTTPS?|ALL|NO)_PROXY|NETRC|UV_\w+"
    r"|PGPASSWORD|PGPASSFILE|PGSSL\w+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A copy of a project in a temporary folder."""

    root: Path  #: The temporary folder; everything of this run is below it.
    project: Path  #: The copy of the project.
    package: str  #: The project's package name.
    environment: Mapping[str, str]  #: Environment for every program, without any ``APP_*``.

    @property
    def programs(self) -> Path:
        """The folder of the programs installed for the copy."""
        return self.project / ".venv" / ("Scripts" if os.name == "nt" else "bin")

    def program(self, name: str) -> str:
        """Return the path of a program installed for the copy."""
        return str(self.programs / name)

    def code(self) -> Iterator[Path]:
        """Yield the Python files of the project's package."""
        return (self.project / "src" / self.package).rglob("*.py")


def copy_project(source: Path, target: Path) -> int:
    """Copy a project without the owner's secrets, data, environment and history.

    A symbolic link that stays inside the project is copied as a relative link; one that leads out
    of it, and anything that is neither file, folder nor link, is left out.

    Args:
        source: The project.
        target: Where to write; must not exist.

    Returns:
        The number of files copied.

    Raises:
        OSError: A file cannot be read or written.
    """
    source = source.resolve()
    count = 0
    for folder, folders, files in os.walk(source, onerror=_raise):
        here = Path(folder)
        there = target / here.relative_to(source)
        there.mkdir(parents=True)
        top = here == source
        # os.walk does not go into a link to a folder; the link itself is copied.
        links = [name for name in folders if (here / name).is_symlink()]
        folders[:] = [name for name in folders if not _left_out(name, top=top)]
        for name in [*files, *links]:
            if not _left_out(name, top=top):
                count += _copy(here / name, there / name, source)
    return count


def _raise(error: OSError) -> None:
    raise error


def _left_out(name: str, *, top: bool) -> bool:
    if name in KEPT:
        return False
    patterns = (*LEFT_OUT, *LEFT_OUT_AT_TOP) if top else LEFT_OUT
    return any(fnmatch(name, pattern) for pattern in patterns)


def _copy(path: Path, target: Path, root: Path) -> bool:
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        goal = Path(os.path.realpath(path))
        if goal.is_relative_to(root):
            target.symlink_to(os.path.relpath(goal, path.parent))
            return True
    elif stat.S_ISREG(mode):
        shutil.copy2(path, target)
        return True
    return False


def clean_environment(caller: Mapping[str, str], programs: Path) -> dict[str, str]:
    """Return the variables a program of the copy may see.

    Args:
        caller: The environment of this process.
        programs: The folder of the copy's programs; it comes first on PATH.
    """
    kept = {
        name: value
        for name, value in caller.items()
        if _INHERITED.fullmatch(name) and not process.foreign_to_uv(name)
    }
    kept["PATH"] = os.pathsep.join([str(programs), *filter(None, [kept.get("PATH")])])
    kept["PYTHONUNBUFFERED"] = "1"
    return kept


def engine_environment(caller: Mapping[str, str]) -> dict[str, str]:
    """Return the variables the docker program may see: also those that lead to the engine."""
    return {
        name: value
        for name, value in caller.items()
        if _INHERITED.fullmatch(name) or name.startswith("DOCKER_")
    }


def write_private(path: Path, text: str) -> Path:
    """Write a file that only its owner may read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    return path


def write_settings(path: Path, settings: Mapping[str, str]) -> Path:
    """Write variables as docker and compose read them, for the owner's eyes only."""
    return write_private(path, "".join(f"{name}={value}\n" for name, value in settings.items()))


def production_settings(database_url: str) -> dict[str, str]:
    """Return every ``APP_*`` variable of a production run, with a new random secret."""
    return {
        "APP_ENVIRONMENT": "production",
        "APP_DATABASE_URL": database_url,
        "APP_SECRET_KEY": secrets.token_urlsafe(48),
        "APP_ACCESS_TOKEN_SECONDS": "900",  # nosec B105 # a number of seconds
        "APP_REFRESH_TOKEN_SECONDS": "2592000",  # nosec B105 # a number of seconds
        "APP_LOGIN_RATE": LOGIN_RATE,
        "APP_RATE_STORAGE": "memory://",
        "APP_MAX_BODY_BYTES": str(BODY_LIMIT),
        "APP_DOCS": "true",
    }


def handler_names(sandbox: Sandbox) -> frozenset[str]:
    """Return the names of the functions that answer requests, registered or not.

    These are all functions of a ``routes`` folder or module, and elsewhere those with a decorator
    named like an HTTP method: services may bear the same names as handlers.
    """
    names: set[str] = set()
    for path in sandbox.code():
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError):
            continue  # The server and the linters will say so.
        routes = "routes" in path.relative_to(sandbox.project).with_suffix("").parts
        names.update(
            node.name
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and (routes or any(map(_registers, node.decorator_list)))
        )
    return frozenset(names)


def _registers(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(called, ast.Attribute) and called.attr in METHODS


def source_text(sandbox: Sandbox) -> str:
    """Return all code of the project's package as one text."""
    return "\n".join(path.read_text("utf-8", "replace") for path in sandbox.code())
