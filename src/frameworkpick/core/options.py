"""What is known of a project option beside its question: flag, what moves it, what it cannot be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effect:
    """What an answer of the recommendation does to an option."""

    criterion: str  #: The question of the recommendation.
    answer: str  #: The answer to it.
    value: str | bool | None  #: The default that the option gets; ``None`` leaves it.
    note: str  #: A sentence about it.


@dataclass(frozen=True, slots=True)
class ProjectOption:
    """What ``options.toml`` says of a question of the template."""

    flag: str = ""  #: Name of the flag of ``new``, without dashes; empty if it has none.
    effects: tuple[Effect, ...] = ()  #: What moves its default.
    #: Values that people may well ask for, with the reason why not, as the end of a sentence.
    refused: tuple[tuple[str, str], ...] = ()

    def why_not(self, value: object) -> str | None:
        """Return the reason why it cannot have this value, if that is a known one."""
        return next((because for refused, because in self.refused if refused == value), None)


#: Of an option that nothing is said of.
UNKNOWN = ProjectOption()
