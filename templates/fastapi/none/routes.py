"""Every route, in one place."""

from fastapi import APIRouter

from . import health, items

api = APIRouter(prefix="/api/v1")
api.include_router(items.router)

router = APIRouter()
router.include_router(health.router)
router.include_router(api)
