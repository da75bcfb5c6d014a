"""Every router, in one place."""

from . import auth, health, items, users

ROUTERS = (items.router, users.router, auth.router, health.router)
