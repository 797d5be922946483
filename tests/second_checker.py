"""Judges an agenda a second time, from three JSON texts and nothing else.

It shares no code with coach.coaching on purpose: what the coach says of its own agenda is worth
more when somebody else counts the minutes, the promises and the letters of each quotation again.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
TECH = {"demo", "hands_on", "teach_back"}
FACTUAL = {"do", "show", "explain"}
SWAP_SHARE, HANDS_SHARE = 0.15, 0.40
# A sentence begins at the start of a passage, of a line, or after the end of another.
BEGINS = re.compile(r"(?:\A|\n|[.!?:…][\"”’)\]]*[ \n])\Z")
ENDS = re.compile(r"[.!?…][\"”’)\]]*\Z")


def faults_of(agenda: Json, pair: Json, library: list[Json], minutes: int) -> list[str]:
    """Everything wrong with this agenda; none is the only good answer."""
    return [
        *_minutes(agenda, minutes),
        *_shares(agenda),
        *_promises(agenda, pair),
        *_citations(agenda, library),
        *_quotations(agenda, library),
        *_steps(agenda),
        *_people(agenda),
    ]


def _minutes(agenda: Json, minutes: int) -> Iterator[str]:
    clock = 0
    least = 1 if minutes < 20 else 2
    for block in agenda["blocks"]:
        if block["starts_at_minute"] != clock:
            yield f"{block['id']} starts at {block['starts_at_minute']}, and {clock} is due"
        if block["minutes"] < (1 if block["kind"] == "slack" else least):
            yield f"{block['id']} has {block['minutes']} minutes"
        clock += block["minutes"]
    if not clock == agenda["minutes"] == minutes:
        yield f"{clock} minutes planned, {agenda['minutes']} stated, {minutes} asked for"


def _shares(agenda: Json) -> Iterator[str]:
    swap = _sum(agenda, lambda block: block["kind"] == "swap")
    if swap < max(3, SWAP_SHARE * agenda["minutes"]):
        yield f"swap has {swap} of {agenda['minutes']} minutes"
    if any(b["kind"] == "swap" and b["lead"] != "mentee" for b in agenda["blocks"]):
        yield "somebody else than the mentee leads the swap"
    tech = _sum(agenda, lambda block: block["kind"] in TECH)
    hands = _sum(agenda, lambda block: block["kind"] in TECH and block["hands"] == "mentee")
    if hands < HANDS_SHARE * tech:
        yield f"the mentee's hands have {hands} of {tech} minutes"
    demo = _sum(agenda, lambda block: block["kind"] == "demo")
    if _sum(agenda, lambda block: block["kind"] == "hands_on") < demo:
        yield "more is shown than done"


def _sum(agenda: Json, chosen: Any) -> int:
    return sum(block["minutes"] for block in agenda["blocks"] if chosen(block))


def _promises(agenda: Json, pair: Json) -> Iterator[str]:
    """Each open promise once by id with all its words, or its id in a gap; none invented."""
    due = _due(pair)
    told = Counter(one for block in agenda["blocks"] for one in block["commitment_ids"])
    told.update(one for gap in agenda["gaps"] for one in gap["commitment_ids"])
    for one, count in told.items():
        if count > 1:
            yield f"promise {one} is there {count} times"
        if one not in due:
            yield f"promise {one} is invented or was kept"
    yield from (f"promise {one} has vanished" for one in due if one not in told)
    for block in agenda["blocks"]:
        words = _flat(" ".join(step["text"] for step in block["steps"]))
        for one in block["commitment_ids"]:
            if _flat(due.get(one, "")).rstrip(".") not in words:
                yield f"promise {one} is not there in full"


def _due(pair: Json) -> dict[str, str]:
    """The open and blocked promises of sessions that were held, by id."""
    return {
        promise["id"]: promise["text"]
        for session in pair["history"]
        if session.get("state", "held") == "held"
        for promise in session["commitments"]
        if promise["status"] in ("open", "blocked")
    }


def _flat(text: str) -> str:
    return " ".join(text.split())


def _citations(agenda: Json, library: list[Json]) -> Iterator[str]:
    documents = {document["document_id"]: document for document in library}
    passages = _passages(library)
    cited = set()
    for place, citation in _all_citations(agenda):
        if citation["source"] != "library":
            continue
        cited.add(citation["document_id"])
        state = documents.get(citation["document_id"], {}).get("state", "missing")
        if state not in ("published", "needs_check"):
            yield f"{place} cites {citation['document_id']}, which is {state}"
        text = passages.get((citation["document_id"], citation["passage_id"]), "")
        if text[citation["start"] : citation["end"]] != citation["quote"] or not citation["quote"]:
            yield f"{place} quotes {citation['passage_id']} wrongly"
    named = {source["document_id"] for source in agenda["sources"]}
    if named != cited:
        yield f"the sources name {sorted(named)}, and {sorted(cited)} are cited"


def _all_citations(agenda: Json) -> Iterator[tuple[str, Json]]:
    for block in agenda["blocks"]:
        for number, step in enumerate(block["steps"]):
            for citation in step["citations"]:
                yield f"{block['id']} step {number}", citation
    for person in ("mentor", "mentee"):
        for task in agenda["prep"][person]:
            for citation in task.get("citations", ()):
                yield f"prep of the {person}", citation


def _passages(library: list[Json]) -> dict[tuple[str, str], str]:
    return {
        (document["document_id"], passage["passage_id"]): passage["text"]
        for document in library
        for passage in document["passages"]
    }


def _quotations(agenda: Json, library: list[Json]) -> Iterator[str]:
    """A step of quotations holds what it quotes and nothing else, in whole sentences."""
    passages = _passages(library)
    for block in agenda["blocks"]:
        for number, step in enumerate(block["steps"]):
            if step["origin"] != "quotation":
                continue
            place = f"{block['id']} step {number}"
            quotes = [citation["quote"] for citation in step["citations"]]
            if _flat(" ".join(quotes)) != _flat(step["text"]) or not quotes:
                yield f"{place} says more or less than it quotes"
            for citation in step["citations"]:
                text = passages.get((citation["document_id"], citation["passage_id"]), "")
                if not _is_whole(text, citation["start"], citation["end"]):
                    yield f"{place} quotes part of a sentence"


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether a stretch begins and ends with sentences; a line of a list is one."""
    ends = text[end : end + 1] in ("", "\n") or ENDS.search(text[start:end])
    return bool(BEGINS.search(text[:start]) and ends)


def _steps(agenda: Json) -> Iterator[str]:
    seen: set[str] = set()
    new = 0
    for block in agenda["blocks"]:
        for number, step in enumerate(block["steps"]):
            new += step["is_new"]
            if step["kind"] in FACTUAL and not step["citations"]:
                yield f"{block['id']} step {number} tells a fact without a source"
            if step["kind"] == "do" and step["text"] in seen:
                yield f"{block['id']} step {number} stands there twice"
            seen.add(step["text"])
    most = 1 if agenda["minutes"] <= 60 else 2 if agenda["minutes"] <= 120 else 3
    if new > most:
        yield f"{new} new concepts in {agenda['minutes']} minutes"


def _people(agenda: Json) -> Iterator[str]:
    owners = sorted(promise["owner"] for promise in agenda["promises"])
    if owners != ["mentee", "mentor"]:
        yield f"promises are asked of {owners}"
    for person in ("mentor", "mentee"):
        tasks = agenda["prep"][person]
        if len(tasks) > 2 or sum(task["minutes"] for task in tasks) > 10:
            yield f"the {person} has too much to prepare"
