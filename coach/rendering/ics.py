"""An agenda as one event of a calendar.

A pair's file names a day but neither an hour nor a place on earth, so the hour is the caller's.
Without a time zone it floats: 09:00 is nine o'clock wherever the calendar is read. With one, the
event carries the zone's rules. The same session keeps its UID, so that a newer agenda takes the
place of the older one. There are no alarms: when to be reminded is for its owner to say.
"""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from icalendar import Calendar, Event

from coach.coaching.drafts import Agenda
from coach.rendering.drafts import outline
from coach.rendering.labels import Labels, labels_of
from coach.rendering.outline import Line, Part, plain

_SESSIONS = UUID("8a3c9c0e-6f0b-5f6e-9d6b-2f6a3c7d9e41")
_PRODUCT = "-//reverse-mentoring-coach//agenda//EN"


def render_ics(agenda: Agenda, starts: datetime, pair: str | None = None) -> bytes:
    """The agenda as a calendar file; `pair` tells pairs of equal file ids apart."""
    event = Event()
    event.add("uid", str(uuid5(_SESSIONS, f"{pair or agenda.pair_id} {agenda.session_number}")))
    event.add("dtstamp", datetime.fromisoformat(agenda.provenance.created_at))
    event.add("dtstart", starts)
    event.add("dtend", starts + timedelta(minutes=agenda.minutes))
    pair_id, number = plain(agenda.pair_id), agenda.session_number
    event.add("summary", labels_of(agenda.language).say("summary", pair=pair_id, number=number))
    event.add("description", _description(agenda))
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add_component(event)
    if starts.tzinfo is not None:
        # The rules of that year are enough; those of all years fill a page.
        calendar.add_missing_timezones(date(starts.year, 1, 1), date(starts.year + 1, 12, 31))
    return bytes(calendar.to_ical())


def _description(agenda: Agenda) -> str:
    """The agenda as plain lines; a calendar shows no more."""
    told = outline(agenda)
    lines = [told.about]
    for part in told.parts:
        lines += ["", _heading(part), *(_line(line, told.labels) for line in part.lines)]
    if told.sources:
        lines += ["", told.labels.say("sources")]
        lines += [f"[{place}] {name}" for place, name in enumerate(told.sources, start=1)]
    return "\n".join(lines)


def _heading(part: Part) -> str:
    clock = "" if part.starts_at_minute is None else f"{part.starts_at_minute}' "
    return f"{clock}{part.title}" + (f" ({part.aside})" if part.aside else "")


def _line(line: Line, labels: Labels) -> str:
    label = labels.say("word", word=line.label, meaning="") if line.label else ""
    words = labels.quoted(line.text) if line.quoted else line.text
    return f"- {label}{words}" + "".join(f" [{mark}]" for mark in line.marks)
