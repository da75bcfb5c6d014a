"""Every route, in one place."""

from . import health, items

BLUEPRINTS = [health.bp, items.bp]
