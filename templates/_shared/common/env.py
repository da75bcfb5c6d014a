"""How alembic reaches the database and the models."""

from alembic import context
{%- if database == "postgresql" %}
from sqlalchemy import text
{%- endif %}

from {{ package_name }}.config import Settings
from {{ package_name }}.db import make_engine
from {{ package_name }}.models import Base

engine = make_engine(context.config.attributes.get("url") or Settings().database_url)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        {%- if database == "postgresql" %}
        if engine.dialect.name == "postgresql":  # of two at once, the second waits and has no work
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('migrations'))"))
        {%- endif %}
        context.run_migrations()
engine.dispose()
