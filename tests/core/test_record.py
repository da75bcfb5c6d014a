"""What is kept: JSON with stable keys, and a record that a machine reads back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib

from hypothesis import given
from hypothesis import strategies as st

from frameworkpick.core.decision.answers import Answer, Origin
from frameworkpick.core.forms import plain
from frameworkpick.core.project_file import project_record

from .samples import KNOWLEDGE, decided, flags

SAID = flags({"output_kind": "html_pages", "hosting": "wsgi_only", "app_size": None})


def record(**changed: object) -> str:
    given: dict[str, object] = {
        "chosen": "flask",
        "because": None,
        "options": {"auth": "tokens", "docker": True},
        "date": "2026-11-22",
        "tool_version": "1.2.3",
        "command": "frameworkpick new shop -a hosting=wsgi_only",
    }
    return project_record(decided(SAID), **(given | changed))  # type: ignore[arg-type]  # every key is given above


def test_the_json_keeps_its_keys_in_their_order() -> None:
    data = plain(decided(SAID))

    assert list(data) == [
        "schema", "verdict", "strength", "margin", "ranking", "instead", "reasons", "against",
        "flips", "completeness", "answers", "advice", "way_back", "tie_break",
        "pairs", "sturdiness", "use_case", "weights", "suggested",
    ]  # fmt: skip
    reason = ["framework", "criterion", "option", "points", "because", "source", "checked"]
    assert list(data["ranking"][0]) == ["framework", "points", "vetoed"]
    assert set(reason) <= set(data["reasons"][0])
    assert set(reason) <= set(data["against"])
    assert list(data["flips"][0]) == ["criterion", "from", "to", "verdict", "strength"]
    assert list(data["completeness"]) == ["answered", "of", "worst", "best", "decided"]
    assert data["schema"] == 1


def test_the_json_is_what_was_recommended() -> None:
    data = json.loads(json.dumps(plain(decided(SAID))))

    assert (data["verdict"], data["strength"], data["margin"]) == ("flask", "constraint", 3)
    assert data["answers"] == {
        "app_size": {"value": None, "origin": "flag"},
        "hosting": {"value": "wsgi_only", "origin": "flag"},
        "output_kind": {"value": "html_pages", "origin": "flag"},
    }
    veto = next(reason for reason in data["reasons"] if reason["veto"])
    assert veto["source"].startswith("https://")
    assert veto["checked"] == "2026-11-22"
    assert data["completeness"]["answered"] == 2


def test_neither_names_what_to_use_and_a_general_caveat_has_no_criterion() -> None:
    ramp = flags({"beyond_micro": "admin_orm_cms"})
    neither = plain(decided(ramp))
    nothing = plain(decided({}))

    assert neither["instead"][0]["name"] == "Django"
    assert set(neither["instead"][0]) == {"name", "because", "url", "checked"}
    assert neither["against"] is None
    assert nothing["against"]["criterion"] is None
    assert nothing["instead"] == []


def test_the_same_answers_give_the_same_bytes_whatever_the_hash_seed() -> None:
    program = (
        "import json\n"
        "from frameworkpick import catalog\n"
        "from frameworkpick.core import decision, forms\n"
        "from frameworkpick.core.decision import answers\n"
        "k = catalog.load_knowledge()\n"
        "said = ['output_kind=both', 'app_size=medium']\n"
        "a = answers.parse_answers(k, said, answers.Origin.FLAG)\n"
        "said = decision.decide(k, answers.Situation(a))\n"
        "print(json.dumps(forms.plain(said)))\n"
    )

    def output(seed: str) -> str:
        env = {**os.environ, "PYTHONHASHSEED": seed}
        return subprocess.run(
            [sys.executable, "-c", program], env=env, check=True, capture_output=True, text=True
        ).stdout

    assert output("1") == output("2")


def test_the_record_reads_back() -> None:
    data = tomllib.loads(record(because="It is what we run."))

    assert data["framework"] == "flask"
    assert data["because"] == "It is what we run."
    assert data["recommendation"] == {
        "verdict": "flask", "strength": "constraint", "margin": 3, "leader": "flask",
    }  # fmt: skip
    assert data["answers"]["app_size"] == {"value": "unknown", "origin": "flag"}
    assert data["answers"]["hosting"] == {"value": "wsgi_only", "origin": "flag"}
    assert data["options"] == {"auth": "tokens", "docker": True}
    assert (data["date"], data["tool_version"]) == ("2026-11-22", "1.2.3")
    assert data["knowledge_version"] == KNOWLEDGE.version
    assert data["command"] == "frameworkpick new shop -a hosting=wsgi_only"
    assert "because" not in tomllib.loads(record())


@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_survives_the_record(text: str) -> None:
    data = tomllib.loads(record(because=text, command=text, options={"description": text}))

    assert (data["because"], data["command"], data["options"]["description"]) == (text,) * 3


def test_an_origin_is_written_as_a_word() -> None:
    said = {"app_size": Answer("medium", Origin.USE_CASE)}

    data = plain(decided(said))

    assert data["answers"]["app_size"]["origin"] == "use_case"
