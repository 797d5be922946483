"""The way through every migration ends at the tables the code knows, on both databases."""

import pathlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from alembic import command

from coach.storage.database import connected, open_database
from coach.storage.fresh import create_tables
from coach.storage.lexical import is_lexical
from coach.storage.migrate import DatabaseNewer, build_config, check, migrate
from tests.knowledge.writing import add, written

ROOT = pathlib.Path(__file__).resolve().parents[2]


def schema_of(url: str) -> dict[str, object]:
    """Everything an inspector sees, and the full-text tables as they were made."""
    with connected(url) as connection:
        seen = sa.inspect(connection)
        names = [name for name in seen.get_table_names() if name != "alembic_version"]
        plain = [name for name in names if not is_lexical(name)]
        tables: dict[str, object] = {
            name: {
                "columns": [
                    (str(column["name"]), str(column["type"]), column["nullable"])
                    for column in seen.get_columns(name)
                ],
                "key": seen.get_pk_constraint(name),
                "links": sorted(str(link) for link in seen.get_foreign_keys(name)),
                "unique": sorted(str(one) for one in seen.get_unique_constraints(name)),
                "checks": sorted(str(one) for one in seen.get_check_constraints(name)),
                "indexes": sorted(str(index) for index in seen.get_indexes(name)),
            }
            for name in plain
        }
        return tables | {"full text": full_text_of(connection)}


def full_text_of(connection: sa.Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        query = "SELECT sql FROM sqlite_master WHERE name LIKE '%s_%fts%' ORDER BY name"
    else:
        query = (
            "SELECT column_name || data_type || coalesce(generation_expression, '') "
            "FROM information_schema.columns WHERE table_name LIKE '%s_%fts%' "
            "UNION ALL SELECT indexdef FROM pg_indexes WHERE tablename LIKE '%s_%fts%' "
            "ORDER BY 1"
        )
    return [str(row) for row in connection.execute(sa.text(query)).scalars()]


def test_tables_and_migrations_agree(database_url: str) -> None:
    migrate(database_url)
    check(database_url)


def test_tables_made_at_once_are_those_of_the_migrations(database_url: str) -> None:
    migrate(database_url)
    migrated = schema_of(database_url)
    with connected(database_url) as connection:
        command.downgrade(build_config(connection), "base")
    with connected(database_url) as connection:
        connection.execute(sa.text("DROP TABLE alembic_version"))
    create_tables(database_url)
    assert schema_of(database_url) == migrated
    assert migrated["full text"]
    assert len(migrated) > 20


def test_every_step_goes_back_and_forward_again(database_url: str) -> None:
    migrate(database_url)
    before = schema_of(database_url)
    with connected(database_url) as connection:
        command.downgrade(build_config(connection), "base")
    assert set(schema_of(database_url)) == {"full text"}
    migrate(database_url)
    assert schema_of(database_url) == before


def test_two_processes_may_migrate_at_once(database_url: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(migrate_in_a_process, [database_url] * 2))
    check(database_url)


def migrate_in_a_process(url: str) -> None:
    import_and_run = "import sys; from coach.storage.migrate import migrate; migrate(sys.argv[1])"
    subprocess.run([sys.executable, "-c", import_and_run, url], cwd=ROOT, check=True)


def test_a_newer_database_is_refused_and_left_alone(database_url: str) -> None:
    migrate(database_url)
    with connected(database_url) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '2999_from_later'"))
    with pytest.raises(DatabaseNewer, match="newer version"):
        migrate(database_url)
    with connected(database_url) as connection:
        found = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    assert found == "2999_from_later"


def test_gaps_are_parted_by_question_and_files_of_jobs_stay(database_url: str) -> None:
    programme, job, gap = (uuid4() for _ in range(3))
    with connected(database_url) as connection:
        command.upgrade(build_config(connection), "2026_11_26_jobs")
        for table, values in (
            ("programmes", {"id": programme, "name": "P"}),
            ("jobs", {"id": job, "kind": "import", "state": "waiting", "stage": "waiting"}),
            ("job_files", {"job_id": job, "position": 0, "name": "a.pdf", "data": b"%PDF"}),
            ("gaps", {"id": gap, "programme_id": programme, "reason": "r", "topic": "t"}),
        ):
            insert_old(connection, table, values)
    migrate(database_url)
    with connected(database_url) as connection:
        rows = connection.execute(sa.text("SELECT question, count FROM gaps ORDER BY question"))
        assert [tuple(row) for row in rows] == [("", 3), ("Who?", 1), ("Why?", 1)]
        files = connection.execute(sa.text("SELECT name FROM job_files JOIN jobs ON id = job_id"))
        assert files.scalars().all() == ["a.pdf"]
    with connected(database_url) as connection:
        command.downgrade(build_config(connection), "2026_11_26_jobs")
        ((questions, count),) = connection.execute(sa.text("SELECT question, count FROM gaps"))
        assert (sorted(questions.splitlines()), count) == (["Who?", "Why?"], 5)
        assert connection.scalar(sa.text("SELECT count(*) FROM job_files")) == 1


def test_what_was_published_before_is_found_as_a_whole(database_url: str) -> None:
    migrate(database_url)
    database = open_database(database_url)
    body = "## One\n### Idea\nBackups save work.\n\n## Two\n### Idea\nRestores bring it back.\n"
    add(database, written("Backups", body=body))
    add(database, written("Prompts"), "b.md")
    row = "rowid, title, text" if database_url.startswith("sqlite") else "key, tsv"
    select = sa.text(f"SELECT {row} FROM documents_fts")
    with database.reading() as db:
        before = db.execute(select).all()
    database.close()
    with connected(database_url) as connection:
        command.downgrade(build_config(connection), "2026_11_27_imports")
        assert not sa.inspect(connection).has_table("documents_fts")
    migrate(database_url)
    with connected(database_url) as connection:
        assert connection.execute(select).all() == before
    assert len(before) == 1


def insert_old(connection: sa.Connection, name: str, values: dict[str, object]) -> None:
    """A row as it was before; what is not said gets any value its column takes."""
    table = sa.Table(name, sa.MetaData(), autoload_with=connection)
    more: dict[str, object] = {
        "argument": "{}" if connection.dialect.name == "sqlite" else {},
        "help_contacts": "[]" if connection.dialect.name == "sqlite" else [],
        "question": "Who?\nWhy?",
        "count": 5,
        **dict.fromkeys(("done", "total", "attempts", "turn"), 0),
        **dict.fromkeys(("created_at", "changed_at", "last_at"), datetime.now(UTC)),
    }
    said = {one: value for one, value in {**more, **values}.items() if one in table.c}
    if connection.dialect.name == "sqlite":
        said = {one: v.hex if isinstance(v, UUID) else v for one, v in said.items()}
    connection.execute(sa.insert(table).values(said))
