"""Every route, in one place."""

from fastapi import APIRouter

from . import auth, health, items, users

api = APIRouter(prefix="/api/v1")
api.include_router(auth.router)
api.include_router(users.router)
api.include_router(items.router)

router = APIRouter()
router.include_router(health.router)
router.include_router(api)
