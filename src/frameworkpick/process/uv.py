"""Finds uv, and keeps from it what the caller's environment says of other projects."""

from __future__ import annotations

import re
import shutil
import subprocess  # nosec B404 # no shell

#: The first uv that installs what a generated project asks for; also the bound of our dependency.
OLDEST = (0, 9)

#: uv's variables that name another project or environment, leave out a part of this one, or write
#: a lock that no other uv agrees with. What leads to packages (indexes, proxies, certificates,
#: caches, credentials, the interpreter, the newest day) is not among them.
_FOREIGN = re.compile(
    r"VIRTUAL_ENV|PYTHON(HOME|PATH)"
    r"|UV_(PROJECT\w*|WORKING_DIR\w*|ENV_FILE|NO_ENV_FILE|DEV|NO_DEV|NO_\w*GROUPS?|NO_SYNC"
    r"|NO_PROJECT|NO_INSTALL_(PROJECT|WORKSPACE|LOCAL)|NO_EDITABLE|NO_SOURCES\w*|FROZEN|LOCKED"
    r"|ISOLATED|SYSTEM_PYTHON|RESOLUTION|PRERELEASE|FORK_STRATEGY|RUN_\w+|TOOL_\w+|INTERNAL_\w+)"
)


def foreign_to_uv(name: str) -> bool:
    """Whether a variable would make uv work on something else than the project it stands in."""
    return _FOREIGN.fullmatch(name) is not None


def find_uv() -> str | None:
    """Return the path of uv: the one on PATH, unless it is too old, else that of its package."""
    found = shutil.which("uv")
    if found and not _too_old(found):
        return found
    try:
        import uv  # noqa: PLC0415 (only looked up when needed)

        return uv.find_uv_bin()
    except (ImportError, FileNotFoundError):
        return None


def _too_old(uv: str) -> bool:
    """Whether this uv says that it is; one that says nothing is taken as it is."""
    try:
        said = subprocess.run(  # noqa: S603 (no shell) # nosec B603
            [uv, "--version"],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=20,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return False
    version = re.match(rb"uv (\d+)\.(\d+)", said)
    return version is not None and (int(version[1]), int(version[2])) < OLDEST
