"""Refuses flags that contradict each other: the last one would win, and nobody would be told."""

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand

from frameworkpick.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: How the two values of a yes or no can be spelled.
_SAME = {"yes": "true", "y": "true", "on": "true", "1": "true"} | dict.fromkeys(
    ("no", "n", "off", "0"), "false"
)


@dataclass(frozen=True, slots=True)
class _Given:
    """A flag as it was typed."""

    about: str  #: What it settles.
    value: str  #: How it settles that.
    words: str  #: Flag and value, for people.


class Command(TyperCommand):
    """A verb that takes no two flags that say different things of one."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the flags.

        Raises:
            InputError: Two contradict each other; every such two are named.
        """
        typed = list(args)  # reading takes them out
        left: list[str] = super().parse_args(ctx, args)
        if ctx.resilient_parsing:
            return left
        given = [each for each in self._given(typed) if each.about]
        problems = [
            f"{one.words} and {other.words} contradict each other."
            for one, other in combinations(given, 2)
            if one.about == other.about and one.value != other.value
        ]
        if problems:
            raise InputError(list(dict.fromkeys(problems)), "Give one of them.")
        return left

    def _given(self, args: "Sequence[str]") -> "Iterator[_Given]":
        """Go through the words as the parser does, which has accepted them."""
        known = {
            name: param for param in self.params for name in (*param.opts, *param.secondary_opts)
        }
        words = iter(args)
        for word in words:
            if word == "--":
                return
            name, equals, value = word.partition("=")
            if word.startswith("--") and name in known:
                if _takes_value(known[name]) and not equals:
                    value = next(words, "")
                yield _read(known[name], name, value)
            elif word.startswith("-") and not word.startswith("--"):
                for at, letter in enumerate(word[1:], start=2):
                    param = known.get(f"-{letter}")
                    if param is not None and _takes_value(param):
                        yield _read(param, f"-{letter}", word[at:] or next(words, ""))
                        break


def _takes_value(param: Any) -> bool:
    return not getattr(param, "is_flag", False)


def _read(param: Any, name: str, value: str) -> _Given:
    about = f"flag {param.name.replace('_', '-')}"
    if not _takes_value(param):
        return _Given(about, "false" if name in param.secondary_opts else "true", name)
    words = f"{name} {value}"
    if param.multiple:
        if "=" not in str(param.metavar):
            return _Given("", "", "")
        key, _, value = value.partition("=")
        about = _option(key) if param.name == "option" else f"{param.name} {key}"
    return _Given(about, _SAME.get(value.lower(), value), words)


def _option(key: str) -> str:
    """Name what ``--option`` settles: where the option has a flag of its own, the same."""
    from frameworkpick import catalog  # noqa: PLC0415 (only with this flag)

    flags = catalog.option_flags()
    return f"flag {flags[key]}" if key in flags else f"option {key}"
