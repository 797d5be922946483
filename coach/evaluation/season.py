"""Lets scripted pairs live a season and checks each agenda against what happened before it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import cycle, islice
from typing import Any

from coach.coaching.agenda import draft_agenda
from coach.coaching.brief import AgendaRequest
from coach.coaching.drafts import Agenda, build_json
from coach.coaching.pipeline import Coach
from coach.evaluation.scores import open_ids
from coach.evaluation.scripts import SESSIONS, Script, all_scripts
from coach.knowledge.chunking import split_sentences
from coach.pairs.records import Commitment, Concept, Note, PairRecord, PastSession, RecallResult

FIRST_DAY = date(2026, 1, 5)
LONGEST_PROMISE = 300
LOW, RESTORED_AFTER, WINDOW = 0.15, 2, 3
SHORTEST_WARM_UP = 20
CHECKS = ("promises", "mastered", "missed", "again", "balance", "clauses")
# An agenda may come back to something after so many sessions, or at once to what was missed.
RESTS_FOR = 2
_FOCUS = "focus"
_MISSED = frozenset(("cb1",))
_WHY_FOCUS, _WHY_SWAP = frozenset(("cb1", "cb2", "cb3")), frozenset(("cb4",))


@dataclass(frozen=True, slots=True)
class Finding:
    """Something an agenda forgot or repeated; `check` is one of CHECKS."""

    pair_id: str
    script: str
    number: int
    check: str
    detail: str


@dataclass(frozen=True, slots=True)
class SeasonReport:
    """What a number of seasons showed."""

    pairs: int
    agendas: int
    findings: tuple[Finding, ...]

    def count(self) -> dict[str, int]:
        """How many findings each check made."""
        made = Counter(finding.check for finding in self.findings)
        return {check: made[check] for check in CHECKS}


@dataclass(frozen=True, slots=True)
class Life:
    """A pair in the middle of its season."""

    record: PairRecord
    script: Script
    taught: dict[str, tuple[str, ...]]  # title of a lesson → ids of the concepts it left
    low_for: int = 0


async def run_seasons(
    coach: Coach,
    records: Sequence[PairRecord],
    pairs: int,
    told: Callable[[str], None] = lambda _name: None,
) -> SeasonReport:
    """This many seasons: the records and the scripts in turn, each combination once."""
    agendas, findings = 0, []
    for record, script in _casts(records, pairs):
        life = Life(record, script, {})
        for number in range(1, SESSIONS + 1):
            if not script.is_held(number):
                life = replace(life, record=_cancelled(life.record))
                continue
            agenda = await _draft(coach, life.record, script.minutes(number))
            agendas += 1
            life = _with_balance(life)
            findings += list(check_agenda_of(life, agenda))
            life = live(life, agenda, number)
        told(f"{record.id}: {script.name}")
    return SeasonReport(pairs, agendas, tuple(findings))


def _casts(records: Sequence[PairRecord], pairs: int) -> Iterator[tuple[PairRecord, Script]]:
    """Records and scripts so that both change from one season to the next."""
    scripts = list(all_scripts())
    shifted = (
        (record, scripts[(place + turn) % len(scripts)])
        for turn in range(len(scripts))
        for place, record in enumerate(records)
    )
    return islice(cycle(shifted), pairs)


async def _draft(coach: Coach, record: PairRecord, minutes: int | None) -> Agenda:
    day = next_day(record)
    return await draft_agenda(coach, record, AgendaRequest(day, minutes, for_date=day))


def next_day(record: PairRecord) -> date:
    """One cadence after the last session, held or not."""
    if not record.sessions:
        return FIRST_DAY
    return record.sessions[-1].date + timedelta(days=max(record.constraints.cadence_days, 1))


def next_number(record: PairRecord) -> int:
    """The number of the coming session."""
    return record.sessions[-1].number + 1 if record.sessions else 1


def _cancelled(record: PairRecord) -> PairRecord:
    missed = PastSession(
        number=next_number(record),
        date=next_day(record),
        minutes=record.constraints.session_minutes,
        state="cancelled",
    )
    return replace(record, sessions=(*record.sessions, missed))


# --- What an agenda must not forget -----------------------------------------------------------


def check_agenda_of(life: Life, agenda: Agenda) -> Iterator[Finding]:
    """What this agenda forgets or repeats of the season so far."""
    told = (
        ("promises", _lost_promises(life, agenda)),
        ("mastered", _mastered_again(life, agenda)),
        ("missed", _missed_left_out(life, agenda)),
        ("again", _held_before(life, agenda)),
        ("balance", _unbalanced(life)),
        ("clauses", _broken(agenda)),
    )
    for check, details in told:
        for detail in details:
            yield Finding(life.record.id, life.script.name, next_number(life.record), check, detail)


def _lost_promises(life: Life, agenda: Agenda) -> Iterator[str]:
    named = {one for block in agenda.blocks for one in block.commitment_ids}
    named |= {one for gap in agenda.gaps for one in gap.commitment_ids}
    if lost := open_ids(life.record) - named:
        yield f"open and not carried: {', '.join(sorted(lost))}"


def _mastered_again(life: Life, agenda: Agenda) -> Iterator[str]:
    results = recalls_of(life.record)
    for title in _lessons(agenda):
        left = [results[one] for one in life.taught.get(title, ()) if one in results]
        if left and all(runs[-2:] == ["ok", "ok"] for runs in left):
            yield f"“{title}” was mastered and is taught again"


def _missed_left_out(life: Life, agenda: Agenda) -> Iterator[str]:
    missed = {one for one, runs in recalls_of(life.record).items() if runs[-1] == "missed"}
    asked = {one for block in agenda.blocks for one in block.memory_item_ids}
    again = {one for title in _lessons(agenda) for one in life.taught.get(title, ())}
    if missed and agenda.minutes >= SHORTEST_WARM_UP and not missed & (asked | again):
        yield f"missed and not asked again: {', '.join(sorted(missed))}"


def _held_before(life: Life, agenda: Agenda) -> Iterator[str]:
    """A lesson or a swap that an earlier session had, and no word on why it returns."""
    held = [s.agenda for s in life.record.sessions if s.agenda is not None]
    past = [set(_titles_kept(kept)) for kept in held]
    said = {frame for block in agenda.blocks for frame in block.frame_ids}
    titles = {(_FOCUS, one) for one in _lessons(agenda)}
    titles |= {("swap", b.title) for b in agenda.blocks if b.kind == "swap" and b.goal_ids}
    for kind, title in sorted(titles & set().union(*past)):
        told = _WHY_SWAP if kind == "swap" else _WHY_FOCUS
        if not said & told:
            yield f"“{title}” was held before, and nothing says why it returns"
        elif (kind, title) in set().union(*past[-RESTS_FOR:]) and not said & _MISSED:
            yield f"“{title}” returns within {RESTS_FOR} sessions and was not missed"


def _titles_kept(agenda: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a kept agenda practised, and the title of its swap."""
    for block in agenda["blocks"]:
        if block["kind"] in ("demo", "hands_on"):
            yield _FOCUS, block["title"].partition(": ")[2]
        elif block["kind"] == "swap":
            yield "swap", block["title"]


def _unbalanced(life: Life) -> Iterator[str]:
    if life.low_for > RESTORED_AFTER:
        yield f"the swap is short of its share for {life.low_for} sessions that followed the agenda"


def _broken(agenda: Agenda) -> Iterator[str]:
    for verdict in agenda.contract:
        if verdict.holds is False:
            yield f"{verdict.clause}: {verdict.detail}"


def _lessons(agenda: Agenda) -> list[str]:
    kinds = ("demo", "hands_on")
    return list(dict.fromkeys(b.title.partition(": ")[2] for b in agenda.blocks if b.kind in kinds))


def recalls_of(record: PairRecord) -> dict[str, list[RecallResult]]:
    """How each recall of each concept went, oldest first, sessions that did not ask left out."""
    found: dict[str, list[RecallResult]] = {}
    for session in record.sessions:
        for concept in session.concepts:
            if concept.last_result != "not_asked":
                found.setdefault(concept.id, []).append(concept.last_result)
    return found


def _with_balance(life: Life) -> Life:
    """For how many sessions in a row, held as planned, the swap has been short of its share."""
    held = [s for s in life.record.sessions if s.state == "held"]
    known = [s for s in held if s.mentee_led_minutes is not None][-WINDOW:]
    led, total = sum(s.mentee_led_minutes or 0 for s in known), sum(s.minutes for s in known)
    followed = bool(held) and bool(held[-1].mentee_led_minutes)
    is_low = total > 0 and led < LOW * total
    return replace(life, low_for=life.low_for + 1 if is_low and followed else 0)


# --- What happens in the session --------------------------------------------------------------


def live(life: Life, agenda: Agenda, number: int) -> Life:
    """The pair after it has met with this agenda, the way its script has it."""
    record, script = life.record, life.script
    session = next_number(record)
    taught = tuple(_taught(agenda, session))
    swap = sum(block.minutes for block in agenda.blocks if block.kind == "swap")
    held = PastSession(
        number=session,
        date=agenda.date,
        minutes=agenda.minutes,
        topics=tuple(_lessons(agenda)),
        notes=(Note(f"s{session}-n", "Mentee did the steps alone.", "pair", "mentor"),),
        commitments=(*_settled(record, script, number), *_promised(agenda, session)),
        concepts=(*_recalled(record, agenda, script, number), *taught),
        mentee_led_minutes=script.led(number, swap),
        agenda=build_json(replace(agenda, state="settled")),
    )
    lessons = {title: tuple(one.id for one in taught) for title in _lessons(agenda) if taught}
    known = {title: (*life.taught.get(title, ()), *ids) for title, ids in lessons.items()}
    after = replace(record, sessions=(*record.sessions, held), wish=None)
    return replace(life, record=after, taught={**life.taught, **known})


def _settled(record: PairRecord, script: Script, number: int) -> Iterator[Commitment]:
    """What was open and is done by now."""
    if not script.keeps_promise(number):
        return
    still = open_ids(record)
    latest = {c.id: c for s in record.sessions for c in s.commitments if c.id in still}
    for commitment in latest.values():
        yield replace(commitment, status="done")


def _promised(agenda: Agenda, session: int) -> Iterator[Commitment]:
    for promise in agenda.promises:
        text = promise.text[:LONGEST_PROMISE]
        yield Commitment(f"s{session}-{promise.owner}", promise.owner, text, promise.when, "open")


def _recalled(record: PairRecord, agenda: Agenda, script: Script, number: int) -> Iterator[Concept]:
    asked = {one for block in agenda.blocks for one in block.memory_item_ids}
    known = {c.id: c for s in record.sessions for c in s.concepts if c.id in asked}
    result: RecallResult = "ok" if script.recalls(number) else "missed"
    for concept in known.values():
        yield replace(concept, last_result=result)


def _taught(agenda: Agenda, session: int) -> Iterator[Concept]:
    fresh: Iterable[str] = (s.text for b in agenda.blocks for s in b.steps if s.is_new)
    for place, text in enumerate(fresh):
        span = split_sentences(text)[0]
        yield Concept(f"s{session}-k{place}", text[span.start : span.end], "new")
