"""What is due for recall, in which order, and by which word it is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.coaching.brief import AgendaRequest, PastMeeting
from coach.coaching.briefing import build_brief
from coach.coaching.memory import choose_cue, is_mastered, list_due
from coach.knowledge.words import content_stems
from tests.coaching.make import TODAY, concept, pair, session

FILTER = "a filter hides rows but SUM still counts them; SUBTOTAL counts the visible rows"

LONG = {"ka": "committing", "kb": "branching", "kc": "comparing"}


def meetings(*results: dict[str, str]) -> tuple[PastMeeting, ...]:
    """Sessions in which these concepts were met with these results."""
    held = [
        session(
            n,
            concepts=tuple(
                concept(k, f"concept of the lesson on {LONG[k]}", r) for k, r in one.items()
            ),
        )
        for n, one in enumerate(results, 1)
    ]
    return build_brief(pair(*held), AgendaRequest(TODAY), "pair").meetings


@pytest.mark.parametrize(
    ("history", "due"),
    [
        pytest.param([], [], id="nothing taught"),
        pytest.param([{"ka": "new"}], ["ka"], id="new"),
        pytest.param([{"ka": "ok"}], ["ka"], id="right once, last time"),
        pytest.param([{"ka": "ok"}, {}], [], id="right once and rested"),
        pytest.param([{"ka": "ok"}, {"ka": "ok"}], [], id="right twice in a row"),
        pytest.param([{"ka": "missed"}, {"ka": "ok"}, {}], ["ka"], id="missed, then right once"),
        pytest.param([{"ka": "ok"}, {"ka": "missed"}], ["ka"], id="forgotten"),
        pytest.param([{"ka": "ok", "kb": "missed"}], ["kb", "ka"], id="what was missed goes first"),
        pytest.param(
            [{"ka": "missed"}, {"ka": "ok", "kb": "new"}], ["ka", "kb"], id="once missed, then new"
        ),
        pytest.param([{"ka": "new"}, {"kb": "new"}], ["kb", "ka"], id="newest first"),
        pytest.param([{"ka": "new", "kb": "new", "kc": "new"}], ["ka", "kb"], id="two at most"),
        pytest.param([{"ka": "not_asked"}], ["ka"], id="never asked"),
    ],
)
def test_what_is_due_comes_in_order_of_need(history: list[dict[str, str]], due: list[str]) -> None:
    assert [item.id for item in list_due(meetings(*history))] == due


def test_an_item_says_whether_it_was_missed_and_where_it_was_met() -> None:
    item = list_due(meetings({"ka": "ok"}, {"ka": "missed"}))[0]
    assert (item.missed, item.session_number) == (True, 2)


def test_two_things_are_never_asked_by_one_word() -> None:
    taught = (concept("k1", "share a folder", "missed"), concept("k2", "Share one folder", "new"))
    brief = build_brief(pair(session(1, concepts=taught)), AgendaRequest(TODAY), "pair")
    assert [item.id for item in brief.due] == ["k1"]


@pytest.mark.parametrize(
    ("text", "cues", "cue"),
    [
        pytest.param(FILTER, (), "SUBTOTAL", id="what is written in capitals"),
        pytest.param("a commit is a saved step", ("commit",), "commit", id="a word of the goals"),
        pytest.param(
            "a password manager fills in only on the right site address",
            ("password", "password manager", "sender address"),
            "password manager",
            id="a whole term, not a word of it",
        ),
        pytest.param(
            "choose view or edit when you share a folder",
            ("shared folder",),
            "folder",
            id="the last word of a term whose words stand apart",
        ),
        pytest.param("a header, row by row", ("header row",), "row", id="not across a comma"),
        pytest.param("header rows", ("header row",), "rows", id="never the whole concept"),
        pytest.param("staging chooses what goes next", (), "staging", id="else a long word"),
        pytest.param("open a new tab now", (), "open", id="short words when there are no others"),
        pytest.param("pivot tables", (), "tables", id="one word of two"),
        pytest.param("pivot", (), "pivot", id="a name of one word"),
        pytest.param("the and of", (), None, id="nothing but stop words"),
        pytest.param("🎉 {{7*7}}", (), None, id="no word at all"),
    ],
)
def test_a_cue_is_a_word_of_the_concept(text: str, cues: tuple[str, ...], cue: str | None) -> None:
    assert choose_cue(text, cues) == cue


@given(text=st.text(max_size=80), words=st.lists(st.text(max_size=12), max_size=4))
def test_a_cue_never_gives_the_whole_concept_away(text: str, words: list[str]) -> None:
    cue = choose_cue(text, words)
    if cue is not None:
        assert cue in text
        several = len(set(content_stems(text))) > 1
        assert not several or set(content_stems(cue)) < set(content_stems(text))


def test_what_holds_no_word_to_ask_by_is_never_due() -> None:
    held = session(1, concepts=(concept("k1", "🎉", "missed"),))
    assert build_brief(pair(held), AgendaRequest(TODAY), "pair").due == ()


@pytest.mark.parametrize(
    ("results", "title", "mastered"),
    [
        pytest.param(["ok", "ok"], "Concept of the lesson", True, id="right twice in a row"),
        pytest.param(["ok"], "Concept of the lesson", False, id="right once"),
        pytest.param(["ok", "ok", "missed"], "Concept of the lesson", False, id="forgotten since"),
        pytest.param(["ok", "ok"], "Another lesson on folders", False, id="another lesson"),
        pytest.param(["ok", "ok"], "", False, id="a lesson without a title"),
    ],
)
def test_a_lesson_is_mastered_after_two_successes_in_a_row(
    results: list[str], title: str, mastered: bool
) -> None:
    assert is_mastered(title, meetings(*({"ka": one} for one in results))) is mastered
