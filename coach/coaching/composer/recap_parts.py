"""The parts of a recap: quoted sentences, procedures, words and questions, each with its place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from coach.coaching.boundaries import dangling_opener
from coach.coaching.brief import Brief, Lesson, Material, NoteSentence, PastMeeting
from coach.coaching.composer.frames import Filled, Frames
from coach.coaching.composer.lines import cite_span, day_words
from coach.coaching.contract.families import MENTEE_GAVE, mentions
from coach.coaching.contract.headwords import terms_in
from coach.coaching.drafts import (
    Cited,
    KeyIdea,
    LibraryCitation,
    NoteCitation,
    RecapStep,
    TryIt,
    WordToKnow,
)
from coach.knowledge.documents import Headword, Passage
from coach.knowledge.words import content_stems, normalise, overlap, words

MOST_ANSWER_SENTENCES, MOST_ANSWER_WORDS = 2, 50
MOST_STEPS = 9
MOST_WORDS_TO_KNOW = 5
_LONGEST_DEFINING = 7
_SAME_TEXT = 0.6
_OTHER_KINDS = {
    "another_way": ("other_words", "example", "check", "tip", "text"),
    "example": ("example", "other_words", "check", "tip", "text"),
    "shorter": ("other_words", "text", "check", "example", "tip"),
}
# An idea explains; a slip and its undoing answer only what clearly asks for them.
_LEANINGS = {"idea": 3.0, "slip": -3.0}
ANSWER_KINDS = ("idea", "text", "check", "slip", "tip", "safe_use", "other_words")


@dataclass(frozen=True)
class RecapDesk:
    """What the composer has before it while it writes one recap."""

    brief: Brief
    material: Material
    frames: Frames
    meeting: PastMeeting | None
    question: str | None
    style: str | None
    covered: bool
    before: str = ""

    @property
    def number(self) -> int:
        """The session the recap is about."""
        return self.meeting.number if self.meeting else self.brief.session_number

    @property
    def is_beginner(self) -> bool:
        """Whether the mentee reads at novice or basic level, or nobody said."""
        return self.brief.level in (None, "novice", "basic")

    @property
    def whom(self) -> str:
        """Whom to ask when the library is silent."""
        return self.brief.whom or self.frames.words("titles")["whom"]

    @property
    def due(self) -> date:
        """The day by which something is tried or asked again: by the next session."""
        return self.brief.date if self.meeting else self.brief.next_date

    def fill(self, purpose: str, shift: int = 0, **values: object) -> Filled:
        """A frame of this purpose, in rotation."""
        return self.frames.fill(purpose, self.number + shift, (), **values)


def quote(passage: Passage, first: int = 0, count: int = 1) -> Cited:
    """Whole sentences of a passage with their place."""
    spans = passage.sentences[first : first + count]
    citation = cite_span(passage, spans[0].start, spans[-1].end)
    return Cited(citation.quote, (citation,))


def quote_note(sentences: Sequence[NoteSentence]) -> Cited:
    """Whole sentences of notes with their places."""
    citations = tuple(
        NoteCitation(s.note_id, s.session_number, s.start, s.end, s.text) for s in sentences
    )
    return Cited(" ".join(s.text for s in sentences), citations)


def spoken(desk: RecapDesk) -> list[NoteSentence]:
    """What was said in the session, in the language of the pair, and may be read back kindly."""
    if desk.meeting is None:
        return []
    tender = [str(word) for word in desk.frames.listed("tender")]
    return [
        sentence
        for sentence in desk.meeting.said
        if sentence.language == desk.brief.language
        and not dangling_opener(sentence.text)
        and not any(word in normalise(sentence.text) for word in tender)
    ]


def closest(text: str, sentences: Iterable[NoteSentence]) -> list[NoteSentence]:
    """The sentences that share words with a text, closest first."""
    wanted = set(content_stems(text))
    scored = [(len(wanted & set(content_stems(s.text))), s) for s in sentences]
    ranked = sorted(scored, key=lambda entry: -entry[0])
    return [sentence for score, sentence in ranked if score]


def other_explanation(desk: RecapDesk) -> tuple[Cited, KeyIdea | None] | None:
    """Another way to say it: the parts of the lesson that share least with what was said before.

    The kinds are tried in the order of the style; the first pair of parts unlike the earlier
    explanation is taken, an answer alone when no second part is unlike it.
    """
    parts = lesson_parts(desk.material.tech, *_OTHER_KINDS.get(desk.style or "", ()))
    order = _OTHER_KINDS.get(desk.style or "", ())
    ranked = sorted(parts, key=lambda passage: order.index(passage.kind))
    for passage in ranked:
        # A comparison alone says nothing: what is compared stands in the sentence after it.
        is_short = desk.style == "shorter" and passage.kind != "other_words"
        count = 1 if is_short else MOST_ANSWER_SENTENCES
        answer = quote(passage, 0, count)
        if len(words(answer.text)) > MOST_ANSWER_WORDS:
            answer = quote(passage)
        if overlap(answer.text, desk.before) >= _SAME_TEXT:
            continue
        for more in (other for other in ranked if other is not passage):
            said = quote(more, 0, 1 if desk.style == "shorter" else MOST_ANSWER_SENTENCES)
            idea = KeyIdea(more.heading_path[-1], said.text, said.citations)
            if overlap(f"{answer.text} {idea.idea} {said.text}", desk.before) < _SAME_TEXT:
                return answer, idea
        return answer, None
    return None


def best_sentence(lesson: Lesson, question: str) -> tuple[Passage, int]:
    """Where the answer to a question begins: its idea, when no sentence of the lesson is close.

    A sentence is judged with the one after it, for both are read together when they are short.
    """
    wanted = set(content_stems(question))
    passages = [p for p in lesson.passages if p.kind in ANSWER_KINDS] or list(lesson.passages)
    best, found = 0.0, (passages[0], 0)
    for passage in passages:
        leaning = _LEANINGS.get(passage.kind, 0.0)
        for number, sentence in enumerate(passage.quotes()):
            own = wanted & set(content_stems(sentence))
            together = wanted & set(content_stems(answer_quote(passage, number).text))
            score = _told(own) / 2 + _told(together) + leaning
            if own and score > best:
                best, found = score, (passage, number)
    return found


def _told(stems: set[str]) -> int:
    """How much these words tell: long ones say more than short ones."""
    return sum(len(stem) for stem in stems)


def answer_quote(passage: Passage, number: int) -> Cited:
    """A sentence, with the next of the same passage when both stay short enough."""
    two = quote(passage, number, MOST_ANSWER_SENTENCES)
    return two if len(words(two.text)) <= MOST_ANSWER_WORDS else quote(passage, number)


def defined(desk: RecapDesk, question: str) -> Cited | None:
    """The meaning of a term, when the question asks what it is or means."""
    asked = words(question)
    if (
        not asked
        or asked[0] not in desk.frames.listed("asks_meaning")
        or len(asked) > _LONGEST_DEFINING
    ):
        return None
    for term in terms_in(question, desk.material.headwords):
        headword = desk.material.headwords[term]
        told = desk.fill("term", word=headword.word, meaning=headword.meaning.rstrip("."))
        return Cited(told.text, word_to_know(headword).citations)
    return None


def fresh_sentences(passage: Passage, answer: str, most: int) -> Cited | None:
    """The first sentences in a row that the answer has not said yet."""
    quotes = passage.quotes()
    start = next((n for n, text in enumerate(quotes) if text not in answer), None)
    return None if start is None else quote(passage, start, most)


def lesson_parts(lesson: Lesson | None, *kinds: str) -> tuple[Passage, ...]:
    """The parts of these kinds that hold a sentence."""
    return tuple(p for p in lesson.of(*kinds) if p.sentences) if lesson else ()


def procedure(lesson: Lesson | None) -> tuple[RecapStep, ...]:
    """The lesson's first procedure of at most nine steps, whole and in order."""
    for passage in lesson_parts(lesson, "steps"):
        if len(passage.sentences) <= MOST_STEPS:
            quotes = [quote(passage, number) for number in range(len(passage.sentences))]
            return tuple(
                RecapStep(number, cited.text, cited.citations)
                for number, cited in enumerate(quotes, 1)
            )
    return ()


def slip_of(lesson: Lesson | None) -> Cited | None:
    """The common slip with its undoing."""
    passages = lesson_parts(lesson, "slip")
    return quote(passages[0], 0, 2) if passages else None


def word_to_know(headword: Headword) -> WordToKnow:
    """A term with the library's meaning of it."""
    citation = cite_span(headword.passage, headword.span.start, headword.span.end)
    return WordToKnow(headword.word, headword.meaning, (citation,))


def given(desk: RecapDesk) -> Cited | None:
    """What the mentee gave, when the notes say so."""
    for sentence in spoken(desk):
        if mentions(sentence.text, MENTEE_GAVE):
            return quote_note([sentence])
    return None


def comparison(desk: RecapDesk, markers: Iterable[str]) -> str | None:
    """The pair's own picture for what was taught, labelled as theirs."""
    meetings = [m for m in desk.brief.meetings if m.number <= desk.number]
    about = " ".join((desk.question or "", *(c.concept for m in meetings for c in m.concepts)))
    for meeting in reversed(meetings):
        for sentence in meeting.said:
            shown = any(marker in normalise(sentence.text) for marker in markers)
            if sentence.language == desk.brief.language and shown and closest(about, [sentence]):
                number, text = meeting.number, sentence.text
                return desk.fill("comparison", number=number, sentence=text).text
    return None


def try_it(desk: RecapDesk) -> TryIt:
    """One thing to do on own work within twenty minutes."""
    when = desk.fill("when_by", date=day_words(desk.frames, desk.due)).text
    lesson = desk.material.tech
    if lesson is None:
        return TryIt(desk.fill("try_note", number=desk.number).text, 10, when)
    purpose = "try_lesson" if desk.is_beginner and not desk.style else "try_lesson_other"
    minutes = 15 if desk.is_beginner else 20
    return TryIt(desk.fill(purpose, lesson=lesson.title).text, minutes, when)


def cited_documents(*parts: Iterable[object]) -> dict[str, str]:
    """Document id → title of every library citation in these parts, in order."""
    found: dict[str, str] = {}
    for citation in (c for part in parts for c in part):
        if isinstance(citation, LibraryCitation):
            found.setdefault(citation.document_id, citation.document_title)
    return found
