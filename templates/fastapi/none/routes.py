"""Every router, in one place. They are matched in this order, so the busiest comes first."""

from . import health, items

ROUTERS = (items.router, health.router)
