"""Which lesson a draft may quote: from a small shelf of our own, and from the starter library."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from coach.coaching.brief import AgendaRequest, Brief, Material, Returned
from coach.coaching.briefing import build_brief
from coach.coaching.contract.headwords import terms_in
from coach.coaching.drafts import build_json
from coach.coaching.gathering import asks_once_more, gather_material
from coach.coaching.pipeline import ABSTAIN_BELOW, Coach
from coach.knowledge.documents import DocumentText, Found, Headword, Hit, LibraryQuery, Passage
from coach.knowledge.markdown import headwords_of, read_document
from coach.knowledge.words import content_stems
from coach.pairs.records import Goal, PairRecord, Wish
from tests.coaching.make import (
    CAREER,
    TECH,
    TODAY,
    agenda_of,
    concept,
    follow_ups_of,
    pair,
    recap_of,
    session,
    starter_coach,
    twelve,
)
from tests.knowledge.writing import written


@dataclass(frozen=True)
class Shelf:
    """A library of a few documents that counts shared words."""

    texts: tuple[DocumentText, ...] = ()
    asked: list[LibraryQuery] = field(default_factory=list)

    async def search(self, query: LibraryQuery) -> Found:
        """The passages that share words with the query."""
        self.asked.append(query)
        wanted = set(content_stems(query.text))
        hits = []
        for passage in self._passages():
            own = " ".join((passage.document_title, *passage.heading_path, passage.text))
            shared = len(wanted & set(content_stems(own)))
            if shared and query.kind in (None, passage.document_kind):
                hits.append(Hit(passage, shared / len(wanted), ("lexical",)))
        best = sorted(hits, key=lambda hit: -hit.score)[: query.limit]
        return Found(tuple(best), best[0].score if best else 0.0)

    async def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        """The passages of one document."""
        return tuple(p for p in self._passages() if p.document_id == document_id)

    async def passages_of_each(self, *document_ids: str) -> Mapping[str, tuple[Passage, ...]]:
        """The same of several documents, by their ids."""
        return {one: await self.passages_of(one) for one in document_ids}

    async def headwords(self) -> Mapping[str, Headword]:
        """No term is explained here."""
        return {}

    async def version(self) -> str:
        """Always the same."""
        return "shelf"

    def _passages(self) -> list[Passage]:
        return [passage for text in self.texts for passage in text.passages]


def shelf(*sources: str) -> Shelf:
    return Shelf(tuple(read_document(one, f"d{n}.md") for n, one in enumerate(sources)))


LESSON = """## {title}

### Idea

{title} saves time every month.

### Steps

1. Open it.
2. Close it.
"""
PIVOT = written(
    "Pivot tables for a report",
    body="\n".join(
        LESSON.format(title=title)
        for title in ("Build a pivot table", "Group a pivot table by month", "Filter a pivot table")
    ),
)
FOLDERS = written("Share folders", body=LESSON.format(title="Share a folder with the board"))
PROMOTION = written(
    "A promotion case", kind="career", body=LESSON.format(title="Build a promotion case")
)
BOOKS = shelf(PIVOT, FOLDERS, PROMOTION)


def gathered(library: Shelf, record: PairRecord, **request: str) -> Material:
    brief = build_brief(record, AgendaRequest(TODAY, wish=request.get("wish")), "pair")
    return asyncio.run(gather_material(library, brief, ABSTAIN_BELOW))


def title_of(material: Material) -> str | None:
    return material.tech.title if material.tech else None


@pytest.mark.parametrize(
    ("wish", "title"),
    [
        pytest.param("", "Build a pivot table", id="the goal, when nothing is wished"),
        pytest.param("group it by month", "Group a pivot table by month", id="the wish"),
        pytest.param("share a folder", "Share a folder with the board", id="a wish beats the goal"),
        pytest.param(
            "embed qubits", "Build a pivot table", id="the goal, when the wish is unheard of"
        ),
    ],
)
def test_the_wish_and_the_goal_choose_the_lesson(wish: str, title: str) -> None:
    assert title_of(gathered(BOOKS, pair(), wish=wish)) == title


def test_the_career_goal_chooses_the_career_note() -> None:
    material = gathered(BOOKS, pair())
    assert material.career is not None
    assert material.career.title == "Build a promotion case"
    assert {p.document_title for p in material.offered.values()} == {
        "Pivot tables for a report",
        "A promotion case",
    }


def test_a_mastered_lesson_gives_way_to_another_of_its_document() -> None:
    taught = [
        session(n, concepts=(concept("k1", "Build a pivot table from rows", "ok"),)) for n in (1, 2)
    ]
    first, later = gathered(BOOKS, pair()), gathered(BOOKS, pair(*taught))
    assert title_of(first) == "Build a pivot table"
    assert title_of(later) != "Build a pivot table"
    assert later.tech is not None
    assert later.tech.document_title == "Pivot tables for a report"


def quoting(*quotes: str) -> dict[str, object]:
    return {"blocks": [{"steps": [{"citations": [{"quote": one}]} for one in quotes]}]}


@pytest.mark.parametrize(
    ("results", "gives_way"),
    [
        pytest.param(["ok"], True, id="it went well"),
        pytest.param(["missed"], False, id="it was missed and returns"),
    ],
)
def test_a_lesson_quoted_lately_gives_way_unless_it_was_missed(
    results: list[str], gives_way: bool
) -> None:
    held = session(
        1,
        agenda=quoting("Build a pivot table saves time every month."),
        concepts=(concept("k1", "Build a pivot table from rows", results[0]),),
    )
    assert (title_of(gathered(BOOKS, pair(held))) != "Build a pivot table") is gives_way


@pytest.mark.parametrize(
    ("wish", "title"),
    [
        pytest.param("Once more: share a pivot table by month", "Share a folder", id="once more"),
        pytest.param("Share a pivot table by month", "Build a pivot table", id="only a wish"),
        pytest.param("Group by month again", "Group a pivot table", id="nothing of it was taught"),
    ],
)
def test_what_is_wished_for_once_more_is_what_was_taught(wish: str, title: str) -> None:
    taught = quoting("Share a folder with the board saves time every month.")
    held = [session(1, agenda=taught), *(session(n, agenda=quoting(f"{n}")) for n in (2, 3))]
    brief = build_brief(pair(*held), AgendaRequest(TODAY, wish=wish), "pair")
    brief = replace(brief, once_more=asks_once_more(brief, ["once more", "again"]))
    material = asyncio.run(gather_material(BOOKS, brief, ABSTAIN_BELOW))
    assert str(title_of(material)).startswith(title)
    is_back = title == "Share a folder"
    assert material.tech_returned == (Returned("wished", 1) if is_back else None)


def test_nothing_is_offered_for_what_the_library_lacks() -> None:
    goals = (Goal("g1", "Embed a graph on a quantum annealer", "tech", 1, ("annealer",)),)
    material = gathered(BOOKS, pair(goals=goals))
    assert (material.tech, material.tech_coverage) == (None, 0.0)


# Words that mean the same wherever they stand: more may join after a look at who uses them.
ONE_MEANING = {"filter", "dashboard", "backup", "transcript"}


def starter_material(coach: Coach, record: PairRecord, wish: str | None = None) -> Material:
    brief = build_brief(record, AgendaRequest(TODAY, wish=wish), "pair")
    return asyncio.run(gather_material(coach.library, brief, ABSTAIN_BELOW))


@pytest.mark.parametrize(
    ("pair_id", "tech", "career"),
    [
        pytest.param("P01", "pivot-tables", "promotion-case", id="P01"),
        pytest.param("P03", "profile-and-first-post", "build-a-network", id="P03"),
        pytest.param("P05", "passkeys-and-recovery", "negotiate-pay-or-budget", id="P05"),
        pytest.param("P06", "version-control-undo", "first-management-job", id="P06"),
        pytest.param("P08", "cloud-storage-and-backup", "conflict-with-a-colleague", id="P08"),
        pytest.param("P10", "forms-and-weekly-summary", "say-no-and-protect-time", id="P10"),
        pytest.param("X03", "passkeys-and-recovery", "promotion-case", id="X03"),
        pytest.param("X05", "profile-and-first-post", "negotiate-pay-or-budget", id="X05"),
        pytest.param("X06", None, "public-speaking", id="X06: no lesson on qubits"),
        pytest.param("X08", "voice-notes-on-a-phone", "first-session", id="X08"),
        pytest.param("X11", "share-folders-and-documents", "influence-without-authority", id="X11"),
    ],
)
def test_the_starter_library_serves_the_pairs(
    starter: Coach, pair_id: str, tech: str | None, career: str
) -> None:
    material = starter_material(starter, twelve()[pair_id])
    found = [one.document_id if one else None for one in (material.tech, material.career)]
    assert found == [tech, career]


def test_a_wish_about_technology_leaves_the_career_goal_its_note(starter: Coach) -> None:
    wish = "Group the depot report by month; I keep forgetting how"
    career = starter_material(starter, twelve()["P01"], wish).career
    assert career is not None
    assert career.document_id == "promotion-case"


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        pytest.param("play the accordion at a wedding", True, id="nothing near it"),
        pytest.param("group the report by month", False, id="a lesson"),
        pytest.param("", False, id="no wish"),
    ],
)
def test_a_wish_that_nothing_comes_near_is_said_to_be_lacking(
    wish: str, said: bool, starter: Coach
) -> None:
    agenda = agenda_of(starter, twelve()["P01"], wish=wish)
    lacking = [gap.text for gap in agenda.gaps if gap.reason == "not_in_library"]
    assert [wish in text for text in lacking] == ([True] if said else [])
    assert not [verdict for verdict in agenda.contract if verdict.holds is False]


def test_a_term_means_what_the_document_of_the_lesson_says(starter: Coach) -> None:
    material = starter_material(starter, twelve()["X11"])
    assert material.tech is not None
    assert "thread" in material.headwords
    assert material.headwords["thread"].passage.document_id == material.tech.document_id


def test_a_lone_word_explained_in_one_document_means_the_same_in_all(starter: Coach) -> None:
    async def strays() -> set[str]:
        terms = await starter.library.headwords()
        found: set[str] = set()
        for name in {one.passage.document_id for one in terms.values()}:
            passages = await starter.library.passages_of(name)
            said = "\n".join(one.text for one in passages if one.kind != "words")
            found |= set(terms_in(said, terms)) - headwords_of(passages).keys()
        return {term for term in found if " " not in term}

    # Drafts explain a term wherever it stands: in another sense the explanation would be wrong.
    assert asyncio.run(strays()) <= ONE_MEANING


def test_a_topic_of_the_document_counts_when_its_sentences_do_not_say_it(starter: Coach) -> None:
    goals = (replace(TECH, text="Get better at spreadsheets", terms=("spreadsheets",)), CAREER)
    assert starter_material(starter, pair(goals=goals)).tech is not None


ODD = {
    "an empty library": shelf(),
    "plain text without lessons": shelf(
        written("Pivot tables", body="A pivot table groups rows. It shows a total for each group.")
    ),
    "only words": shelf(
        written("Pivot", body="## Words to know\n\n- **pivot table**: a summary that groups rows")
    ),
    "only questions": shelf(
        written("A promotion case", kind="career",
                body="## Questions to ask\n\n- What got you your promotion?")),
    "steps without an idea": shelf(
        written("Pivot", body="## Build a pivot table\n\n### Steps\n\n1. Open the report.")
    ),
    "a lesson with a very long title": shelf(
        written("Pivot", body=LESSON.format(title="Build a pivot table report " * 20))
    ),
    "a sentence longer than a step": shelf(
        written("Pivot", body=f"## Pivot\n\n### Idea\n\nA pivot table {'groups rows ' * 40}ends.")
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_an_odd_library_breaks_no_draft(name: str) -> None:
    record = pair(session(1, "We built a pivot table together."), wish=Wish("A pivot table"))
    with starter_coach(ODD[name]) as coach:
        agenda = agenda_of(coach, record)
        drafts = (agenda, follow_ups_of(coach, record), recap_of(coach, record))
    assert sum(block.minutes for block in agenda.blocks) == 45
    assert all(build_json(draft) for draft in drafts)
    assert all(len(b.title) <= 90 and len(s.text) <= 400 for b in agenda.blocks for s in b.steps)
    assert len(agenda.purpose) <= 240


def test_the_brief_of_a_pair_asks_nothing_but_what_the_pair_wrote() -> None:
    library = shelf(PIVOT)
    brief: Brief = build_brief(pair(), AgendaRequest(TODAY), "pair")
    asyncio.run(gather_material(library, brief, ABSTAIN_BELOW))
    assert [query.text for query in library.asked][:2] == [
        "Build the monthly report with a pivot table",
        "pivot table report",
    ]


class Misled(Shelf):
    """The same library, where meanings lie closest to another lesson than the one wished for."""

    async def search(self, query: LibraryQuery) -> Found:
        """The lesson on filters first, the others a little behind."""
        found = await super().search(query)
        hits = [
            replace(hit, score=2.0 if "Filter" in " ".join(hit.passage.heading_path) else 1.7)
            for hit in found.hits
        ]
        best = tuple(sorted(hits, key=lambda hit: -hit.score))
        least = Hit(self.texts[1].passages[0], 1.0, ("dense",))
        return Found((*best, least), found.coverage, closeness=0.7)


@pytest.mark.parametrize(
    "wish",
    [
        pytest.param("Group the pivot table by month, I got lost last time", id="all of a title"),
        pytest.param("How is that done by month? Show me how to group", id="with the goal's words"),
    ],
)
def test_a_title_that_was_said_whole_comes_first_where_meanings_lie_otherwise(wish: str) -> None:
    goal = Goal("G1", "Build a pivot table for the report", "tech", 1, ("pivot table",))
    record = replace(pair(), goals=(goal, CAREER))
    library = Misled(BOOKS.texts)
    assert title_of(gathered(library, record)) == "Build a pivot table"
    assert title_of(gathered(library, record, wish="A filter in the pivot table, please")) == (
        "Filter a pivot table"
    )
    assert title_of(gathered(library, record, wish=wish)) == "Group a pivot table by month"
