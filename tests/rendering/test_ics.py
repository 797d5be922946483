"""An agenda in a calendar."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from coach.rendering.ics import render_ics
from tests.rendering.drafts import HOSTILE, an_agenda

NINE = datetime(2026, 12, 1, 9, 0)  # noqa: DTZ001  a floating time has no zone
BERLIN = datetime(2026, 12, 1, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def event_of(data: bytes) -> Any:
    """The one event of this calendar."""
    (event,) = Calendar.from_ical(data).events
    return event


def test_the_event_takes_as_long_as_the_session() -> None:
    event = event_of(render_ics(an_agenda(), NINE))
    assert event["dtstart"].dt == NINE
    assert (event["dtend"].dt - event["dtstart"].dt).total_seconds() == 20 * 60
    assert event["summary"] == "Mentoring session 2 (P01)"


def test_the_description_holds_the_whole_agenda() -> None:
    told = str(event_of(render_ics(an_agenda(), NINE))["description"])
    assert "0' Ask how it is done today. (12 min, mentor leads, mentee at the keys)" in told
    assert "- do: “Fold it once more.” [1]" in told
    assert told.endswith("[2] Paper boats (boats)")


def test_a_named_zone_travels_with_its_rules() -> None:
    calendar = Calendar.from_ical(render_ics(an_agenda(), BERLIN))
    assert [str(zone["tzid"]) for zone in calendar.timezones] == ["Europe/Berlin"]
    assert event_of(render_ics(an_agenda(), BERLIN))["dtstart"].dt == BERLIN
    assert len(render_ics(an_agenda(), BERLIN)) < 4_000


def test_the_same_session_keeps_its_uid() -> None:
    def uid(**changed: Any) -> str:
        return str(event_of(render_ics(replace(an_agenda(), **changed), NINE))["uid"])

    assert uid() == uid(minutes=45, purpose="Another") == uid()
    assert len({uid(), uid(session_number=3), uid(pair_id="P02")}) == 3
    other = str(event_of(render_ics(an_agenda(), NINE, pair="a programme's P01"))["uid"])
    assert other != uid()


def test_there_are_no_alarms() -> None:
    assert b"VALARM" not in render_ics(an_agenda(), NINE)


def test_words_of_others_add_no_lines_of_their_own() -> None:
    hostile = f"{HOSTILE}\r\nATTENDEE:mailto:a@b.example\nEND:VEVENT"
    data = render_ics(an_agenda(hostile), NINE)
    assert not any(line.startswith(b"ATTENDEE") for line in data.splitlines())
    assert "ATTENDEE" in str(event_of(data)["description"])
