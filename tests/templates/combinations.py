"""What may be combined: the two lists of the documentation, read as a person reads them.

Nothing here asks the product. ``refused`` is an oracle of its own: it knows the page, the rules for
names in other words, and Python's own lists; the validator has to agree with it.
"""

from __future__ import annotations

import keyword
import string
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .projects import Variant

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "answers.md"
WORDS = {"yes": True, "no": False}
Value = str | bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row of the second list: a value and why it is refused."""

    option: str
    value: str
    because: str


def _rows(column: str) -> Iterator[tuple[str, str, str]]:
    """The rows of the page's table whose second column has this title."""
    table = PAGE.read_text(encoding="utf-8").split(f"\n| option | {column} | because |\n")[1]
    for line in table.splitlines()[1:]:
        if not line.startswith("|"):
            return
        option, values, because = (cell.strip() for cell in line.strip("|").split(" | "))
        yield option.strip("`"), values, because


def _quoted(text: str) -> list[str]:
    return text.split("`")[1::2]


#: The first list: options and what each may be, every value with every other.
SUPPORTED: dict[str, tuple[Value, ...]] = {
    option: tuple(WORDS.get(value, value) for value in _quoted(values))
    for option, values, _ in _rows("supported")
}
#: The second list; a row that describes without an example value is left to the oracle.
UNSUPPORTED = [
    Refusal(option, _quoted(values)[0], because)
    for option, values, because in _rows("not supported")
    if values.startswith("`")
]

DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in range(10)
}
SMALL = string.ascii_lowercase
#: In the standard library of one supported Python but not of all, and a word of only some.
CHANGED = {
    *("aifc", "asynchat", "asyncore", "audioop", "cgi", "cgitb", "chunk", "crypt", "distutils"),
    *("imghdr", "imp", "lib2to3", "mailcap", "msilib", "nis", "nntplib", "ossaudiodev", "pipes"),
    *("smtpd", "sndhdr", "spwd", "sunau", "telnetlib", "uu", "xdrlib"),
    *("annotationlib", "compression", "type"),
}
#: Python has them and does not list them, or they are run because they bear these names.
FOUND = {
    *("test", "xxlimited", "xxlimited_35", "xxsubtype", "profiling"),
    *("env", "conftest", "sitecustomize", "usercustomize"),
}


def refused(answers: Mapping[str, Any], taken: Collection[str]) -> set[str]:
    """Name the options whose values are refused.

    Args:
        answers: Values by option, as somebody gives them; what is missing has a good default.
        taken: Names of the packages that a generated project installs.
    """
    found = {
        option
        for option, values in SUPPORTED.items()
        if option in answers and answers[option] not in values
    }
    project = answers.get("project_name", "my-service")
    if not good_project(project, taken):
        found.add("project_name")
    # What follows from a bad name goes with it.
    follows = "good" if "project_name" in found else derived(project)
    package = answers.get("package_name") or follows
    if not good_package(package, taken):
        found.add("package_name")
    description = answers.get("description", "A web API")
    if not (description.strip() and len(description) <= 200 and description.isprintable()):
        found.add("description")
    return found


def good_project(name: str, taken: Collection[str]) -> bool:
    ends = SMALL + SMALL.upper() + string.digits
    if not 1 <= len(name) <= 63 or name[0] not in ends or name[-1] not in ends:
        return False
    if set(name) - set(ends + "-_."):
        return False
    lowered = name.lower()
    for separator in "-.":
        lowered = lowered.replace(separator, "_")
    as_module = "_".join(part for part in lowered.split("_") if part)
    # Windows looks at what stands before the first dot.
    return name.lower().split(".")[0] not in DEVICES and as_module not in taken


def good_package(name: str, taken: Collection[str]) -> bool:
    parts = name.split("_")
    return (
        len(name) <= 40
        and all(parts)
        and not set("".join(parts)) - set(SMALL + string.digits)
        and name[0] in SMALL
        and name not in {*keyword.kwlist, *keyword.softkwlist, *sys.stdlib_module_names}
        and name not in CHANGED | FOUND | DEVICES
        and name not in taken
    )


def derived(project: str) -> str:
    """The package name that follows from a project's name."""
    kept = "".join(c if c in SMALL + string.digits else " " for c in project.lower()).split()
    name = "_".join(kept)
    if name[:1].isdigit():
        name = f"app_{name}"
    return name[:40].rstrip("_")


def every_combination() -> list[Variant]:
    """Every combination of the first list."""
    return [
        variant(dict(zip(SUPPORTED, values, strict=True)))
        for values in product(*SUPPORTED.values())
    ]


def few_combinations() -> list[Variant]:
    """A few combinations in which every two values meet."""
    rows = [dict(zip(SUPPORTED, values, strict=True)) for values in product(*SUPPORTED.values())]
    return [variant(row) for row in covering(rows)]


def variant(answers: Mapping[str, Any]) -> Variant:
    return Variant(**answers)


@dataclass(frozen=True, slots=True)
class Run:
    """A combination, the Python it is installed on, and which versions of its dependencies."""

    variant: Variant
    interpreter: str
    #: A key of ``RESOLUTIONS``.
    versions: str

    @property
    def id(self) -> str:
        return f"{self.variant.id}-on-{self.interpreter}-{self.versions}"


#: How ``uv sync`` chooses among the versions that a requirement allows.
RESOLUTIONS = {"newest": "highest", "lowest": "lowest-direct"}


def pairs(row: Mapping[str, Value]) -> set[Any]:
    """Every two values that a row brings together."""
    return set(combinations(sorted(row.items()), 2))


def covering(rows: Sequence[dict[str, Value]]) -> list[dict[str, Value]]:
    """Few of the rows, in which every two values meet that meet in any.

    Each is the one that adds the most pairs; of several it is one whose pairs were seen least.
    """
    chosen: list[dict[str, Value]] = []
    seen: Counter[Any] = Counter()
    left = [(row, pairs(row)) for row in reversed(rows)]
    while missing := set[Any]().union(*(each for _, each in left)) - set(seen):
        row, added = max(
            left, key=lambda each: (len(each[1] & missing), -sum(seen[pair] for pair in each[1]))
        )
        chosen.append(row)
        seen.update(added)
    return chosen


def possible(row: Mapping[str, Value]) -> bool:
    """Whether the interpreter is as new as the project asks for."""
    return _number(row["interpreter"]) >= _number(row["python_version"])


def _number(version: Value) -> tuple[int, ...]:
    return tuple(map(int, str(version).split(".")))


def axes() -> dict[str, Sequence[Value]]:
    """What the runs of a framework vary in: its options, the Python, and its dependencies."""
    # In this order fewest are needed; an option that came later goes last.
    first = ("python_version", "auth", "database", "interpreter", "docker", "ci", "versions")
    known: dict[str, Sequence[Value]] = {
        **SUPPORTED,
        "interpreter": SUPPORTED["python_version"],
        "versions": tuple(RESOLUTIONS),
    }
    return {name: known[name] for name in dict.fromkeys((*first, *known)) if name != "framework"}


def every_row() -> list[dict[str, Value]]:
    rows = (dict(zip(axes(), values, strict=True)) for values in product(*axes().values()))
    return [row for row in rows if possible(row)]


def run_of(framework: Value, row: Mapping[str, Value]) -> Run:
    """The run that a row describes."""
    options = {name: value for name, value in row.items() if name in SUPPORTED}
    made = variant({"framework": framework} | options)
    return Run(made, str(row["interpreter"]), str(row["versions"]))


@cache
def pairwise() -> list[Run]:
    """A small set of runs of each framework in which every two values meet that can."""
    chosen = covering(every_row())
    return [run_of(framework, row) for framework in SUPPORTED["framework"] for row in chosen]
