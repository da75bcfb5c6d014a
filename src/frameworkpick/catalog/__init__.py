"""The catalog's door: reads the knowledge files whole and lists every fault at once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick.catalog.frameworks import FrameworkFile
from frameworkpick.catalog.questions import QuestionsFile, UseCasesFile
from frameworkpick.core.decision.knowledge import Knowledge
from frameworkpick.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frameworkpick.core.options import ProjectOption

_PACKAGE = Path(__file__).parents[1]
_CRITERIA = _PACKAGE / "data" / "criteria.toml"
_USE_CASES = _PACKAGE / "data" / "use_cases.toml"
_OPTIONS = "options.toml"
_HINT = "docs/concepts/scoring.md explains the form of the knowledge files."


def templates_root() -> Path:
    """Return the folder of the templates: the packaged one if it exists, else the checkout's."""
    packaged = _PACKAGE / "templates"
    return packaged if packaged.is_dir() else _PACKAGE.parents[1] / "templates"


def load_options(root: Path | None = None, label: str = "") -> Mapping[str, ProjectOption]:
    """Read what a template says of its options beside the questions.

    Args:
        root: The folder of the template; the built-in one if it says nothing, as older versions.
        label: What to call a template from elsewhere in a message.

    Raises:
        CatalogError: Something in the file is wrong; the message lists every fault.
    """
    from frameworkpick.catalog.options import OptionsFile  # noqa: PLC0415 (not for every verb)

    if root is None or not (root / _OPTIONS).is_file():
        root, label = templates_root(), ""
    file = OptionsFile(root / _OPTIONS, f"{label or f'{root.name}/'}{_OPTIONS}")
    if file.faults:
        raise CatalogError("\n".join(file.faults), f"The top of {_OPTIONS} explains its form.")
    return file.options


@cache
def option_flags() -> Mapping[str, str]:
    """Return the flag of each option that ``new`` has one for, without dashes."""
    return {name: option.flag for name, option in load_options().items() if option.flag}


def load_knowledge(
    root: Path | None = None,
    criteria: Path = _CRITERIA,
    use_cases: Path | None = _USE_CASES,
    *,
    label: str = "",
) -> Knowledge:
    """Read the questions, every framework's verdicts, and the use cases.

    Args:
        root: The folder of the templates; a folder in it with a ``framework.toml`` is a framework.
        criteria: The file with the questions.
        use_cases: The file with the use cases; None leaves it unread, for it costs time.
        label: What to call a template from elsewhere in a message. Its verdicts may be older or
            newer than the questions: what it does not say counts nothing, and its vetoes need not
            spare what the use cases here suggest.

    Raises:
        CatalogError: Something is missing or wrong; the message lists every fault.
    """
    root = root or templates_root()
    questions = QuestionsFile(criteria)
    paths = sorted(root.glob("*/framework.toml")) if questions.readable else []
    place = label or f"{root.name}/"
    files = [
        FrameworkFile(p, f"{place}{p.parent.name}/{p.name}", questions, lenient=bool(label))
        for p in paths
    ]
    own = [] if label else [file.framework for file in files if file.readable]
    cases = UseCasesFile(use_cases, questions, own) if use_cases and files else None
    every = (questions, *files, *((cases,) if cases else ()))
    faults = [fault for file in every for fault in file.faults]
    if questions.readable and not paths:
        name = label.removesuffix(": ") or root
        faults.append(f"{name} holds no framework: none of its folders has a framework.toml.")
    if faults:
        raise CatalogError("\n".join(faults), _HINT)
    return Knowledge(
        version=questions.version,
        lean_from=questions.lean_from,
        clear_from=questions.clear_from,
        tie_break=questions.tie_break,
        criteria=tuple(questions.criteria.values()),
        interactions=tuple(questions.interactions.values()),
        frameworks=tuple(sorted((file.framework for file in files), key=lambda f: f.rank)),
        use_cases=cases.use_cases if cases else (),
        gaps=tuple(gap for file in files for gap in file.gaps),
    )
