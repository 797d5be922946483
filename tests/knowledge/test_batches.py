"""What an import brings is tried once as a whole, and published when no question is lost by it."""

from collections.abc import Mapping

import anyio
import pytest

from coach.knowledge import batches
from coach.knowledge.asking import Library
from coach.knowledge.batches import Batch, BatchTrial, Flip, publish_batch, say_trial
from coach.knowledge.comparing import Gate
from coach.knowledge.library import archive_document
from coach.knowledge.trials import load_trial
from coach.knowledge.versions import list_published_over, list_versions
from coach.llm.embeddings import Encoder, HashEncoder
from coach.storage import tables
from coach.storage.database import Database, Db
from tests.knowledge.test_trial import EMPTY, GOOD, NAPKINS, asked
from tests.knowledge.writing import NOW, add, written

CAKE = written("Cake", body="## Bake one\n\nA cake is baked once.", name="c.md")
COPIES = asked("a second copy of a folder", "a")
FOLDED = asked("how is a napkin folded", "b")


class Asking:
    """Refuses nothing, and counts how often it was asked."""

    def __init__(self) -> None:
        self.times = 0
        self.gate = Gate((COPIES, FOLDED), self.refuses)

    async def refuses(self, _library: Library, _question: str) -> bool:
        """No question, ever."""
        self.times += 1
        return False


async def quiet(_stage: str, _done: int, _total: int) -> None:
    """Nobody looks how far it is."""


def bring(database: Database, texts: Mapping[str, str]) -> dict[str, int]:
    """Drafts as an import leaves them, by id and number."""
    return {name: add(database, text, f"{name}.md", publish=False) for name, text in texts.items()}


def states(database: Database) -> dict[str, str]:
    """The state of each document."""
    with database.reading() as db:
        return {one.id: one.state for one in db.query(tables.Document).all()}


@pytest.mark.parametrize("encoder", [None, HashEncoder()], ids=["words", "meanings"])
async def test_all_files_are_tried_once_and_published_when_nothing_is_lost(
    database: Database, encoder: Encoder | None
) -> None:
    add(database, GOOD)
    brought = bring(database, {"b": NAPKINS, "c": CAKE})
    counted = Asking()
    found = await publish_batch(
        database, encoder, Batch(brought, "Ruth", None), counted.gate, quiet
    )
    assert found is not None
    assert (found.documents, found.asked, found.before, found.after) == (2, 2, 0.5, 1.0)
    assert (found.lost, found.won) == ((), (Flip("how is a napkin folded", ("b",)),))
    assert counted.times == 4  # each question before and after, not for each file
    assert states(database) == {"a": "published", "b": "published", "c": "published"}
    assert say_trial(found) == (
        "2 golden questions: recall@5 50.0% before and 100.0% after, 0 lost, 1 won. "
        "2 documents are published."
    )
    with database.reading() as db:
        kept = load_trial(db, "b")
        assert kept is not None
        assert kept.won == ("how is a napkin folded",)
        assert list_published_over(db, "b") == {}
        assert list_versions(db, "b")[0].published_by == "Ruth"
    again = await publish_batch(database, None, Batch(brought, None, None), counted.gate, quiet)
    assert (again, counted.times) == (None, 4)


async def test_over_a_loss_all_of_it_stays_in_review_or_a_reason_stands_in_the_history(
    database: Database,
) -> None:
    add(database, GOOD)
    brought = bring(database, {"a": EMPTY, "b": NAPKINS})
    gate = Asking().gate
    held = await publish_batch(database, None, Batch(brought, "Ruth", None), gate, quiet)
    assert held is not None
    assert (held.fate, held.lost) == ("in_review", (Flip("a second copy of a folder", ("a",)),))
    assert "2 documents stay unpublished, in review" in say_trial(held)
    assert states(database) == {"a": "published", "b": "in_review"}
    with database.reading() as db:
        shown = load_trial(db, "a")
        assert shown is not None
        assert shown.lost == ("a second copy of a folder",)
        assert load_trial(db, "b") is None
        assert db.get_one(tables.Document, "a").published_version_id is not None
    done = await publish_batch(database, None, Batch(brought, "Ruth", "It moved"), gate, quiet)
    assert done is not None
    assert say_trial(done).endswith("2 documents are published over that loss.")
    with database.reading() as db:
        over = {one: list_published_over(db, one)[number] for one, number in brought.items()}
    assert [over["a"].told, over["b"].told] == ["Published over a loss", "Published after a trial"]
    assert (over["b"].reason, over["b"].author) == ("It moved", "Ruth")


async def test_what_was_taken_out_or_passed_by_is_left_alone(database: Database) -> None:
    brought = bring(database, {"a": GOOD, "b": NAPKINS, "c": CAKE})
    add(database, EMPTY, publish=False)
    with database.transaction() as db:
        archive_document(db, "c", NOW)
    await publish_batch(database, None, Batch(brought, None, None), Gate(()), quiet)
    assert states(database) == {"a": "draft", "b": "published", "c": "archived"}


class Killed(Exception):
    """The process ends here."""


async def test_after_a_stop_the_rest_is_published_and_nothing_is_asked_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "TOGETHER", 1)
    add(database, GOOD)
    brought = bring(database, {"b": NAPKINS, "c": CAKE})
    noted: list[BatchTrial] = []

    def note(_db: Db, trial: BatchTrial) -> None:
        if noted:
            raise Killed
        noted.append(trial)

    counted = Asking()
    with pytest.raises(Killed):
        await publish_batch(database, None, Batch(brought, None, None, note), counted.gate, quiet)
    assert states(database) == {"a": "published", "b": "published", "c": "draft"}
    rest = Batch(brought, None, None, begun=noted[0])
    found = await publish_batch(database, None, rest, counted.gate, quiet)
    assert found is not None
    assert (found.fate, found.documents, counted.times) == ("published", 2, 4)
    assert states(database)["c"] == "published"


async def test_of_two_at_once_the_later_is_tried_again_on_what_the_earlier_left(
    database: Database,
) -> None:
    add(database, GOOD)
    first, second = bring(database, {"b": NAPKINS}), bring(database, {"a": EMPTY})
    counted, both = Asking(), anyio.Event()

    async def refuses(library: Library, question: str) -> bool:
        if counted.times < 2:
            both.set() if counted.times else None
            await counted.refuses(library, question)
            await both.wait()  # neither goes on before the other has begun
            return False
        return await counted.refuses(library, question)

    gate = Gate(counted.gate.questions, refuses)
    found: dict[str, BatchTrial | None] = {}

    async def publish(name: str, brought: Mapping[str, int], reason: str | None) -> None:
        batch = Batch(brought, name, reason)
        found[name] = await publish_batch(database, None, batch, gate, quiet)

    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(publish, "Ruth", first, None)
            tasks.start_soon(publish, "Kim", second, "It moved")
    assert states(database) == {"a": "published", "b": "published"}
    assert [one.fate for one in found.values() if one] == ["published", "published"]
    # Ruth's two questions and Kim's one, before and after; then both again for the later one.
    assert counted.times == 4 + 2 + 4
