"""How long 1,000 redraws of the weights take, against one plain recommendation.

Run it with the Python that frameworkpick is installed for: ``python benchmarks/sturdiness.py``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from frameworkpick import catalog
from frameworkpick.core.decision.answers import Answer, Origin
from frameworkpick.core.decision.engine import recommend
from frameworkpick.core.decision.sturdiness import sturdiness

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.ratios import Ratio, alternate, print_table

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds: int = parser.parse_args().rounds
    knowledge = catalog.load_knowledge()
    # Every question answered: the most there is to redraw.
    said = {c.id: Answer(c.options[0].id, Origin.FLAG) for c in knowledge.criteria}
    measured = alternate(
        lambda: _milliseconds(lambda: sturdiness(knowledge, said)),
        lambda: _milliseconds(lambda: recommend(knowledge, said)),
        rounds,
    )
    print_table([Ratio("1,000 redraws / `recommend`", *measured, "ms", "at most 10")], rounds)


def _milliseconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
