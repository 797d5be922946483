"""The clauses about an agenda's words: AG07, AG14, AG16, AG20."""

from collections.abc import Iterable, Iterator

from coach.coaching.boundaries import company_risk, is_observable
from coach.coaching.contract.evidence import cited_passage
from coach.coaching.contract.exhibit import Exhibit, decide, excuse, says, short, without_own
from coach.coaching.contract.families import family, mentions
from coach.coaching.contract.headwords import (
    explains,
    familiar_to,
    is_written_out,
    short_forms,
    terms_in,
    without_meanings,
)
from coach.coaching.contract.language import boundary_faults
from coach.coaching.contract.texts import Spoken, agenda_texts, frame_texts, name_of, steps_of
from coach.coaching.drafts import Agenda, Verdict
from coach.knowledge.documents import Headword

LAST = 10_000  # a place after every step: the frame of an agenda is read beside the whole
Place = tuple[int, int]


def ag07_outcomes_can_be_seen(exhibit: Exhibit[Agenda]) -> Verdict:
    """Each block ends in something that another person can see."""
    faults = [f"nobody can see the outcome of {name_of(block)}: “{short(block.outcome)}”"
              for block in exhibit.draft.blocks
              if not block.outcome.strip() or not is_observable(block.outcome)]  # fmt: skip
    return decide("AG07", faults, "every outcome can be seen")


def ag14_is_this_pairs_own(exhibit: Exhibit[Agenda]) -> Verdict:
    """Whether a stranger would know whose agenda this is, which only a rater can say."""
    return excuse("AG14", "needs a rater")


def ag16_terms_are_explained(exhibit: Exhibit[Agenda]) -> Verdict:
    """A technical term is explained by the time it is used; abbreviations are written out."""
    uses = _term_uses(exhibit)
    explained = _first_explanations(exhibit, {term for term, _, _ in uses})
    faults = [
        f"{where} uses “{exhibit.material.headwords[term].word}”, not yet explained"
        for term, where, place in uses
        if explained.get(term, (LAST, LAST)) > place
    ]
    faults += _short_form_faults(exhibit)
    return decide("AG16", faults, f"{len(explained)} technical terms, explained when first used")


def _term_uses(exhibit: Exhibit[Agenda]) -> list[tuple[str, str, Place]]:
    headwords = exhibit.material.headwords
    familiar = familiar_to(exhibit.brief, headwords)
    uses: list[tuple[str, str, Place]] = []
    for spoken, place in _placed_texts(exhibit.draft):
        bare = without_own(spoken.text, exhibit.own)
        terms = [term for term in dict.fromkeys(terms_in(bare, headwords))
                 if not familiar.holds(term, headwords[term])]  # fmt: skip
        if not terms:
            continue
        # A term that the pair quotes or knows may still have its meaning told here.
        told = dict.fromkeys((*terms, *terms_in(spoken.text, headwords)))
        outside = without_meanings(bare, (headwords[term] for term in told))
        used = set(terms_in(outside, headwords))
        uses += [(term, spoken.where, place) for term in terms if term in used]
    return uses


def _placed_texts(agenda: Agenda) -> Iterator[tuple[Spoken, Place]]:
    """Every text with the last step by which its terms must be explained."""
    for spoken in frame_texts(agenda):
        yield spoken, (LAST - 1, 0)
    for number, block in enumerate(agenda.blocks):
        yield Spoken(f"the title of {name_of(block)}", block.title), (number, LAST)
        yield Spoken(f"the outcome of {name_of(block)}", block.outcome), (number, LAST)
        for place, step in enumerate(block.steps, start=1):
            yield Spoken(f"step {place} of {name_of(block)}", step.text), (number, place)


def _first_explanations(exhibit: Exhibit[Agenda], terms: Iterable[str]) -> dict[str, Place]:
    headwords = exhibit.material.headwords
    first: dict[str, Place] = {}
    for term in terms:
        meaning: Headword = headwords[term]
        for number, block in enumerate(exhibit.draft.blocks):
            for place, step in enumerate(block.steps, start=1):
                if term not in first and explains(step, meaning):
                    first[term] = (number, place)
    return first


def _short_form_faults(exhibit: Exhibit[Agenda]) -> Iterator[str]:
    known = {word.casefold() for word in exhibit.brief.mentee.known_words}
    headwords = exhibit.material.headwords
    everything = "\n".join(spoken.text for spoken in agenda_texts(exhibit.draft))
    own = " ".join(exhibit.own)
    for spoken in agenda_texts(exhibit.draft):
        for form in short_forms(without_own(spoken.text, exhibit.own)):
            is_familiar = form.casefold() in known or form.casefold() in headwords or form in own
            if not is_familiar and not is_written_out(form, everything):
                yield f"{spoken.where} uses “{form}” without writing it out"


def ag20_is_respectful_and_safe(exhibit: Exhibit[Agenda]) -> Verdict:
    """The words respect both people, boundaries hold, and risky topics carry a safe-use line."""
    faults = [fault for spoken in agenda_texts(exhibit.draft)
              for fault in boundary_faults(spoken, exhibit.brief, exhibit.material)]  # fmt: skip
    faults += _crisis_faults(exhibit)
    safe = _safe_use_faults(exhibit)
    faults += safe or ()
    if safe is None:
        return decide("AG20", faults, "respectful; the library offers no safe-use line")
    return decide("AG20", faults, "respectful, and safe where there is risk")


def _crisis_faults(exhibit: Exhibit[Agenda]) -> Iterator[str]:
    if not exhibit.brief.crisis:
        return
    opening = " ".join(step.text for one in exhibit.draft.blocks[:1] for step in one.steps)
    if not mentions(opening, family("help", exhibit.draft.language)):
        yield "the agenda does not open with where to find help"
    for contact in exhibit.brief.help_contacts:
        if not says(opening, contact):
            yield "the opening leaves out a help contact of the programme"


def _safe_use_faults(exhibit: Exhibit[Agenda]) -> tuple[str, ...] | None:
    """What is missing of the safe-use line; None when the library has no line to give."""
    brief, material = exhibit.brief, exhibit.material
    topic = [brief.wish or "", *brief.focus, material.tech.title if material.tech else ""]
    topic += [brief.focus_goal.text] if brief.focus_goal else []
    if not any(company_risk(text) for text in topic):
        return ()
    if not any(passage.kind == "safe_use" for passage in material.offered.values()):
        return None
    for _, step in steps_of(exhibit.draft):
        for citation in step.citations:
            passage = cited_passage(citation, material)
            if passage and passage.kind == "safe_use" and says(step.text, citation.quote):
                return ()
    return ("the topic carries a risk for the company, but no safe-use line is quoted",)
