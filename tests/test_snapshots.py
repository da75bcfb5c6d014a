"""Whole outputs on the real knowledge, as a person gets them in a pipe of 80 columns.

``FRAMEWORKPICK_RENEW=1 pytest tests/test_snapshots.py`` writes them anew; read the difference.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from frameworkpick import __version__

pytestmark = pytest.mark.version

FOLDER = Path(__file__).parent / "snapshots"
SCENARIOS: dict[str, Any] = {
    scenario["id"]: scenario["answers"]
    for scenario in yaml.safe_load(
        FOLDER.with_name("seed_scenarios.yaml").read_text(encoding="utf-8")
    )["scenarios"]
}
CLEAR = [word for pair in SCENARIOS["S01"].items() for word in ("-a", "=".join(pair))]
SUGGESTED = [
    "--use-case", "ai_platform", "-a", "bottleneck=waiting_upstream", "-a", "team_skills=flask",
    "-a", "auth_style=browser_sessions", "--weight", "bottleneck=1.5",
]  # fmt: skip
CASES = {
    "clear.txt": CLEAR,
    "tie.txt": ["-a", "output_kind=json_api", "-a", "payload_complexity=simple"],
    "constraint.txt": ["-a", "hosting=wsgi_only", "-a", "api_contract=essential"],
    "neither.txt": ["-a", "beyond_micro=admin_orm_cms", "-a", "output_kind=html_pages"],
    "conflict.txt": ["-a", "hosting=wsgi_only", "-a", "must_have_component=asgi_ecosystem"],
    "suggested.txt": SUGGESTED,
    "suggested.md": ["--format", "md", *SUGGESTED],
    "suggested.svg": ["--format", "svg", *SUGGESTED],
    "suggested.html": ["--format", "html", *SUGGESTED],
}


def made(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "frameworkpick", *words],
        env={
            "PATH": os.environ["PATH"],
            "COLUMNS": "80",
            "PYTHONUTF8": "1",
            "SOURCE_DATE_EPOCH": "1795305600",
        },
        capture_output=True,
        encoding="utf-8",
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return done.stdout.replace(__version__, "X.Y.Z")


def compare(name: str, text: str) -> None:
    place = FOLDER / name
    if os.environ.get("FRAMEWORKPICK_RENEW") == "1":
        place.write_text(text, encoding="utf-8")
    assert text == place.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_a_recommendation_is_shown_like_this(name: str) -> None:
    compare(name, made("recommend", *CASES[name]))


def test_a_question_is_compared_like_this() -> None:
    compare("compare.txt", made("compare").partition("\n\nlong_lived:")[0] + "\n")
