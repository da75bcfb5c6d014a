"""The last look before anything is written: every answer with its origin, each can be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from frameworkpick.core import sentences
from frameworkpick.core.decision import decide
from frameworkpick.core.preset import name_of, reason
from frameworkpick.errors import Cancelled, GoBack
from frameworkpick.wizard.criteria import (
    ask_criterion,
    ask_use_case,
    show_standing,
)
from frameworkpick.wizard.prompts import Row, choose, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frameworkpick.core.decision.answers import Answer, Situation
    from frameworkpick.core.decision.knowledge import Criterion, Knowledge

_GO, _OPTIONS, _USE_CASE, _OPEN, _STOP = "?go", "?options", "?use_case", "?open", "?stop"
_ORIGINS = {
    "default": "a default",
    "use_case": "suggested",
    "preset": "from the preset",
    "record": "recorded",
    "file": "from the file",
    "env": "from the environment",
    "asked": "your answer",
    "flag": "from the command line",
}

#: What follows: write the project, change the options, or choose a framework by other advice.
Then = Literal["write", "options", "advice"]


def review(knowledge: Knowledge, said: Situation, summary: Sequence[str]) -> tuple[Situation, Then]:
    """Show what will be written and every answer; let a person change any of them.

    Args:
        knowledge: Questions, use cases and verdicts.
        said: Everything said so far.
        summary: Lines to show above the question.

    Returns:
        Everything said, and what follows; ``advice`` as soon as the verdict is another one.

    Raises:
        Cancelled: Ctrl-C, or the person stops here.
        GoBack: The person wants the question before.
    """
    for line in summary:
        say(line)
    while True:
        chosen = choose(
            "Ready?",
            _rows(knowledge, said),
            default=_GO,
            instruction="(Enter writes it; choose an answer to change it)",
            back=True,
        )
        match chosen:
            case "?go":
                return said, "write"
            case "?options":
                return said, "options"
            case "?stop":
                raise Cancelled
            case _:
                pass
        if (lock := said.locked.get(chosen)) is not None:
            say(f"{chosen} is locked by {name_of(lock.layer)}{reason(lock.because)}.", indent=2)
            continue
        before = decide(knowledge, said)
        try:
            said = _changed(knowledge, said, chosen)
        except GoBack:
            continue
        after = decide(knowledge, said)
        same = before.verdict == after.verdict and before.advice.strength == after.advice.strength
        moves = "stays" if same else "moves"
        say(f"The verdict {moves}: {sentences.verdict(after)}")
        show_standing(after)
        say()
        if after.verdict != before.verdict:
            return said, "advice"


def _rows(knowledge: Knowledge, said: Situation) -> list[Row]:
    rows = [Row(_GO, "Write the project"), Row(_OPTIONS, "Change the options")]
    if knowledge.use_cases:
        use_case = knowledge.use_case(said.use_case) if said.use_case else None
        rows.append(Row(_USE_CASE, "use case", use_case.label if use_case else "Something else"))
    for criterion in knowledge.criteria:
        answer = said.answers.get(criterion.id)
        if answer is not None:
            rows.append(Row(criterion.id, criterion.id, _shown(criterion, answer, said)))
    if len(said.answers) < len(knowledge.criteria):
        rows.append(Row(_OPEN, "Answer another question", "one that was not asked"))
    return [*rows, Row(_STOP, "Stop here", "nothing is written")]


def _shown(criterion: Criterion, answer: Answer, said: Situation) -> str:
    option = criterion.option(answer.value) if answer.value else None
    label = option.label if option else answer.value or "Not sure"
    lock = said.locked.get(criterion.id)
    origin = f"locked by {name_of(lock.layer)}" if lock else _ORIGINS[answer.origin.name.lower()]
    return f"{label} ({origin})"


def _changed(knowledge: Knowledge, said: Situation, chosen: str) -> Situation:
    """Ask again what was chosen; a question that was never asked is chosen first."""
    if chosen == _USE_CASE:
        return ask_use_case(knowledge, said, back=True)
    if chosen == _OPEN:
        still_open = [c for c in knowledge.criteria if c.id not in said.answers]
        rows = [Row(c.id, c.question) for c in still_open]
        chosen = choose("Which one?", rows, default=rows[0].value, back=True)
    criterion = knowledge.criterion(chosen)
    assert criterion is not None  # noqa: S101 (every row stands for one) # nosec B101
    return ask_criterion(criterion, said, back=True)
