"""The only door to Copier: reads a template's questionnaire and renders a project into a folder."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from frameworkpick.core.selection import Choice, Question
from frameworkpick.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: Where a generated project says its template is; any machine with frameworkpick can resolve it.
TEMPLATE_ADDRESS = "frameworkpick://templates.git"
#: Copier's record in the generated project.
ANSWERS_FILE = ".copier-answers.yml"

_SOURCE_LINE = re.compile(r"^_(?:commit|src_path):.*\n", re.MULTILINE)


def load_questions(template: Path) -> tuple[Question, ...]:
    """Read the questionnaire of a template.

    Args:
        template: Folder that holds ``copier.yml``.

    Returns:
        The questions that are asked and recorded, in the order of the file. Text questions with a
        computed default have an empty one here.

    Raises:
        RenderError: The questionnaire is missing or not readable.
    """
    import yaml  # noqa: PLC0415 (only generating needs it)

    path = template / "copier.yml"
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise RenderError(
            f"The template's questionnaire {path} cannot be read: {error}",
            "Reinstall frameworkpick, or correct the file.",
        ) from error
    return tuple(
        _question(name, spec)
        for name, spec in loaded.items()
        if not name.startswith("_") and spec.get("when", True) is not False
    )


def render(
    template: Path, data: Mapping[str, str | bool], destination: Path, *, version: str
) -> None:
    """Render a template into a folder that does not exist yet.

    No network, no tasks, no settings of the person's own Copier. The record the project keeps names
    :data:`TEMPLATE_ADDRESS` and ``version`` in place of this machine's path.

    Args:
        template: Folder that holds ``copier.yml``.
        data: An answer to every question.
        destination: Folder to create.
        version: The template's version, as recorded for later updates.

    Raises:
        RenderError: The template refused the answers or is broken; the folder may be half-written.
    """
    import copier  # noqa: PLC0415 (takes most of a second)
    from plumbum import local  # noqa: PLC0415 (comes with copier)

    try:
        # Copier asks git about the executable bit, once a file; a new folder has no index.
        with local.env(PATH=""):
            copier.run_copy(
                str(template),
                destination,
                data=dict(data),
                defaults=True,
                quiet=True,
                settings=copier.Settings(),
                exclude=[".git"],
            )
    except Exception as error:  # copier lets jinja2's, plumbum's and plain ValueErrors through
        raise RenderError(
            f"The template could not be rendered: {error}",
            "If the template is yours, correct it; otherwise please report this.",
        ) from error
    _record_source(destination / ANSWERS_FILE, version)


def _question(name: str, spec: Mapping[str, object]) -> Question:
    text = str(spec.get("help", name))
    default = spec.get("default", "")
    if spec.get("type") == "bool":
        return Question(name, text, "flag", default=default is True)
    value = "" if "{{" in str(default) or "{%" in str(default) else str(default)
    choices = spec.get("choices")
    if isinstance(choices, dict):
        pairs = tuple(Choice(str(value), str(label)) for label, value in choices.items())
    elif isinstance(choices, list):
        pairs = tuple(Choice(str(value), str(value)) for value in choices)
    else:
        return Question(name, text, "text", value)
    return Question(name, text, "choice", value, pairs)


def _record_source(path: Path, version: str) -> None:
    """Name the portable address and version, where Copier wrote the path of this machine."""
    head, _, rest = path.read_text(encoding="utf-8").partition("\n")
    body = _SOURCE_LINE.sub("", rest)
    source = f"_commit: {version}\n_src_path: {TEMPLATE_ADDRESS}\n"
    path.write_text(f"{head}\n{source}{body}", encoding="utf-8", newline="\n")
