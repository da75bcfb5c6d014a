"""Says which file names no template may bring, whoever wrote it."""

from __future__ import annotations

import unicodedata


def fault_of(path: str) -> str | None:
    """Say what is wrong with a path inside a template or project; ``None`` when nothing is.

    Nothing may leave the folder, and nothing may be written where git keeps what it runs, on any
    file system: some fold case, drop trailing dots, or do not see some characters.

    Args:
        path: Relative, with ``/`` between its parts.
    """
    for part in path.split("/"):
        if part in {"", ".", ".."}:
            return "leaves the folder"
        if any(unicodedata.category(character) == "Cc" for character in part):
            return "has control characters in its name"
        seen = "".join(each for each in part if unicodedata.category(each) != "Cf").casefold()
        if seen.split(":")[0].rstrip(". ") in {".git", "git~1"}:
            return "belongs to git itself"
    return None
