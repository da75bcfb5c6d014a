"""The Jinja templates of the page, the picture and the decision record: the only door to jinja2."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


def templates(*, autoescape: bool = False) -> Environment:
    """Return what loads the templates of this folder.

    Args:
        autoescape: Whether what is put in is text, and markup in it is shown as it is.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 (takes 0.1 s)

    # Markdown knows no escapes; the page is escaped, and the picture escapes in its template.
    return Environment(  # nosec B701
        loader=PackageLoader("frameworkpick", "report"),
        autoescape=autoescape,  # noqa: S701
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
