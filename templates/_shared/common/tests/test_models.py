from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from {{ package_name }}.config import Settings
from {{ package_name }}.models import Base

from .database import sessions_on


def test_the_migrations_make_what_the_models_say(settings: Settings) -> None:
    with sessions_on(settings.database_url) as sessions, sessions() as db:
        made = MigrationContext.configure(db.connection())
        assert compare_metadata(made, Base.metadata) == []
