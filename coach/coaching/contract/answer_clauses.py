"""The recap clauses about answer, sources and promises: RC01-RC07, RC14, RC18-RC21."""

from collections.abc import Iterator
from datetime import date

from coach.coaching.contract.evidence import (
    citation_faults,
    contradicts,
    evidence_of,
    sentences,
    unsupported,
)
from coach.coaching.contract.exhibit import decide, excuse, plain, says, short
from coach.coaching.contract.families import family, mentions
from coach.coaching.contract.language import boundary_faults
from coach.coaching.contract.recap_exhibit import REFUSED, RecapExhibit
from coach.coaching.contract.texts import (
    all_recap_texts,
    explanation_texts,
    reading_text,
    recap_claims,
)
from coach.coaching.drafts import NoteCitation, Recap, RecapCommitment, Verdict
from coach.knowledge.words import overlap, words
from coach.pairs.records import Commitment

LONGEST_ANSWER = 50
MOST_IDEAS = 3
SAME_TEXT = 0.6


def rc01_answer_comes_first(exhibit: RecapExhibit) -> Verdict:
    """The answer has at most two sentences and fifty words."""
    text = exhibit.draft.answer.text
    faults = [] if text.strip() else ["there is no answer"]
    if len(sentences(text)) > 2:
        faults.append(f"the answer has {len(sentences(text))} sentences, 2 at most")
    if len(words(text)) > LONGEST_ANSWER:
        faults.append(f"the answer has {len(words(text))} words, {LONGEST_ANSWER} at most")
    return decide("RC01", faults, "the answer is short and comes first")


def rc02_few_key_ideas(exhibit: RecapExhibit) -> Verdict:
    """At most three key ideas, each named once and explained."""
    ideas = exhibit.draft.key_ideas
    faults = []
    if len(ideas) > MOST_IDEAS:
        faults.append(f"{len(ideas)} key ideas, {MOST_IDEAS} at most")
    if len({plain(one.idea) for one in ideas}) < len(ideas):
        faults.append("a key idea stands twice")
    if any(not one.idea.strip() or not one.explanation.strip() for one in ideas):
        faults.append("a key idea has no name or no explanation")
    return decide("RC02", faults, f"{len(ideas)} key idea{'' if len(ideas) == 1 else 's'}")


def rc03_facts_are_cited(exhibit: RecapExhibit) -> Verdict:
    """Every sentence that states a fact is carried by what it cites, word for word or nearly."""
    faults: list[str] = []
    for claim in recap_claims(exhibit.draft):
        if not claim.citations:
            faults.append(f"{claim.where} cites nothing")
            continue
        for citation in claim.citations:
            faults += [f"{claim.where} {fault}" for fault
                       in citation_faults(citation, exhibit.brief, exhibit.material)]  # fmt: skip
        evidence = evidence_of(claim.citations, exhibit.brief, exhibit.material)
        faults += [f"{claim.where} says “{short(text)}”, which its citation does not carry"
                   for text in unsupported(claim.text, evidence)]  # fmt: skip
    return decide("RC03", faults, "every fact is carried by what it cites")


def rc04_nothing_contradicts(exhibit: RecapExhibit) -> Verdict:
    """No sentence speaks against what it cites."""
    faults = []
    for claim in recap_claims(exhibit.draft):
        evidence = evidence_of(claim.citations, exhibit.brief, exhibit.material)
        faults += [f"{claim.where} says “{short(text)}”, against what it cites"
                   for text in sentences(claim.text) if contradicts(text, evidence)]  # fmt: skip
    return decide("RC04", faults, "nothing speaks against its source")


def rc05_refuses_plainly_or_cites(exhibit: RecapExhibit) -> Verdict:
    """What is not covered is refused plainly; what is answered is answered from a source."""
    recap = exhibit.draft
    if recap.refused:
        return decide("RC05", _refusal_faults(recap), "refused plainly, with whom to ask")
    faults = [] if recap.answer.citations else ["the answer cites nothing"]
    return decide("RC05", faults, "answered from a source")


def _refusal_faults(recap: Recap) -> Iterator[str]:
    if recap.steps:
        yield f"the recap refuses but gives {len(recap.steps)} steps"
    if recap.key_ideas:
        yield f"the recap refuses but gives {len(recap.key_ideas)} key ideas"
    if not recap.not_covered:
        yield "no gap says what is missing"
    said = "\n".join((recap.answer.text, *(gap.text for gap in recap.not_covered)))
    is_unknown = any(gap.reason == "not_in_library" for gap in recap.not_covered)
    if is_unknown and not mentions(said, family("not covered", recap.language)):
        yield "the refusal does not say plainly that this is not covered"
    if not mentions(said, family("whom to ask", recap.language)):
        yield "the refusal does not say whom to ask"


def rc06_says_what_is_left_out(exhibit: RecapExhibit) -> Verdict:
    """Whether a partly covered question is answered in that part, which only a rater can say."""
    return excuse("RC06", "needs a rater")


def rc07_speaks_of_this_session(exhibit: RecapExhibit) -> Verdict:
    """The recap refers to this session, and what it says happened stands in the notes."""
    session = exhibit.session
    if exhibit.draft.refused:
        return excuse("RC07", REFUSED)
    if session is None and not exhibit.brief.meetings:
        return excuse("RC07", "the pair has not met yet")
    if session is None:
        return decide("RC07", [f"the pair held no session {exhibit.draft.session_number}"], "")
    faults = [f"line {number} of what you did cites no note of this session"
              for number, cited in enumerate(exhibit.draft.what_we_did, start=1)
              if not any(_is_of(one, session.number) for one in cited.citations)]  # fmt: skip
    if not (session.said or session.commitments or session.concepts or session.agenda):
        if not faults:
            return excuse("RC07", "nothing of this session was written down")
    elif not _refers(exhibit):
        faults.append("the recap refers to no note, task or block of this session")
    return decide("RC07", faults, "the recap speaks of this session")


def _is_of(citation: object, number: int) -> bool:
    return isinstance(citation, NoteCitation) and citation.session_number == number


def _refers(exhibit: RecapExhibit) -> bool:
    session, recap = exhibit.session, exhibit.draft
    if session is None:
        return False
    cited = [one for claim in recap_claims(recap) for one in claim.citations]
    made = {commitment.id for commitment in session.commitments}
    if any(_is_of(one, session.number) for one in cited) or any(
        one.id in made for one in recap.commitments
    ):
        return True
    text = reading_text(recap)
    own = [commitment.text for commitment in session.commitments]
    own += [concept.concept for concept in session.concepts]
    own += [sentence.text for sentence in session.said]
    blocks = session.agenda.get("blocks") if session.agenda else None
    if isinstance(blocks, list):
        own += [str(one.get("title", "")) for one in blocks if isinstance(one, dict)]
    return any(says(text, one) for one in own)


def rc14_names_a_slip(exhibit: RecapExhibit) -> Verdict:
    """A procedure names one common slip when the library has one."""
    if not exhibit.draft.steps:
        return excuse("RC14", "the recap gives no procedure")
    cited = {
        getattr(one, "document_id", "") for step in exhibit.draft.steps for one in step.citations
    }
    known = [one for one in exhibit.material.offered.values()
             if one.kind == "slip" and one.document_id in cited]  # fmt: skip
    if not known:
        return excuse("RC14", "the library names no slip for this procedure")
    is_named = any(idea.common_slip is not None for idea in exhibit.draft.key_ideas)
    faults = (
        [] if is_named else [f"no slip is named, but the library has one in “{known[0].lesson}”"]
    )
    return decide("RC14", faults, "a common slip is named")


def rc18_is_really_different(exhibit: RecapExhibit) -> Verdict:
    """An explanation asked for in another way differs from the one before."""
    before = exhibit.before
    if before is None:
        return excuse("RC18", "no earlier explanation to differ from")
    if exhibit.draft.refused:
        return excuse("RC18", REFUSED)
    old = before if isinstance(before, str) else _explanation(before)
    shared = overlap(_explanation(exhibit.draft), old)
    found = f"{shared:.0%} of the words are those of the earlier explanation"
    faults = [f"{found}, under 60 % is wanted"] if shared >= SAME_TEXT else []
    return decide("RC18", faults, found)


def _explanation(recap: Recap) -> str:
    return "\n".join(spoken.text for spoken in explanation_texts(recap))


def rc19_promises_are_as_stored(exhibit: RecapExhibit) -> Verdict:
    """The promises of the session stand as they were made: id, owner, text and day."""
    stored = {one.id: one for meeting in exhibit.brief.meetings for one in meeting.commitments}
    shown = {one.id for one in exhibit.draft.commitments}
    faults = [fault for one in exhibit.draft.commitments
              for fault in _commitment_faults(one, stored.get(one.id))]  # fmt: skip
    if len(shown) < len(exhibit.draft.commitments):
        faults.append("a promise stands twice")
    made = exhibit.session.commitments if exhibit.session else ()
    if exhibit.is_whole_session and not exhibit.draft.refused:
        faults += [f"the promise “{short(one.text)}” is left out" for one in made
                   if one.status in ("open", "blocked") and one.id not in shown]  # fmt: skip
    if not faults and not shown:
        return excuse("RC19", "no promise to show")
    return decide("RC19", faults, f"{len(shown)} promises, as stored")


def _commitment_faults(shown: RecapCommitment, stored: Commitment | None) -> Iterator[str]:
    if stored is None:
        yield f"nobody promised “{short(shown.text)}”"
        return
    if (shown.owner, shown.text) != (stored.owner, stored.text):
        yield f"“{short(shown.text)}” is not the promise as the {stored.owner} made it"
    if shown.due != _day(stored.due):
        yield f"“{short(shown.text)}” is shown for {shown.due}, promised for {stored.due}"


def _day(due: str | None) -> date | None:
    try:
        return date.fromisoformat(due) if due else None
    except ValueError:
        return None  # the pair's own words for a day


def rc20_nothing_hidden_is_shown(exhibit: RecapExhibit) -> Verdict:
    """Nothing of another pair, and nothing that this reader may not see."""
    recap, brief = exhibit.draft, exhibit.brief
    faults = [] if recap.pair_id == brief.pair_id else ["the recap is about another pair"]
    for spoken in all_recap_texts(recap):
        faults += boundary_faults(spoken, brief, exhibit.material)
        if any(says(spoken.text, text) for text in exhibit.hidden if text.strip()):
            faults.append(f"{spoken.where} shows what this reader may not see")
    if not faults and not exhibit.hidden:
        return excuse("RC20", "boundaries hold; no hidden texts were given to look for")
    return decide("RC20", faults, "nothing hidden is shown")


def rc21_says_what_the_mentee_gave(exhibit: RecapExhibit) -> Verdict:
    """What the mentee gave is said when the notes have it."""
    gave = exhibit.draft.mentee_gave
    if gave is None:
        if exhibit.draft.refused:
            return excuse("RC21", REFUSED)
        if not exhibit.is_whole_session:
            return excuse("RC21", "one question was asked, not the whole session")
        if not exhibit.given():
            return excuse("RC21", "the notes say of nothing that the mentee gave it")
        line = f"the notes say “{short(exhibit.given()[0].text)}”, but the recap leaves it out"
        return decide("RC21", [line], "")
    number = exhibit.draft.session_number
    is_noted = any(_is_of(one, number) for one in gave.citations)
    faults = [] if is_noted else ["what the mentee gave cites no note of this session"]
    return decide("RC21", faults, "says what the mentee gave")
