"""Reads a template's questionnaire, as Copier does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from frameworkpick.core.options import UNKNOWN, ProjectOption
from frameworkpick.core.plain_text import decoded, one_line
from frameworkpick.core.selection import Choice, Question
from frameworkpick.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

#: Values that a questionnaire may hold; the built-in one has some hundred.
_MOST_VALUES = 100_000


def load_questions(
    template: Path, options: Mapping[str, ProjectOption] | None = None
) -> tuple[Question, ...]:
    """Read the questionnaire of a template.

    Args:
        template: Folder that holds ``copier.yml``.
        options: What is known of the options beside their questions.

    Returns:
        The questions that are asked and recorded, in the order of the file; secret ones are not
        recorded, and keep their default. A default that is computed is empty here.

    Raises:
        RenderError: The questionnaire is missing or not readable.
    """
    every = read_questionnaire(template)
    secret = every.get("_secret_questions") or ()
    specs = {
        name: spec if isinstance(spec, dict) else {"default": spec}
        for name, spec in every.items()
        if not name.startswith("_") and name not in secret
    }
    known = options or {}
    return tuple(
        replace(_question(name, spec), option=known.get(name, UNKNOWN))
        for name, spec in specs.items()
        if spec.get("when", True) is not False and not spec.get("secret")
    )


def read_questionnaire(template: Path) -> dict[str, Any]:
    """Read ``copier.yml`` as Copier does: every document, and what it includes."""
    import yaml  # noqa: PLC0415 (only generating needs it)

    root = template.resolve()

    class Loader(yaml.SafeLoader):
        """Knows ``!include``."""

    def load(path: Path) -> dict[str, Any]:
        if not path.resolve().is_relative_to(root):
            raise yaml.YAMLError(f"{path.name} lies outside of the template")
        merged: dict[str, Any] = {}
        loader = Loader(decoded(path.read_bytes()))
        try:
            while loader.check_node():
                node = loader.get_node()
                if _size(node, {}) > _MOST_VALUES:
                    raise yaml.YAMLError("its aliases stand for too many values")
                document = loader.construct_document(node)
                for part in document if isinstance(document, list) else [document or {}]:
                    merged |= part
        finally:
            loader.dispose()
        return merged

    def include(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> list[dict[str, Any]]:
        return [load(path) for path in sorted(root.glob(loader.construct_scalar(node)))]

    Loader.add_constructor("!include", include)
    path = template / "copier.yml"
    if (template / "copier.yaml").exists():
        raise RenderError(
            "The template has two questionnaires: copier.yml and copier.yaml.",
            "Have its owner remove the second.",
        )
    faults = (OSError, ValueError, TypeError, RecursionError, NotImplementedError, yaml.YAMLError)
    try:
        return {str(name): spec for name, spec in load(path).items()}
    except faults as error:
        raise RenderError(
            f"The template's questionnaire {path} cannot be read: {one_line(str(error))}",
            "Reinstall frameworkpick, or correct the file.",
        ) from error


def _size(node: Any, known: dict[int, int]) -> int:
    """Count the values that a node of YAML stands for, each alias as often as it is used."""
    if id(node) not in known:
        known[id(node)] = _MOST_VALUES + 1  # what holds itself has no end
        inner = node.value if isinstance(node.value, list) else ()
        flat = (each for pair in inner for each in (pair if isinstance(pair, tuple) else (pair,)))
        known[id(node)] = 1 + sum(_size(each, known) for each in flat)
    return known[id(node)]


def _question(name: str, spec: Mapping[str, object]) -> Question:
    text, default = str(spec.get("help", name)), spec.get("default")
    several = bool(spec.get("multiselect")) or isinstance(default, list | dict)
    left = (
        ("default" in spec and default is None) or _is_jinja(default) or _is_jinja(spec.get("when"))
    )
    computed, required = several or left, "default" not in spec and not left
    kind = str(spec.get("type") or ("str" if default is None else type(default).__name__))
    if kind == "bool" and not several:
        return Question(name, text, "flag", default is True, computed=computed, required=required)
    value = "" if several or default is None or _is_jinja(default) else str(default)
    choices = () if several else tuple(_choices(spec.get("choices")))
    typed = "yaml" if several else "" if kind == "str" else kind
    if choices and not any(_is_jinja(choice.value) for choice in choices):
        return Question(name, text, "choice", value, choices, computed, required, typed)
    return Question(name, text, "text", value, computed=computed, required=required, typed=typed)


def _choices(given: object) -> Iterator[Choice]:
    """Read the choices of a question in each of Copier's forms; none if they are worked out."""
    pairs = given.items() if isinstance(given, dict) else given if isinstance(given, list) else ()
    for pair in pairs:
        label, value = pair if isinstance(pair, list | tuple) else (pair, pair)
        if isinstance(value, dict):
            value = value.get("value")
        yield Choice(str(value), str(label))


def _is_jinja(value: object) -> bool:
    return isinstance(value, str) and ("{{" in value or "{%" in value)
