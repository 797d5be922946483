"""The recap clauses about reading, doing and remembering: RC08-RC13, RC15-RC17."""

from collections import Counter
from collections.abc import Iterator

from coach.coaching.contract.evidence import cited_passage, cited_sentences
from coach.coaching.contract.exhibit import decide, excuse, plain, short, without_own
from coach.coaching.contract.families import (
    CHECKS_UNDERSTANDING,
    NO_VERB,
    OWN_WORDS,
    SECOND_ACTION,
    mentions,
)
from coach.coaching.contract.headwords import (
    EXPLAINED_IN,
    has_bracket,
    is_known,
    known_terms,
    states_meaning,
    terms_in,
    without_meanings,
)
from coach.coaching.contract.recap_exhibit import REFUSED, RecapExhibit
from coach.coaching.contract.texts import reading_text, recap_texts
from coach.coaching.drafts import LibraryCitation, Recap, RecapStep, Verdict
from coach.knowledge.documents import Level
from coach.knowledge.wording.readability import (
    flesch_kincaid,
    longest_sentence_words,
    mean_sentence_words,
)
from coach.knowledge.words import words

MEAN_WORDS: dict[Level, float] = {"novice": 15, "basic": 17, "working": 20, "confident": 22}
GRADE: dict[Level, float] = {"novice": 8.5, "basic": 9.5, "working": 11, "confident": 12.5}
LONGEST_SENTENCE = 30
MOST_STEPS = 9
SESSION_WORDS = (80, 400)
QUESTION_WORDS = 250
SHORT_WORDS = 120
LONGEST_TRY = 20


def rc08_is_easy_to_read(exhibit: RecapExhibit) -> Verdict:
    """Sentences and words are as plain as the mentee's level asks; the pair's own words aside."""
    level: Level = exhibit.brief.level or "novice"
    text = _coachs_words(exhibit)
    if not words(text):
        return decide("RC08", [], "only the pair's own words")
    mean, grade = mean_sentence_words(text), flesch_kincaid(text)
    longest = longest_sentence_words(text)
    faults = []
    if mean > MEAN_WORDS[level]:
        faults.append(f"sentences have {mean:.1f} words on average, {MEAN_WORDS[level]:g} at most")
    if grade > GRADE[level]:
        faults.append(f"reading grade {grade:.1f}, {GRADE[level]:g} at most for level {level}")
    if longest > LONGEST_SENTENCE:
        faults.append(f"a sentence has {longest} words, {LONGEST_SENTENCE} at most")
    return decide("RC08", faults, f"{mean:.1f} words a sentence, grade {grade:.1f}")


def _coachs_words(exhibit: RecapExhibit) -> str:
    own = set(exhibit.own)
    lines = []
    for spoken in recap_texts(exhibit.draft):
        text = without_own(spoken.text, exhibit.own).strip()
        if text and text not in own:
            lines.append(text if text[-1] in ".!?" else f"{text}.")
    return "\n".join(lines)


def rc09_procedure_is_followable(exhibit: RecapExhibit) -> Verdict:
    """Steps are numbered, begin with a verb, do one thing and keep the order of the source."""
    steps = exhibit.draft.steps
    if not steps:
        return excuse("RC09", "the recap gives no procedure")
    faults = [f"{len(steps)} steps, {MOST_STEPS} at most"] if len(steps) > MOST_STEPS else []
    if [step.number for step in steps] != list(range(1, len(steps) + 1)):
        faults.append("the steps are not numbered from 1 without a gap")
    for step in steps:
        faults += _action_faults(step)
    faults += _order_faults(exhibit)
    return decide("RC09", faults, f"{len(steps)} steps, in the order of the source")


def _action_faults(step: RecapStep) -> Iterator[str]:
    found = words(step.action)
    if not found or found[0] in NO_VERB:
        yield f"step {step.number} does not begin with a verb: “{short(step.action)}”"
    if any(join in plain(step.action) for join in SECOND_ACTION):
        yield f"step {step.number} asks for more than one action: “{short(step.action)}”"


def _order_faults(exhibit: RecapExhibit) -> Iterator[str]:
    last: dict[str, int] = {}
    for step in exhibit.draft.steps:
        for citation in step.citations:
            passage = cited_passage(citation, exhibit.material)
            if not isinstance(citation, LibraryCitation) or passage is None:
                continue
            for number in cited_sentences(citation, passage):
                before = last.get(passage.id)
                if before is not None and number <= before:
                    yield f"step {step.number} is out of the order of the source"
                elif number > (-1 if before is None else before) + 1 and not step.skipped_before:
                    yield f"a step is left out before step {step.number}, unmarked"
                last[passage.id] = number


def rc10_has_the_right_length(exhibit: RecapExhibit) -> Verdict:
    """A recap of a session has 80 to 400 words, an answer at most 250, a short one at most 120."""
    recap = exhibit.draft
    count = len(words(reading_text(recap)))
    least, most = SESSION_WORDS if exhibit.is_whole_session else (0, QUESTION_WORDS)
    if exhibit.is_short:
        least, most = 0, SHORT_WORDS
    if recap.refused:
        least = 0
    if count < least and exhibit.material.tech is None and _noted(exhibit) < least:
        return excuse("RC10", f"{count} words: the notes are as short, and no lesson fits them")
    faults = [] if least <= count <= most else [f"{count} words, {least} to {most} are wanted"]
    return decide("RC10", faults, f"{count} words")


def _noted(exhibit: RecapExhibit) -> int:
    """How many words of notes there are to draw on."""
    said = exhibit.session.said if exhibit.session else ()
    return sum(len(words(sentence.text)) for sentence in said)


def rc11_terms_are_explained(exhibit: RecapExhibit) -> Verdict:
    """A technical term is explained where it is used or among the words; one term per thing."""
    recap, headwords = exhibit.draft, exhibit.material.headwords
    faults = list(_word_list_faults(recap))
    listed = known_terms(word.word for word in recap.words_to_know)
    known = known_terms(exhibit.brief.mentee.known_words)
    text = reading_text(recap)
    own = set(exhibit.own)
    for spoken in recap_texts(recap):
        if spoken.text in own:
            continue
        bare = without_own(spoken.text, exhibit.own)
        terms = set(terms_in(bare, headwords))
        bare = without_meanings(bare, (headwords[term] for term in terms))
        for term in terms & set(terms_in(bare, headwords)):
            if is_known(term, known) or is_known(term, listed):
                continue
            if not states_meaning(text, headwords[term]) and not has_bracket(text, term):
                faults.append(f"{spoken.where} uses “{headwords[term].word}”, not explained")
    return decide("RC11", faults, "every technical term is explained")


def _word_list_faults(recap: Recap) -> Iterator[str]:
    names = Counter(plain(word.word) for word in recap.words_to_know)
    yield from (f"“{name}” is explained twice" for name, times in names.items() if times > 1)
    meanings = Counter(plain(word.meaning) for word in recap.words_to_know)
    yield from (f"two words mean “{short(meaning)}”" for meaning, times in meanings.items()
                if times > 1)  # fmt: skip
    for word in recap.words_to_know:
        if len(words(word.meaning)) > EXPLAINED_IN:
            yield f"“{word.word}” is explained in more than {EXPLAINED_IN} words"


def rc12_differs_by_level(exhibit: RecapExhibit) -> Verdict:
    """The same question at another level gives another text."""
    other = exhibit.other_level
    if other is None:
        return excuse("RC12", "no recap for another level to compare with")
    is_same = plain(reading_text(exhibit.draft)) == plain(reading_text(other))
    faults = ["the text is the same for another level"] if is_same else []
    return decide("RC12", faults, "the text differs from that for another level")


def rc13_comparison_is_theirs(exhibit: RecapExhibit) -> Verdict:
    """Whether a comparison comes from the mentee's field and breaks, which only a rater can say."""
    return excuse("RC13", "needs a rater")


def rc15_there_is_one_thing_to_try(exhibit: RecapExhibit) -> Verdict:
    """There is one thing to try on own work within twenty minutes."""
    task = exhibit.draft.try_it
    if exhibit.draft.refused and task is None:
        return excuse("RC15", REFUSED)
    if task is None:
        return decide("RC15", ["there is nothing to try"], "")
    faults = []
    if not 1 <= task.minutes <= LONGEST_TRY:
        faults.append(f"the thing to try takes {task.minutes} minutes, {LONGEST_TRY} at most")
    if len(words(task.task)) < 3 or not task.when.strip():
        faults.append("the thing to try says too little of what, or not when")
    return decide("RC15", faults, f"one thing to try in {task.minutes} minutes")


def rc16_invites_to_teach_back(exhibit: RecapExhibit) -> Verdict:
    """One invitation to say it in own words, never a check of understanding."""
    recap = exhibit.draft
    faults = [f"{spoken.where} asks whether it was understood" for spoken in recap_texts(recap)
              if mentions(without_own(spoken.text, exhibit.own), CHECKS_UNDERSTANDING)]  # fmt: skip
    if recap.refused and not recap.teach_back and not faults:
        return excuse("RC16", REFUSED)
    if not recap.refused or recap.teach_back:
        if not mentions(recap.teach_back or "", OWN_WORDS):
            faults.append("nothing invites the mentee to say it in own words")
    return decide("RC16", faults, "invites the mentee to say it in own words")


def rc17_something_is_asked_again(exhibit: RecapExhibit) -> Verdict:
    """At least one recall question has a day that reaches the next warm-up."""
    recap = exhibit.draft
    if recap.refused and not recap.recall_questions:
        return excuse("RC17", REFUSED)
    held = exhibit.session.date if exhibit.session else exhibit.brief.date
    days = [one.due_on for one in recap.recall_questions if one.due_on is not None]
    faults = [] if days else ["no recall question has a day"]
    if days and not any(held < day <= exhibit.brief.next_date for day in days):
        faults.append(f"no recall question is due by the next session on {exhibit.brief.next_date}")
    faults += [f"the recall question “{short(one.question)}” has no answer"
               for one in recap.recall_questions if not one.answer.strip()]  # fmt: skip
    return decide("RC17", faults, "a recall question is due by the next session")
