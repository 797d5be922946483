"""`coach library reports`: the queue of what readers say is wrong, without a browser."""

import json
import pathlib
from datetime import UTC, datetime

from coach.knowledge.reports import save_report
from coach.people.people import save_programme
from coach.storage.database import open_database
from tests.command_line import call
from tests.web.routes import PLACE


def test_the_queue_is_listed_and_settled(filled: pathlib.Path) -> None:
    database = open_database(f"sqlite:///{filled}/coach.db")
    place = (PLACE["document_id"], PLACE["passage_id"])
    with database.transaction() as db:
        programme_id = save_programme(db, "Both ways")
        save_report(db, programme_id, place, "It says Insert now.", datetime.now(UTC))
    database.close()
    (one,) = json.loads(call("library", "reports", "--format", "json").out)
    assert (one["document_id"], one["reason"]) == ("pivot-tables", "It says Insert now.")
    assert "It says Insert now." in call("library", "reports").out
    assert call("library", "reports", "--settle", one["id"]).code == 2
    done = call("library", "reports", "--settle", one["id"], "--answer", "It will.")
    assert (done.code, done.out.strip()) == (0, f"settled: {one['id']}")
    assert call("library", "reports").out.strip() == "Nothing to settle."
    assert "It will." in call("library", "reports", "--settled").out
    assert call("library", "reports", "--settle", one["id"], "--answer", "Twice.").code == 2
