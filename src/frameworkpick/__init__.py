"""Pick FastAPI or Flask with reasons, and get a proven project."""

from pathlib import Path

# The list names the newest release first. Reading it as TOML would slow every start down.
__version__ = (
    (Path(__file__).parent / "data/releases.toml")
    .read_text(encoding="utf-8")
    .partition('version = "')[2]
    .partition('"')[0]
)
