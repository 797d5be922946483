"""The library finds what was asked for, says what it could not do, and takes any text."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.knowledge.documents import Hit, LibraryQuery
from coach.knowledge.learning import Answerers, learn_answerers, learn_side
from coach.knowledge.lexical import Term, choose_terms, query_words
from coach.knowledge.outside import load_outside
from coach.knowledge.ranking import fuse, measure_margin, spread
from coach.knowledge.retrieval import Library, SqlLibrary, open_starter_library
from coach.knowledge.shelf import AGREE, BELONGING, Shelf, compare, load_shelf
from coach.knowledge.vectors import embed_published
from coach.llm.embeddings import EncoderFault, HashEncoder, Vectors, encode_checked
from coach.storage.database import Database
from tests.knowledge.writing import add, written

ODD = [
    "",
    "   ",
    'a"b',
    "NOT",
    "AND (",
    "*",
    "title: x OR kind : tutorial",
    "NEAR(a b, 2)",
    "{text} : a",
    "'; DROP TABLE passages; --",
    ":* & | ! <->",
    "%_\\",
    "\x00",
    "\ud800 half",
    "ﬁle ＦＵＬＬ ßtraße",
    "\u202eright to left",
    "😀 emoji",
    "日本語のテスト",
    "x" * 100_000,
    "word " * 20_000,
    "^pivot -table +month",
]


def ids(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.passage.document_id for hit in hits]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
async def test_any_text_may_be_asked(database: Database, text: str) -> None:
    add(database, written("Backups"))
    found = await SqlLibrary(database).search(LibraryQuery(text))
    assert 0 <= found.coverage <= 1


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=60))
def test_no_text_breaks_the_search(database: Database, text: str) -> None:
    found = asyncio.run(SqlLibrary(database).search(LibraryQuery(text)))
    assert found.hits == ()


async def test_operators_are_words(database: Database) -> None:
    add(database, written("Backups"))
    add(database, written("Prompts"), "b.md")
    found = await SqlLibrary(database).search(LibraryQuery("backups NOT prompts"))
    assert sorted(ids(found.hits)) == ["a", "b"]
    nothing = await SqlLibrary(database).search(LibraryQuery('kind : "tutorial"'))
    assert nothing.hits == ()


async def test_an_empty_library_answers_with_nothing(database: Database) -> None:
    library: Library = SqlLibrary(database)
    found = await library.search(LibraryQuery("pivot table"))
    assert (found.hits, found.coverage, found.missing_legs) == ((), 0.0, ("dense",))
    assert await library.passages_of("none") == ()
    assert dict(await library.headwords()) == {}


async def test_a_word_is_found_in_other_forms_and_spellings(database: Database) -> None:
    body = "## Lesson\n### Idea\nRunning an e-mail campaign about Rückmeldung works."
    add(database, written("Campaigns", body=body))
    library = SqlLibrary(database)
    for text in ("run", "email", "e-mails", "campaign", "Rückmeldung"):
        assert ids((await library.search(LibraryQuery(text))).hits) == ["a"], text


async def test_scripts_without_spaces_and_parts_of_words_are_found(database: Database) -> None:
    add(database, written("Tabellen", body="## L\n### Idea\n日本語のピボット表を使う。"))
    library = SqlLibrary(database)
    for text in ("ピボット", "日本", "tabell"):
        assert ids((await library.search(LibraryQuery(text))).hits) == ["a"], text


async def test_only_the_kind_asked_for_is_found(database: Database) -> None:
    add(database, written("Growth talk", kind="career"))
    add(database, written("Growth charts"), "b.md")
    encoder = HashEncoder()
    await embed_published(database, encoder)
    for library in (SqlLibrary(database), SqlLibrary(database, encoder)):
        found = await library.search(LibraryQuery("growth", kind="career"))
        assert ids(found.hits) == ["a"]


async def test_a_title_counts_more_than_a_word_in_the_text(database: Database) -> None:
    add(database, written("Calendars", body="## L\n### Idea\nPlan the week ahead."))
    add(database, written("Plans", body="## L\n### Idea\nCalendars help here."), "b.md")
    for number in range(8):
        filler = written("Other", body="## L\n### Idea\nSomething else here.")
        add(database, filler, f"z{number}.md")
    found = await SqlLibrary(database).search(LibraryQuery("calendars"))
    assert ids(found.hits) == ["a", "b"]


async def test_a_document_is_found_by_the_words_people_ask_in(database: Database) -> None:
    add(database, written("Backups", asked_as="[my laptop died and everything is gone]"))
    add(database, written("Prompts"), "b.md")
    library = SqlLibrary(database)
    found = await library.search(LibraryQuery("everything gone, laptop died"))
    assert ids(found.hits) == ["a"]
    assert found.coverage > 0.9


async def test_coverage_tells_a_known_topic_from_an_unknown_one(database: Database) -> None:
    add(database, written("Pivot tables by month"))
    for number, title in enumerate(("Passkeys", "Prompts", "Backups", "Calendars", "Reports")):
        add(database, written(title), f"d{number}.md")
    library = SqlLibrary(database)
    known = await library.search(LibraryQuery("How do pivot tables work by month?"))
    unknown = await library.search(LibraryQuery("Which tables of quantum chromodynamics matter?"))
    assert known.coverage > 0.6
    assert unknown.coverage < 0.3


async def test_vectors_in_the_database_are_compared_without_an_index(database: Database) -> None:
    for number, title in enumerate(("Backups", "Prompts", "Passkeys")):
        add(database, written(title), f"d{number}.md")
    encoder = HashEncoder()
    library = SqlLibrary(database, encoder)
    before = await library.search(LibraryQuery("prompts"))
    assert before.missing_legs == ("dense",)
    assert await embed_published(database, encoder) == 6  # and their titles
    assert await embed_published(database, encoder) == 0
    fresh = SqlLibrary(database, encoder)
    after = await fresh.search(LibraryQuery("prompts"))
    assert after.missing_legs == ()
    assert after.hits[0].legs == ("lexical", "dense")
    assert after.hits[0].passage.document_title == "Prompts"


class Silent:
    """An encoder whose answer cannot be used."""

    model = "silent"
    dimension = 4

    def __init__(self, answer: Vectors) -> None:
        self.answer = answer

    async def encode(self, texts: object) -> Vectors:
        return self.answer


@pytest.mark.parametrize("value", [0.0, float("nan"), float("inf")])
async def test_a_vector_without_direction_is_refused_and_words_are_searched(
    database: Database, value: float
) -> None:
    good = await HashEncoder(4).encode(["a"])
    encoder = Silent(good * value if value == 0 else good + value)
    with pytest.raises(EncoderFault):
        await encode_checked(encoder, ["a"])
    add(database, written("Backups"))
    found = await SqlLibrary(database, encoder).search(LibraryQuery("backups"))
    assert (ids(found.hits), found.missing_legs) == (["a"], ("dense",))


class Waking(HashEncoder):
    """An encoder that fails the first time it is asked."""

    asked = 0

    async def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += 1
        if self.asked == 1:
            raise EncoderFault("asleep")
        return await super().encode(texts)


async def test_an_answer_from_words_alone_is_not_given_once_meanings_are_back(
    database: Database,
) -> None:
    add(database, written("Backups"))
    await embed_published(database, HashEncoder())
    library = SqlLibrary(database, Waking())
    found = [await library.search(LibraryQuery("backups")) for _ in range(3)]
    assert [one.missing_legs for one in found] == [("dense",), (), ()]
    assert found[1] == found[2]


async def test_what_is_remembered_is_dropped_when_the_library_changes(database: Database) -> None:
    add(database, written("Backups", body="## Words to know\n\n- **backup**: a second copy\n"))
    library = SqlLibrary(database)
    assert set(await library.headwords()) == {"backup"}
    version = await library.version()
    add(database, written("Prompts", body="## Words to know\n\n- **prompt**: a request\n"), "b.md")
    assert set(await library.headwords()) == {"backup", "prompt"}
    assert await library.version() != version
    assert [passage.kind for passage in await library.passages_of("b")] == ["words"]
    assert ids((await library.search(LibraryQuery("prompt"))).hits) == ["b"]


async def test_the_review_date_is_looked_at_each_day(database: Database) -> None:
    add(database, written("Backups", review_by="2026-11-23"))
    days = [date(2026, 11, 23), date(2026, 11, 24)]
    library = SqlLibrary(database, today=lambda: days[0])
    assert (await library.passages_of("a"))[0].state == "published"
    days.pop(0)
    assert (await library.passages_of("a"))[0].state == "needs_check"


def test_fusion_adds_a_little_bm25_and_the_title_to_the_cosine() -> None:
    fused = fuse({1: 10.0, 3: 5.0}, {1: 0.5, 2: 0.6}, {2: 0.5}, (1, 2, 3))
    assert fused == pytest.approx({1: 0.7, 2: 0.7, 3: 0.55 + 0.1 + 0.1})


def test_a_question_people_ask_counts_and_a_passage_stands_in() -> None:
    cosines = {1: 0.5, 2: 0.4}
    plain = fuse({}, cosines, {}, (1, 2))
    asked = fuse({}, cosines, {}, (1, 2), {2: 0.9})
    assert max(plain, key=lambda key: plain[key]) == 1
    assert asked == pytest.approx({1: 0.5 + 2.5 * 0.5, 2: 0.4 + 2.5 * 0.9})


@pytest.mark.parametrize(
    ("outside", "margin"),
    [
        pytest.param(None, None, id="nothing outside is known"),
        pytest.param(0.6, 0.3, id="something outside is further"),
        pytest.param(0.95, -0.05, id="something outside is closer"),
        pytest.param(0.0, 0.55, id="nothing outside is near"),
    ],
)
def test_what_is_answered_is_weighed_against_what_is_not(
    outside: float | None, margin: float | None
) -> None:
    measured = measure_margin(({1: 0.5, 2: 0.4}, {2: 0.9}, {}), outside)
    assert measured == (None if margin is None else pytest.approx(margin))


@pytest.mark.parametrize("count", [0, 1, 500])
def test_comparing_row_by_row_is_the_product_of_matrix_and_vector(count: int) -> None:
    rows = np.random.default_rng(3).standard_normal((count, 384)).astype(np.float32)
    vector = np.ones(384, dtype=np.float32)
    found = compare(rows, vector)
    assert found.shape == (count,)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, rows @ vector, atol=1e-3)


def test_the_three_closest_questions_of_a_document_agree() -> None:
    shelf = Shelf(
        keys=np.arange(3),
        kinds=np.array(["tutorial"] * 3),
        vectors=np.eye(3, dtype=np.float32),
        titles=np.zeros((1, 3), dtype=np.float32),
        title_rows=np.zeros(3, dtype=np.int64),
        owners=np.arange(3),
        asked=np.array(
            [[0.9, 0, 0], [0.2, 0, 0], [0.6, 0, 0], [0.4, 0, 0], [0.8, 0, 0]], np.float32
        ),
        asked_owners=np.array([0, 0, 0, 0, 2]),
        outside=np.zeros((0, 3), dtype=np.float32),
        side=np.zeros(4, dtype=np.float32),
        answerers=Answerers(np.array([2]), np.array([[0.5, 0, 0, 0.1]], dtype=np.float32)),
        firsts=np.arange(3),
    )
    vector = np.array([1, 0, 0], dtype=np.float32)
    closest = shelf.closest_asked(vector)
    assert closest[0] == pytest.approx([0.9, 0.6, 0.4])
    assert np.isneginf(closest[1]).all()
    assert closest[2] == pytest.approx([0.8, 0.8, 0.8])
    surely = shelf.agreed(closest, vector)
    assert shelf.asked_cosines(surely, (0, 1, 2)) == {
        0: pytest.approx(AGREE @ np.array([0.9, 0.6, 0.4])),
        2: pytest.approx(0.8 + BELONGING * 0.6),
    }


async def test_the_words_of_a_long_document_count_as_a_whole(database: Database) -> None:
    lessons = "## A\n### Idea\nThe planner shows busy weeks.\n\n## B\n### Idea\nColours tell jobs."
    add(database, written("Plans", body=lessons), "long.md")
    add(database, written("Plans", body=lessons.replace("Colours tell", "Nobody knows")), "b.md")
    encoder = HashEncoder()
    await embed_published(database, encoder)
    found = await SqlLibrary(database, encoder).search(LibraryQuery("planner colours", most=2))
    scores = {(hit.passage.document_id, hit.passage.ordinal): hit.score for hit in found.hits}
    # Their first passages say the same; only one of the documents speaks of colours too.
    assert scores["long", 0] > scores["b", 0]


async def test_what_was_published_a_moment_ago_is_found_by_its_words_before_it_has_a_vector(
    database: Database,
) -> None:
    for number in range(40):
        add(
            database,
            written(f"Report {number}", body=f"A report of week {number}."),
            f"{number}.md",
        )
    encoder = HashEncoder(512)
    await embed_published(database, encoder)
    library = SqlLibrary(database, encoder)
    query = LibraryQuery("tune zither strings")
    assert (await library.search(query)).missing_legs == ()
    lesson = "## {0}\n### Idea\nTune the {0} of a zither with a key before each concert.\n\n"
    body = lesson.format("strings") + lesson.format("pins")
    add(database, written("Tuning a zither", body=body), "z.md")
    found = await library.search(query)
    assert found.missing_legs == ()  # nearly all have vectors
    assert ids(found.hits)[0] == "z"
    assert found.hits[0].legs == ("lexical",)


def test_a_question_belongs_to_the_document_whose_questions_it_resembles() -> None:
    random = np.random.default_rng(7)
    way = np.eye(4)[np.repeat([0, 1], 30)]
    asked = (way + 0.1 * random.normal(size=(60, 4))).astype(np.float32)
    outside = (np.eye(4)[3] + 0.1 * random.normal(size=(200, 4))).astype(np.float32)
    answerers = learn_answerers(asked, np.repeat([4, 9], 30), outside)
    assert list(answerers.owners) == [4, 9]
    first, second = answerers.weigh(np.eye(4, dtype=np.float32)[1])
    assert second > 0.7
    assert first < 0.2
    assert np.abs(answerers.weigh(np.eye(4, dtype=np.float32)[3])).max() < 0.2
    assert not len(learn_answerers(asked[:9], np.zeros(9, dtype=np.int64), outside).owners)


def test_a_question_leans_to_the_side_it_resembles() -> None:
    random = np.random.default_rng(7)
    inside = np.array([1, 0, 0]) + 0.1 * random.normal(size=(60, 3))
    outside = np.array([0, 1, 0]) + 0.1 * random.normal(size=(300, 3))
    side = learn_side(inside.astype(np.float32), outside.astype(np.float32))
    assert side[:-1] @ np.array([1, 0, 0]) + side[-1] > 0.5
    assert side[:-1] @ np.array([0, 1, 0]) + side[-1] < -0.5
    assert abs(side[:-1] @ np.array([0.5, 0.5, 0]) + side[-1]) < 0.2
    assert not learn_side(inside[:9].astype(np.float32), outside.astype(np.float32)).any()


async def test_what_lies_outside_steps_back_once_a_document_answers_it(
    database: Database,
) -> None:
    line = load_outside()[0]
    for name, asked in (("a.md", "how to prune roses"), ("b.md", line)):
        add(database, written("Roses", asked_as=f"[{asked}]"), name)
        encoder = HashEncoder()
        await embed_published(database, encoder)
        with database.reading() as db:
            shelf = load_shelf(db, encoder.model, encoder.dimension)
        vector = (await encoder.encode([line]))[0]
        nearest = shelf.outside_cosine(vector)
        assert nearest is not None
        assert (nearest > 0.99) is (name == "a.md")


async def test_one_hit_of_each_document_may_come_first(database: Database) -> None:
    body = "\n\n".join(f"## Lesson {n}\n### Idea\nBackups save lesson {n}." for n in range(4))
    add(database, written("Backups", body=body))
    add(database, written("Prompts", body="## Prompts\n### Idea\nOne word on backups."), "b.md")
    found = await SqlLibrary(database).search(LibraryQuery("backups", limit=3, most=1))
    assert ids(found.hits)[:2] == ["a", "b"]


async def test_no_document_crowds_out_the_others(database: Database) -> None:
    parts = "".join(f"## Lesson {number}\n\nBackups number {number}.\n\n" for number in range(9))
    add(database, written("Backups", body=parts))
    add(database, written("Other", body="## L\n\nOne word on backups."), "b.md")
    found = await SqlLibrary(database).search(LibraryQuery("backups", limit=6))
    assert ids(found.hits) == ["a", "a", "b", "a", "a", "a"]
    one = replace(found.hits[0], score=1.0)
    assert len(spread([one] * 5, 3)) == 3


def test_a_large_library_is_searched_for_the_rarest_words_only() -> None:
    terms = [Term(f"w{number}", number * 100) for number in range(12)]
    chosen = [term.word for term in choose_terms(terms, 50_000)]
    assert chosen == [f"w{number}" for number in range(1, 11)]  # 5,500 passages; with w11 too many
    common = [Term("common", 8_000), Term("frequent", 9_000), Term("always", 9_500)]
    assert [term.word for term in choose_terms(common, 10_000)] == ["common", "frequent"]
    assert len(choose_terms(terms, 2_000)) == 11
    halves = [Term("told", 2_100), Term("said", 3_900)]
    assert [term.word for term in choose_terms(halves, 20_000)] == ["told", "said"]
    assert [term.word for term in choose_terms(halves, 20_500)] == ["told", "said"]  # none is rare
    some = [Term("told", 2_000), Term("said", 3_900)]
    assert [term.word for term in choose_terms(some, 20_000)] == ["told", "said"]
    assert [term.word for term in choose_terms(some, 20_500)] == ["told"]
    assert query_words("the and of") == ("the", "and", "of")
    assert query_words("Plan the plans for e-mail") == ("plan", "email")


async def test_the_starter_library_is_published_whole() -> None:
    with open_starter_library() as library:
        found = await library.search(LibraryQuery("group a pivot table by month", kind="tutorial"))
        assert found.hits[0].passage.lesson == "Group a pivot table by month"
        assert found.coverage > 0.8
        assert len(await library.headwords()) > 30
