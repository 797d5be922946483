"""What Alembic runs for each command: our tables, on the connection handed in."""

from typing import Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from coach.storage.lexical import is_lexical
from coach.storage.tables import Table, UTCDateTime


def include_name(name: str | None, kind: str, parents: object) -> bool:
    """Leave alone what no mapped class describes: full-text search and the job runner's tables."""
    return kind != "table" or not (is_lexical(name or "") or (name or "").startswith("dbos"))


def render_item(kind: str, item: object, context: AutogenContext) -> str | Literal[False]:
    """Write our own types so that a migration names them and imports them."""
    if kind == "type" and isinstance(item, UTCDateTime):
        context.imports.add("from coach.storage.tables import UTCDateTime")
        return "UTCDateTime()"
    if kind == "type" and isinstance(item, sa.JSON):
        name = "AS_WRITTEN" if item._variant_mapping.get("postgresql") is None else "JSON"
        context.imports.add(f"from coach.storage.tables import {name}")
        return name
    return False


def run() -> None:
    """Run the migrations on the connection that coach.storage.migrate holds."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Table.metadata,
        render_as_batch=True,
        include_name=include_name,
        render_item=render_item,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
