"""Templates: built in, or of a team's own repository, as one value.

A :class:`Template` is a template at one version: where it is, what it asks, its frameworks, how it
is rendered. :class:`Templates` opens those of projects, :class:`Ends` are the two that one project
lies between.
"""

from __future__ import annotations

from .ends import Ends, Templates
from .template import NEEDED, Template, all_wanted, opened, wanted

__all__ = ["NEEDED", "Ends", "Template", "Templates", "all_wanted", "opened", "wanted"]
