"""Finds where in a template rendering failed: Copier's error says what, and not where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType


def place_of(error: BaseException, template: Path) -> str:
    """Return the file and the line, as far as they are known; else an empty text.

    Args:
        error: What Copier or Jinja raised.
        template: The folder of the template.
    """
    file, line = "", 0
    for trace in _traces(error):
        frame = trace.tb_frame
        if name := _inside(frame.f_code.co_filename, template):
            file, line = name, trace.tb_lineno  # Jinja's own: the last one is the nearest
        elif not line and isinstance(found := frame.f_locals.get("src_relpath"), Path):
            file = found.as_posix()  # Copier's, of the file that it was at
    for each in _causes(error):
        named = _inside(str(getattr(each, "filename", "") or ""), template)
        if named and isinstance(at := getattr(each, "lineno", None), int):
            file, line = named, at  # a template that Jinja cannot even read
    return f"{file}, line {line}" if file and line else file


def _inside(name: str, template: Path) -> str:
    path = Path(name)
    for root in (template, template.resolve()):
        if path.is_absolute() and path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    found: BaseException | None = error
    while found is not None and found not in seen:
        seen.append(found)
        found = found.__cause__ or found.__context__
    yield from reversed(seen)


def _traces(error: BaseException) -> Iterator[TracebackType]:
    for each in _causes(error):
        trace = each.__traceback__
        while trace is not None:
            yield trace
            trace = trace.tb_next
