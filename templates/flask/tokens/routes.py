"""Every route, in one place."""

from . import auth, health, items, users

BLUEPRINTS = [health.bp, auth.bp, users.bp, items.bp]
