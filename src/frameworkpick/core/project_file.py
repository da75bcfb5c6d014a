"""A project's ``.frameworkpick.toml``: what was decided, how to repeat it, and decided later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.core import toml
from frameworkpick.core.decision.answers import UNKNOWN
from frameworkpick.core.forms import SCHEMA, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from frameworkpick.core.decision import Decision
    from frameworkpick.core.decision.answers import Answers
    from frameworkpick.core.decision.recommendation import Recommendation


def project_record(
    decision: Decision,
    *,
    chosen: str,
    because: str | None,
    options: Mapping[str, object],
    date: str,
    tool_version: str,
    command: str,
) -> str:
    """Write the project's ``.frameworkpick.toml``: the decision, and how to repeat it.

    Args:
        decision: What was advised, and what that rests on.
        chosen: Id of the framework that was generated.
        because: The person's reason for choosing otherwise, if they did and gave one.
        options: The project's options: texts, truth values and numbers.
        date: The day of the decision, ``YYYY-MM-DD``.
        tool_version: Version of frameworkpick.
        command: The command that writes the same project again.
    """
    said, preset = decision.said, decision.preset
    record: dict[str, object] = {
        "schema": SCHEMA,
        "framework": chosen,
        "date": date,
        "tool_version": tool_version,
        "knowledge_version": decision.knowledge.version,
        "command": command,
    }
    if because:
        record["because"] = because
    if said.use_case:
        record["use_case"] = said.use_case
    return "\n".join(
        [
            "# Written by frameworkpick with the project, so that the decision can be read and",
            "# repeated. `unknown` means not sure. An update rewrites `command` and [options];",
            "# updates and later decisions go to the end.",
            "",
            *toml.pairs(record.items()),
            "",
            "[recommendation]",
            *_advice(decision.advice),
            "",
            "[answers]",
            *_said(_answers(said.answers)),
            "",
            "[options]",
            *toml.pairs(options.items()),
            *(["", "[weights]", *toml.pairs(said.weights.items())] if said.weights else []),
            *(["", "[preset]", *toml.pairs(plain(preset).items())] if preset else []),
            "",
        ]
    )


def with_decision(
    text: str,
    decision: Decision,
    *,
    before: Mapping[str, tuple[str, str]],
    about: Mapping[str, object],
) -> str:
    """Append a later decision to a project's record; nothing in it is changed.

    What was generated stays what it is: the framework, its options, the command that repeats it.

    Args:
        text: The record; its line ends are kept.
        decision: What is advised now, and what that rests on.
        before: The answers recorded until now, value and origin: one that stands keeps its origin.
        about: The day, versions, the decision record, and the use case.
    """
    weights = decision.said.weights
    said = _answers(decision.said.answers)
    for name, (value, origin) in before.items():
        if name in said and (said[name]["value"] or UNKNOWN) == value:
            said[name]["origin"] = origin
    lines = [
        "[[decisions]]",
        *toml.pairs(about.items()),
        "",
        "[decisions.recommendation]",
        *_advice(decision.advice),
        "",
        "[decisions.answers]",
        *_said(said),
        *(["", "[decisions.weights]", *toml.pairs(weights.items())] if weights else []),
    ]
    return appended(text, lines)


def appended(text: str, lines: Iterable[str]) -> str:
    """Append lines to a text after a blank one, with the line ends that it has."""
    end = "\r\n" if text.endswith("\r\n") else "\n"
    gap = "" if not text else end if text.endswith("\n") else end * 2
    return text + gap + end.join(lines) + end


def _answers(answers: Answers) -> dict[str, dict[str, str | None]]:
    """Return the answers with their origins as plain values, by name."""
    found: dict[str, dict[str, str | None]] = plain(dict(sorted(answers.items())))
    return found


def _advice(recommendation: Recommendation) -> list[str]:
    advice = {
        "verdict": recommendation.verdict,
        "strength": recommendation.strength,
        "margin": recommendation.margin,
        "leader": recommendation.ranking[0].framework,
    }
    return toml.pairs(advice.items())


def _said(answers: Mapping[str, Mapping[str, str | None]]) -> list[str]:
    told = ((name, {**said, "value": said["value"] or UNKNOWN}) for name, said in answers.items())
    return toml.pairs(told)
