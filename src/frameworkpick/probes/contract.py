"""The questions of the HTTP contract, in the order they are asked."""

from __future__ import annotations

from . import accounts, items, service
from .visit import HttpProbe

_CREATE = ("item create",)

#: Every question. The order matters: log in before owning items, and be throttled last.
CONTRACT: tuple[HttpProbe, ...] = (
    HttpProbe("health", "service", service.health, ("health",)),
    HttpProbe("ready", "service", service.ready, ("ready",)),
    HttpProbe("openapi", "service", service.openapi, path="/openapi.json"),
    HttpProbe("docs page", "service", service.docs_page, path="/docs"),
    HttpProbe("docs assets", "service", service.docs_assets, path="/docs", needs=("docs page",)),
    HttpProbe("security headers", "headers", service.security_headers),
    HttpProbe("request id", "headers", service.request_id),
    HttpProbe("CORS closed", "headers", service.cors_closed),
    HttpProbe("unknown path", "errors", service.unknown_path),
    HttpProbe("wrong method", "errors", service.wrong_method),
    HttpProbe("register", "accounts", accounts.register, ("register",), accounts=True),
    HttpProbe(
        "register twice",
        "accounts",
        accounts.register_twice,
        ("register",),
        needs=("register",),
        accounts=True,
    ),
    HttpProbe("short password", "accounts", accounts.short_password, ("register",), accounts=True),
    HttpProbe("login", "accounts", accounts.login, ("login",), needs=("register",), accounts=True),
    HttpProbe(
        "wrong password",
        "accounts",
        accounts.wrong_password,
        ("login",),
        needs=("register",),
        accounts=True,
    ),
    HttpProbe("me", "accounts", accounts.me, ("get_me",), needs=("login",), accounts=True),
    HttpProbe(
        "no token", "accounts", accounts.no_token, ("get_me",), needs=("login",), accounts=True
    ),
    HttpProbe(
        "refresh", "accounts", accounts.refresh, ("refresh",), needs=("login",), accounts=True
    ),
    HttpProbe(
        "refresh reuse",
        "accounts",
        accounts.refresh_reuse,
        ("refresh",),
        needs=("refresh",),
        accounts=True,
    ),
    HttpProbe(
        "refresh race",
        "accounts",
        accounts.refresh_race,
        ("refresh",),
        needs=("refresh",),
        accounts=True,
    ),
    HttpProbe("logout", "accounts", accounts.logout, ("logout",), needs=("login",), accounts=True),
    HttpProbe("item create", "items", items.create, ("create_item", "get_item"), needs=("login",)),
    HttpProbe("item get", "items", items.get, ("get_item",), needs=_CREATE),
    HttpProbe("item list", "items", items.list_, ("list_items",), needs=_CREATE),
    HttpProbe("item update", "items", items.update, ("update_item",), needs=_CREATE),
    HttpProbe(
        "foreign item",
        "items",
        items.foreign,
        ("get_item", "update_item", "delete_item", "list_items"),
        needs=_CREATE,
        accounts=True,
    ),
    HttpProbe(
        "items without token",
        "items",
        items.without_token,
        ("list_items", "create_item", "get_item"),
        accounts=True,
    ),
    HttpProbe("item delete", "items", items.delete, ("delete_item",), needs=_CREATE),
    HttpProbe("validation", "errors", items.validation, ("create_item",), needs=("login",)),
    HttpProbe("malformed JSON", "errors", items.malformed, ("create_item",), needs=("login",)),
    HttpProbe("wrong content type", "errors", items.wrong_type, ("create_item",), needs=("login",)),
    HttpProbe("body too large", "errors", items.too_large, ("create_item",), needs=("login",)),
    HttpProbe("hostile input", "errors", items.hostile, ("create_item",), needs=("login",)),
    HttpProbe("login throttled", "accounts", accounts.throttle, ("login",), accounts=True),
)
#: Asked before the services stop.
BEFORE_RESTART = HttpProbe("item stored", "server", items.store_kept, ("create_item", "get_item"))
#: Asked when they are up again.
AFTER_RESTART = HttpProbe("item kept", "server", items.find_kept, ("create_item", "get_item"))
