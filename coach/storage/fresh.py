"""Makes the tables of a database that will not live long, without the way through every version."""

from coach.storage.database import connected
from coach.storage.lexical import create_lexical_tables
from coach.storage.tables import Table


def create_tables(url: str) -> None:
    """Make the newest tables in an empty database at once, for one that will not live long."""
    with connected(url) as connection:
        Table.metadata.create_all(connection)
        create_lexical_tables(connection)
