"""What publishing would change is shown before it is done; over a loss a reason is kept."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from coach.knowledge.comparing import NOTHING_ASKED, Gate
from coach.knowledge.golden import GoldenQuestion
from coach.knowledge.library import Said, archive_document, library_version
from coach.knowledge.pins import save_pin
from coach.knowledge.trial import try_publishing
from coach.knowledge.trials import (
    LossUnexplained,
    PublicationUntried,
    load_trial,
    publish_tried,
    save_trial,
)
from coach.knowledge.versions import list_published_over, list_versions
from coach.llm.embeddings import Encoder, HashEncoder, Vectors
from coach.storage import tables
from coach.storage.database import Database
from tests.knowledge.writing import NOW, add, written

GOOD = written("Backups", body="## Keep copies\n\nA backup is a second copy of a folder.")
EMPTY = written("Backups", body="## Nothing\n\nNothing is said here any more.")
NAPKINS = written("Napkins", body="## Fold one\n\nA napkin is folded twice.", name="b.md")


def asked(question: str, *expected: str) -> GoldenQuestion:
    return GoldenQuestion(question, expected, "covered", "mentee", "plain")


GATE = Gate(
    (
        asked("a second copy of a folder", "a"),
        asked("how is a napkin folded", "b"),
        asked("who ate the cake", "z"),
    )
)


@pytest.mark.parametrize("encoder", [None, HashEncoder()], ids=["words", "meanings"])
async def test_a_trial_says_what_is_won_and_changes_nothing(
    database: Database, encoder: Encoder | None
) -> None:
    add(database, GOOD)
    add(database, NAPKINS, "b.md", publish=False)
    with database.reading() as db:
        before = library_version(db)
    trial = await try_publishing(database, encoder, "b", GATE, NOW)
    assert (trial.asked, trial.before, trial.after) == (2, 0.5, 1.0)
    assert list(trial.won) == ["how is a napkin folded"]
    assert trial.lost == ()
    with database.reading() as db:
        assert library_version(db) == before
        document = db.get_one(tables.Document, "b")
        assert (document.state, document.published_version_id) == ("draft", None)


class Rescuing(HashEncoder):
    """A model for which a rescue is a backup; they share no word."""

    async def encode(self, texts: Sequence[str]) -> Vectors:
        return await super().encode([text.replace("rescue", "backup") for text in texts])


async def test_what_has_no_vector_yet_gets_one_before_anything_is_asked(
    database: Database,
) -> None:
    add(database, written("backup", body="## backup\n\nbackup"))
    add(database, NAPKINS, "b.md", publish=False)
    gate = Gate((asked("rescue", "a"), asked("how is a napkin folded", "b")))
    trial = await try_publishing(database, Rescuing(), "b", gate, NOW)
    # Asked of words alone before and of meanings after, the rescue would count as won.
    assert list(trial.won) == ["how is a napkin folded"]
    assert trial.before == 0.5


async def test_publishing_over_a_loss_asks_for_a_reason_and_keeps_it(database: Database) -> None:
    add(database, GOOD)
    add(database, EMPTY, publish=False)
    trial = await try_publishing(database, None, "a", GATE, NOW)
    assert list(trial.lost) == ["a second copy of a folder"]
    with database.transaction() as db:
        save_trial(db, "a", trial, NOW)
    with pytest.raises(LossUnexplained), database.transaction() as db:
        publish_tried(db, "a", "Ruth", "  ", NOW)
    with database.transaction() as db:
        publish_tried(db, "a", "Ruth", "It was wrong", NOW)
    with database.reading() as db:
        (row,) = db.query(tables.PublicationTrial).all()
        assert (row.reason, row.author, row.version) == ("It was wrong", "Ruth", 2)
        assert db.get_one(tables.Document, "a").state == "published"
    add(database, GOOD, publish=False)
    with database.transaction() as db:
        assert load_trial(db, "a") is None  # that trial was of another version
        save_pin(db, "what is a backup", ["a"], None, "", NOW)
    with pytest.raises(PublicationUntried, match="version 3 of a "), database.transaction() as db:
        publish_tried(db, "a", "Ruth", "", NOW)
    with database.transaction() as db:
        publish_tried(db, "a", "Ruth", "As it was", NOW)
    with database.reading() as db:
        assert load_trial(db, "a") is None
        over = list_published_over(db, "a")
    assert [over[2].told, over[3].told] == ["Published over a loss", "Published untried"]


async def test_where_no_golden_question_is_asked_nothing_needs_to_be_tried(
    database: Database,
) -> None:
    add(database, GOOD, publish=False)
    with database.transaction() as db:
        publish_tried(db, "a", "Ruth", "", NOW)
        assert list_published_over(db, "a") == {}
        (version,) = list_versions(db, "a")
        assert version.published_by == "Ruth"
        assert load_trial(db, "a") is None  # nobody tried it, and nothing says so


async def test_who_published_it_first_is_kept_when_it_is_published_again(
    database: Database,
) -> None:
    add(database, GOOD)
    add(database, EMPTY, publish=False)
    trial = await try_publishing(database, None, "a", GATE, NOW)
    later = [NOW + timedelta(minutes=number) for number in range(4)]
    with database.transaction() as db:
        save_trial(db, "a", trial, later[0])
        publish_tried(db, "a", "Ruth", "It was wrong", later[1])
        publish_tried(db, "a", "Omar", "", later[2])  # pairs read it already
        assert load_trial(db, "a") is not None
        save_pin(db, "what is a backup", ["a"], None, "", NOW)
        archive_document(db, "a", later[2])
        assert load_trial(db, "a") is None  # it belonged to the publication before
        with pytest.raises(PublicationUntried):
            publish_tried(db, "a", "Omar", "", later[3])
        publish_tried(db, "a", "Omar", "It is right after all", later[3])
    with database.reading() as db:
        rows = db.query(tables.PublicationTrial).order_by(tables.PublicationTrial.created_at).all()
        assert [(row.author, row.reason) for row in rows] == [
            ("Ruth", "It was wrong"),
            ("Omar", "It is right after all"),
        ]
        assert (rows[0].lost, rows[1].asked) == (["a second copy of a folder"], 0)
        assert list_versions(db, "a")[0].published_by == "Omar"


async def test_what_pairs_read_already_needs_no_trial(database: Database) -> None:
    add(database, GOOD)
    assert await try_publishing(database, None, "a", GATE, NOW) == NOTHING_ASKED


async def test_a_trial_of_another_library_that_came_along_lets_nothing_in_here(
    database: Database,
) -> None:
    add(database, GOOD, publish=False)
    with database.transaction() as db:
        save_trial(db, "a", replace(NOTHING_ASKED, asked=4), NOW, Said("Ruth", "Read there"))
        save_pin(db, "what is a backup", ["a"], None, "", NOW)
        assert load_trial(db, "a") is None
        assert list_versions(db, "a")[0].published_by == "Ruth"
    with pytest.raises(PublicationUntried), database.transaction() as db:
        publish_tried(db, "a", "Omar", "", NOW)
