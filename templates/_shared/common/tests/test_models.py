from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from {{ package_name }}.config import Settings
from {{ package_name }}.db import _alembic
from {{ package_name }}.models import Base

from .database import sessions_on


def test_the_migrations_make_what_the_models_say(settings: Settings) -> None:
    with sessions_on(settings.database_url) as sessions, sessions() as db:
        made = MigrationContext.configure(db.connection())
        assert compare_metadata(made, Base.metadata) == []


def test_the_migrations_can_be_taken_back(settings: Settings) -> None:
    command.downgrade(_alembic(settings.database_url), "base")
    with sessions_on(settings.database_url) as sessions, sessions() as db:
        assert inspect(db.connection()).get_table_names() == ["alembic_version"]
