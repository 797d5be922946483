"""What a brief knows of a pair: length, day, goals, promises, and who may read what."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.coaching.brief import AgendaRequest, Brief, Reader
from coach.coaching.briefing import MinutesOutOfRange, build_brief
from coach.pairs.records import (
    Constraints,
    Goal,
    Mentee,
    Mentor,
    OffLimits,
    PairRecord,
    Role,
    Visibility,
    Wish,
)
from tests.coaching.make import (
    CAREER,
    TECH,
    TODAY,
    concept,
    note,
    pair,
    promise,
    session,
    wish,
)

ASKED = AgendaRequest(TODAY)


def brief_of(record: PairRecord, request: AgendaRequest = ASKED, reader: Reader = "pair") -> Brief:
    return build_brief(record, request, reader)


@pytest.mark.parametrize(
    ("asked", "wished", "agreed", "minutes"),
    [
        pytest.param(20, 40, 60, 20, id="asked for"),
        pytest.param(None, 40, 60, 40, id="wished for"),
        pytest.param(None, None, 60, 60, id="agreed"),
        pytest.param(10, None, 60, 10, id="the shortest"),
        pytest.param(180, None, 60, 180, id="the longest"),
    ],
)
def test_the_nearest_word_about_the_length_counts(
    asked: int | None, wished: int | None, agreed: int, minutes: int
) -> None:
    record = pair(
        constraints=Constraints(session_minutes=agreed), wish=wish("Plan it.", minutes=wished)
    )
    assert brief_of(record, AgendaRequest(TODAY, minutes=asked)).minutes == minutes


def test_a_session_usually_has_45_minutes() -> None:
    assert brief_of(pair()).minutes == 45


@pytest.mark.parametrize("minutes", [0, 5, 9, 181, 600])
def test_a_length_out_of_range_is_refused_with_the_range(minutes: int) -> None:
    with pytest.raises(MinutesOutOfRange, match=f"between 10 and 180 minutes, not {minutes}"):
        brief_of(pair(), AgendaRequest(TODAY, minutes=minutes))


@pytest.mark.parametrize(
    ("record", "request_", "day"),
    [
        pytest.param(pair(), AgendaRequest(TODAY), TODAY, id="never met: today"),
        pytest.param(
            pair(session(5)),
            AgendaRequest(TODAY),
            date(2026, 12, 10),
            id="a cadence after the last",
        ),
        pytest.param(pair(session(1)), AgendaRequest(TODAY), TODAY, id="never in the past"),
        pytest.param(
            pair(wish=Wish("Plan it.", None, date(2026, 11, 20))),
            AgendaRequest(TODAY),
            date(2026, 11, 20),
            id="wished for",
        ),
        pytest.param(
            pair(wish=Wish("Plan it.", None, date(2026, 11, 20))),
            AgendaRequest(TODAY, for_date=date(2026, 11, 25)),
            date(2026, 11, 25),
            id="asked for",
        ),
    ],
)
def test_a_session_has_its_day(record: PairRecord, request_: AgendaRequest, day: date) -> None:
    assert brief_of(record, request_).date == day


SECOND = Goal("g9", "Share a folder with the board", "tech", 2, ("folder",))


@pytest.mark.parametrize(
    ("asked", "goal"),
    [
        pytest.param(None, "g1", id="priority, when nothing is wished"),
        pytest.param("Help me share that folder.", "g9", id="the wish goes first"),
        pytest.param("Something else altogether", "g1", id="priority, when the wish names no goal"),
        pytest.param("  ", "g1", id="a blank wish is none"),
    ],
)
def test_the_wish_chooses_the_goal(asked: str | None, goal: str) -> None:
    record = pair(goals=(TECH, SECOND, CAREER))
    brief = brief_of(record, AgendaRequest(TODAY, wish=asked))
    assert brief.focus_goal is not None
    assert (brief.focus_goal.id, brief.career_goal) == (goal, CAREER)


@pytest.mark.parametrize(
    ("levels", "level"),
    [
        pytest.param((), None, id="nobody said"),
        pytest.param((("pivot table", "working"), ("phones", "novice")), "working", id="the topic"),
        pytest.param((("phones", "confident"), ("security", "basic")), "basic", id="the lowest"),
        pytest.param((("report", "basic"), ("pivot", "working")), "basic", id="the lowest named"),
    ],
)
def test_the_level_is_the_one_stated_for_the_topic(levels: tuple[object, ...], level: str) -> None:
    record = pair(mentee=Mentee("director", tech_levels=levels))  # type: ignore[arg-type]
    assert brief_of(record).level == level


def test_promises_are_merged_by_text_and_told_by_their_latest_status() -> None:
    record = pair(
        session(1, commitments=(
            promise("c1", "Share a test folder"),
            promise("c2", "Send the list", "mentor", status="blocked"),
            promise("c3", "Read the page"),
            promise("c4", "Drop this one"),
            promise("c5", "Share a test folder", "mentor"),
        )),
        session(2, commitments=(
            promise("c3", "Read the page", status="done"),
            promise("c4", "Drop this one", status="dropped"),
            promise("c6", "Share  a test folder ", due="2026-11-20"),
            promise("c7", "   "),
        )),
    )  # fmt: skip
    found = [(p.ids, p.owner, p.text, p.due, p.blocked) for p in brief_of(record).promises]
    assert found == [
        (("c1", "c6"), "mentee", "Share a test folder", "2026-11-20", False),
        (("c2",), "mentor", "Send the list", None, True),
        (("c5",), "mentor", "Share a test folder", None, False),
    ]


CANARY = "The canary sings in the depot."


def told(brief: Brief) -> str:
    return " ".join(sentence.text for meeting in brief.meetings for sentence in meeting.said)


@pytest.mark.parametrize(
    ("author", "reader", "seen"),
    [
        pytest.param("mentor", "pair", False, id="the mentor's is not for the pair"),
        pytest.param("mentee", "pair", False, id="the mentee's is not for the pair"),
        pytest.param("mentor", "mentor", True, id="the mentor's is for the mentor"),
        pytest.param("mentor", "mentee", False, id="the mentor's is not for the mentee"),
        pytest.param("mentee", "mentee", True, id="the mentee's is for the mentee"),
        pytest.param("mentee", "mentor", False, id="the mentee's is not for the mentor"),
        pytest.param(None, "mentee", False, id="nobody's is for nobody"),
    ],
)
def test_a_private_note_reaches_its_author_alone(
    author: Role | None, reader: Reader, seen: bool
) -> None:
    brief = brief_of(pair(session(1, note(CANARY, "mine", author))), reader=reader)
    assert (CANARY in told(brief), CANARY in repr(brief)) == (seen, seen)


@given(
    notes=st.lists(
        st.tuples(st.sampled_from(["mine", "pair"]), st.sampled_from(["mentor", "mentee", None])),
        max_size=6,
    ),
    reader=st.sampled_from(["pair", "mentor", "mentee"]),
)
def test_a_reader_sees_what_is_shared_and_their_own(
    notes: list[tuple[Visibility, Role | None]], reader: Reader
) -> None:
    written = [
        replace(note(f"Canary {n} sings.", visibility, author), id=f"n{n}")
        for n, (visibility, author) in enumerate(notes)
    ]
    text = repr(brief_of(pair(session(1, *written)), reader=reader))
    for number, (visibility, author) in enumerate(notes):
        may_see = visibility == "pair" or (reader != "pair" and author == reader)
        assert (f"Canary {number} sings." in text) == may_see


def test_a_private_crisis_is_known_to_its_author_alone() -> None:
    record = pair(session(1, note("I think about ending my life.", "mine", "mentee")))
    found = {reader: brief_of(record, reader=reader).crisis for reader in READERS}
    assert found == {"pair": False, "mentor": False, "mentee": True}


READERS: tuple[Reader, ...] = ("pair", "mentor", "mentee")


@pytest.mark.parametrize(
    "gone",
    [
        pytest.param("She was diagnosed with diabetes last week.", id="health"),
        pytest.param("The merger with the harbour firm is not announced.", id="off-limits"),
        pytest.param("Depot North lost two vans.", id="confidential"),
        pytest.param("He said he wants to kill himself.", id="crisis"),
        pytest.param("You are too old for this, honey.", id="disrespectful"),
    ],
)
def test_a_sentence_no_draft_may_say_leaves_the_notes_and_the_promises(gone: str) -> None:
    record = pair(
        session(
            1,
            f"We sorted the table. {gone}",
            commitments=(promise("c1", gone), promise("c2", "Sort the table")),
            concepts=(concept("k1", gone),),
        ),
        off_limits=(OffLimits("the merger", ("merger",)),),
        constraints=Constraints(confidentiality=("no depot names",)),
        goals=(TECH, CAREER, Goal("g7", gone, "tech", 3)),
        wish=wish(gone, gone),
    )
    brief = brief_of(record)
    assert told(brief) == "We sorted the table."
    assert (brief.withheld, [p.ids for p in brief.promises]) == (("c1",), [("c2",)])
    assert not brief.due
    if gone != "Depot North lost two vans.":
        assert (brief.wish, brief.focus, len(brief.goals)) == (None, (), 2)


def test_a_wish_that_fails_the_lint_is_not_echoed() -> None:
    brief = brief_of(pair(), AgendaRequest(TODAY, wish="Explain it simply, even you can do it."))
    assert brief.wish is None


def test_notes_in_another_language_are_named_and_ask_nothing() -> None:
    taught = (concept("k1", "responder con calma y una sola vez", "missed"),)
    foreign = session(1, "Hemos creado el perfil.", notes_language="es", concepts=taught)
    brief = brief_of(pair(foreign, session(2, "We met.")))
    assert (brief.foreign_languages, brief.due) == (("es",), ())


@pytest.mark.parametrize(
    ("led", "low"),
    [
        pytest.param((), False, id="nobody counted"),
        pytest.param((3, 3, 3), True, id="fell short"),
        pytest.param((7, 7, 7), False, id="enough"),
        pytest.param((0, 10, 10, 10), False, id="only the last three count"),
        pytest.param((None, 3, None), True, id="unknown ones do not count"),
    ],
)
def test_the_balance_is_low_when_guidance_fell_short(
    led: tuple[int | None, ...], low: bool
) -> None:
    held = [session(n, mentee_led_minutes=m) for n, m in enumerate(led, 1)]
    assert brief_of(pair(*held)).low_balance is low


@pytest.mark.parametrize(
    ("sessions", "stalled"),
    [
        pytest.param([("missed",)], False, id="missed once"),
        pytest.param([("missed",), ("missed",)], True, id="missed twice in a row"),
        pytest.param([("missed",), ("ok",)], False, id="recovered"),
    ],
)
def test_a_lesson_missed_twice_in_a_row_has_stalled(
    sessions: list[tuple[str]], stalled: bool
) -> None:
    held = [
        session(n, concepts=(concept("k1", "choose view or edit for a folder", results[0]),))
        for n, results in enumerate(sessions, 1)
    ]
    assert brief_of(pair(*held)).stalled is stalled


def test_a_promise_made_twice_by_the_mentee_has_stalled() -> None:
    twice = [session(n, commitments=(promise(f"c{n}", "Share a folder"),)) for n in (1, 2)]
    assert brief_of(pair(*twice)).stalled


def test_sessions_that_were_not_held_leave_nothing() -> None:
    planned = session(2, "A canary.", state="planned", commitments=(promise("c9", "Fly"),))
    called_off = session(3, "A canary.", state="cancelled", commitments=(promise("c8", "Fly"),))
    brief = brief_of(pair(planned, called_off))
    assert (brief.first, brief.session_number) == (True, 1)
    assert (brief.promises, brief.withheld) == ((), ())
    assert brief_of(pair(session(1), planned)).session_number == 2


def test_a_first_session_has_no_history() -> None:
    brief = brief_of(pair())
    assert (brief.first, brief.session_number, brief.due, brief.promises) == (True, 1, (), ())


def test_blank_words_of_a_profile_are_left_out() -> None:
    record = pair(
        goals=(Goal("g1", " ", "tech", 1),),
        mentor=Mentor("analyst", growth_goals=("",)),
        mentee=Mentee("director", expertise=("", "boards")),
    )
    brief = brief_of(record)
    assert (brief.goals, brief.mentor.growth_goals, brief.mentee.expertise) == ((), (), ("boards",))
