"""How alembic reaches the database and the models."""

from alembic import context
{%- if database == "postgresql" %}
from sqlalchemy import text
{%- endif %}

from {{ package_name }}.config import Settings
from {{ package_name }}.db import make_engine
from {{ package_name }}.models import Base

engine = make_engine(context.config.attributes.get("url") or Settings().database_url)
is_sqlite = engine.dialect.name == "sqlite"
with engine.connect() as connection:
    # SQLite changes a table by a new one: to drop the old one would empty what refers to it.
    if is_sqlite:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transactional_ddl=True,  # all or nothing, on SQLite too
    )
    with context.begin_transaction():
        # of two at once, the second waits and has no work
        if is_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        {%- if database == "postgresql" %}
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('migrations'))"))
        {%- endif %}
        context.run_migrations()
        if is_sqlite and (row := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
            raise RuntimeError(f"The migrations leave rows of {row[0]!r} that refer to none.")
engine.dispose()
