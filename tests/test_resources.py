"""Everything the service holds open is opened together, or one sentence says why not."""

import pathlib

import pytest

from coach.people.people import list_programmes, save_programme
from coach.resources import open_resources
from coach.settings import load_settings
from coach.storage.database import DatabaseUnavailable
from coach.storage.migrate import check
from coach.storage.opening import FolderUnwritable


async def test_resources_keep_what_is_written_over_a_restart(tmp_path: pathlib.Path) -> None:
    settings = load_settings(data=tmp_path / "new" / "folder")
    with open_resources(settings) as resources:
        programme_id = await resources.transact(save_programme, "Both ways")
        assert await resources.library.passages_of("nothing-there") == ()
    with open_resources(settings) as resources:
        assert await resources.read(list_programmes) == ((programme_id, "Both ways"),)
        with resources.transaction() as db:
            save_programme(db, "Another")
        with resources.reading() as db:
            assert len(list_programmes(db)) == 2
    check(settings.database_url)


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: pathlib.Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings = load_settings(data=tmp_path / "file" / "folder")
    with pytest.raises(FolderUnwritable, match="COACH_DATA") as refusal, open_resources(settings):
        pass
    assert str(tmp_path / "file" / "folder") in refusal.value.detail


def test_a_database_that_does_not_answer_is_explained(tmp_path: pathlib.Path) -> None:
    address = "postgresql+psycopg://nobody@127.0.0.1:1/coach"
    settings = load_settings(data=tmp_path, database_url=address)
    with pytest.raises(DatabaseUnavailable), open_resources(settings):
        pass
