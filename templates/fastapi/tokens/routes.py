"""Every router, in one place. They are matched in this order, so the busiest comes first."""

from . import auth, health, items, users

ROUTERS = (items.router, users.router, auth.router, health.router)
