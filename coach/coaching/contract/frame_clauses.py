"""The clauses about what an agenda carries over and asks for: AG08, AG09, AG18-19, AG21, AG25."""

import re
from collections import Counter
from collections.abc import Iterator

from coach.coaching.contract.exhibit import (
    Exhibit,
    decide,
    excuse,
    foreign_quotes,
    plain,
    quoted,
    says,
    short,
    without_own,
)
from coach.coaching.contract.families import (
    AGREEMENT,
    AGREEMENT_WHEN_SHORT,
    family,
    mentions,
)
from coach.coaching.contract.shape_clauses import (
    SHORT_SESSION,
    is_replanned,
    kinds_of,
    minutes_ahead,
)
from coach.coaching.contract.texts import agenda_texts, name_of, steps_of
from coach.coaching.drafts import Agenda, PrepTask, Promise, Verdict
from coach.knowledge.wording.tongues import ENGLISH
from coach.knowledge.words import content_stems, words

MOST_PREP_ITEMS = 2
MOST_PREP_MINUTES = 10
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DAY = re.compile(
    rf"\b\d{{4}}-\d\d-\d\d\b|\b\d{{1,2}}\s+(?:{_MONTHS})\b|\b(?:{_MONTHS})\s+\d{{1,2}}\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\btomorrow\b|\btoday\b"
)
_EVENT = re.compile(
    r"\b(?:before|at|after|by|until|in)\s+(?:the|our|your|my)\s+(?:next\s+)?"
    r"(?:session|meeting|talk|review|report|panel|call|one-to-one)\b"
)


def ag08_every_promise_comes_back(exhibit: Exhibit[Agenda]) -> Verdict:
    """Every open promise stands in the agenda once, whole, with its owner; none is invented."""
    agenda, brief = exhibit.draft, exhibit.brief
    counted = Counter(one for block in agenda.blocks for one in block.commitment_ids)
    wanted = {one for promise in brief.promises for one in promise.ids}
    faults = [f"promise {one} is not an open one" for one in counted if one not in wanted]
    faults += _invented_promises(exhibit)
    if brief.first:
        if not faults:
            return excuse("AG08", "a first session has no promises to come back to")
        return decide("AG08", faults, "")
    faults += [f"promise {one} stands {counted[one]} times" for one in sorted(wanted)
               if counted[one] != 1]  # fmt: skip
    faults += _promise_text_faults(exhibit)
    return decide("AG08", faults, f"{len(wanted)} open promises, each once")


def _invented_promises(exhibit: Exhibit[Agenda]) -> Iterator[str]:
    for block, step in steps_of(exhibit.draft, blocks=("review", "check_in")):
        for stretch in foreign_quotes(step.text, exhibit.own):
            if not step.citations:
                yield f"{name_of(block)} quotes “{short(stretch)}”, which nobody promised"


def _promise_text_faults(exhibit: Exhibit[Agenda]) -> Iterator[str]:
    steps = [plain(step.text) for _, step in steps_of(exhibit.draft)]
    wanted = Counter(plain(promise.text) for promise in exhibit.brief.promises)
    for promise in exhibit.brief.promises:
        owner = family(promise.owner, exhibit.draft.language)
        marked = plain(quoted(promise.text))
        found = sum(text.count(marked) for text in steps)
        if found != wanted[plain(promise.text)]:
            yield f"the promise “{short(promise.text)}” is written out {found} times"
        elif not any(marked in text and mentions(text, owner) for text in steps):
            yield f"the promise “{short(promise.text)}” stands without its owner"


def ag09_first_session_agrees(exhibit: Exhibit[Agenda]) -> Verdict:
    """A first session settles the working agreement and speaks of no history."""
    agenda, language = exhibit.draft, exhibit.draft.language
    if not exhibit.brief.first:
        return excuse("AG09", "the pair has met before")
    settled = [step.text for block in agenda.blocks if "agreement" in kinds_of(block)
               for step in block.steps if step.kind == "decide"]  # fmt: skip
    names = AGREEMENT if agenda.minutes >= SHORT_SESSION else AGREEMENT_WHEN_SHORT
    faults = [f"the working agreement leaves out {name}" for name in names
              if not any(mentions(text, family(name, language)) for text in settled)]  # fmt: skip
    faults += _invented_history(exhibit)
    return decide("AG09", faults, "the working agreement covers what it must")


def _invented_history(exhibit: Exhibit[Agenda]) -> Iterator[str]:
    history = family("invented history", exhibit.draft.language)
    for spoken in agenda_texts(exhibit.draft):
        if phrase := mentions(without_own(spoken.text, exhibit.own), history):
            yield f"{spoken.where} says “{phrase}”, but the two have never met"


def ag18_promises_are_concrete(exhibit: Exhibit[Agenda]) -> Verdict:
    """Each person is asked for exactly one promise: an action with a day or an event."""
    owners = Counter(promise.owner for promise in exhibit.draft.promises)
    faults = [f"the {person} is asked for {owners[person]} promises, one is wanted"
              for person in ("mentor", "mentee") if owners[person] != 1]  # fmt: skip
    for promise in exhibit.draft.promises:
        faults += _promise_faults(promise, exhibit.own, exhibit.draft.language)
    return decide("AG18", faults, "one promise each, with an action and a day")


def _promise_faults(promise: Promise, own: tuple[str, ...], language: str) -> Iterator[str]:
    opening = " ".join(words(without_own(promise.text, own))[:3])
    asks = "?" in without_own(promise.text, own)
    if len(words(promise.text)) < 3 or asks:
        yield f"the {promise.owner}'s promise “{short(promise.text)}” names no action"
    elif mentions(opening, family("no action", language)):
        yield f"nobody can see whether “{short(promise.text)}” is kept"
    if not is_concrete(promise.when, language):
        yield f"“{short(promise.when)}” is neither a day nor an event"


def is_concrete(when: str, language: str = ENGLISH) -> bool:
    """Whether a text names a day or an event of the pair."""
    if (named := family("day or event", language)) and mentions(when, named):
        return True
    return bool(_DAY.search(plain(when)) or _EVENT.search(plain(when)))


def ag19_preparation_is_small(exhibit: Exhibit[Agenda]) -> Verdict:
    """Nobody prepares more than two things or ten minutes."""
    prep = exhibit.draft.prep
    faults = [*_prep_faults("mentor", prep.mentor), *_prep_faults("mentee", prep.mentee)]
    return decide("AG19", faults, "at most two things and ten minutes each")


def _prep_faults(person: str, tasks: tuple[PrepTask, ...]) -> Iterator[str]:
    total = sum(task.minutes for task in tasks)
    if len(tasks) > MOST_PREP_ITEMS:
        yield f"the {person} prepares {len(tasks)} things, {MOST_PREP_ITEMS} at most"
    if total > MOST_PREP_MINUTES:
        yield f"the {person} prepares for {total} minutes, {MOST_PREP_MINUTES} at most"
    if any(task.minutes < 1 for task in tasks):
        yield f"a task of the {person} has no minutes"


def ag21_warm_up_asks_what_is_due(exhibit: Exhibit[Agenda]) -> Verdict:
    """The warm-up asks at least one question that is due."""
    agenda, brief = exhibit.draft, exhibit.brief
    named = {one for block in agenda.blocks for one in block.memory_item_ids}
    due = {item.id: item for item in brief.due}
    faults = [f"question {one} is not due" for one in sorted(named - due.keys())]
    reason = _why_nothing_is_due(exhibit)
    if reason and not faults:
        return excuse("AG21", reason)
    if not reason and not _asks_due(agenda, {one: due[one].concept for one in named & due.keys()}):
        faults.append("no warm-up step asks a question that is due")
    return decide("AG21", faults, f"{len(named)} due questions are asked")


def _why_nothing_is_due(exhibit: Exhibit[Agenda]) -> str | None:
    agenda = exhibit.draft
    if not exhibit.brief.due:
        return "nothing is due for recall"
    if agenda.minutes < SHORT_SESSION:
        return "the session is shorter than 20 minutes"
    if is_replanned(agenda) and minutes_ahead(agenda) < SHORT_SESSION:
        return "fewer than 20 minutes are left"
    return None


def _asks_due(agenda: Agenda, concepts: dict[str, str]) -> bool:
    for block, step in steps_of(agenda, ("ask",), ("warm_up",)):
        for one in block.memory_item_ids:
            if set(content_stems(concepts.get(one, ""))) & set(content_stems(step.text)):
                return True
    return False


def ag25_needs_are_met(exhibit: Exhibit[Agenda]) -> Verdict:
    """Access needs and setting stand word for word in the adaptations."""
    constraints = exhibit.brief.constraints
    wanted = [text for text in (constraints.setting, *constraints.access_needs) if text.strip()]
    if not wanted:
        return excuse("AG25", "neither access needs nor a setting are stated")
    faults = [f"the adaptations leave out “{short(text)}”" for text in wanted
              if not any(says(line, text) for line in exhibit.draft.adaptations)]  # fmt: skip
    return decide("AG25", faults, "access needs and setting are in the adaptations")
