"""Every router, in one place."""

from . import health, items

ROUTERS = (items.router, health.router)
