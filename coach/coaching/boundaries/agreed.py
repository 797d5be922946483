"""What the pair agreed to keep out: off-limits topics and lines about confidentiality."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from coach.coaching.brief import Reader
from coach.knowledge.wording.phrases import fold, read_list, read_words
from coach.knowledge.wording.sentences import observable_stems
from coach.knowledge.wording.tongues import ENGLISH, likeliest, small_words
from coach.knowledge.words import STOP_WORDS, stem, words
from coach.pairs.records import OffLimits

_AMOUNT = re.compile(
    r"[$€£¥₹]\s?\d|\d[\d.,]{0,15}\s?(?:[$€£¥₹]|k\b|m\b|mn\b|bn\b)"
    r"|\b(?:eur|usd|gbp|chf|sek|dkk|nok|pln|czk|cad|aud|inr|jpy)\s?\d|\d\s?(?:eur|usd|gbp|chf|sek"
    r"|dkk|nok|pln|czk|cad|aud|inr|jpy)\b"
    r"|\b(?:\d[\d.,]{0,15}|a|half a|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|several|many)[\s-]{1,2}"
    r"(?:(?:hundred|thousand|million|billion)\s){0,2}"
    r"(?:euros?|dollars?|pounds?|francs?|crowns?|rupees?|yen|cents?|pence|quid|grand"
    r"|million|billion|thousand|k a year|k per year|per hour|an hour|a year)\b"
)
_NAMELIKE = (
    r"(?:[A-ZÀ-Þ][\w'’-]{1,30}|[\"“'‘][^\"”'’\n]{1,40}[\"”'’]|(?:no\.?\s?|number\s|#)?\d{1,6})"
)
_FORM = re.compile(
    r"\b[A-Z][\w&-]{1,30} (?:Ltd|Inc|LLC|GmbH|AG|plc|PLC|Corp|SA|BV|AB|Oy|Limited)\b"
)
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|Sir|Dame|Herr|Frau|Señora?)\.? [A-ZÀ-Þ]\w")
_INNER_NAME = re.compile(r"(?<=[a-z0-9,;] )[A-ZÀ-Þ][a-zà-ÿ][\w'’-]{0,30}")
_EITHER = re.compile(r"\s(?:or|and|nor|y|o|ni|ou|et|und|oder)\s|[,;/&]")
# French joins its smallest words to the next one: l'équipe, d'un, qu'on.
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu)'(?=\w{2})")
_SUFFIXES = ("", "s", "es", "ed", "er", "ers", "ing", "ings", "ness", "ment", "ments", "'s", "s'")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line about confidentiality as read: stems that hit, whose names, whether money."""

    topics: frozenset[str]
    names_of: frozenset[str] | None
    money: bool


def hits_off_limits(text: str, off_limits: tuple[OffLimits, ...], reader: Reader) -> bool:
    """Whether the text raises a topic the pair has agreed never to raise before this reader."""
    barred = [one for one in off_limits if one.scope == "everything" or reader == "pair"]
    if not barred:
        return False
    found = _stems(text)
    folded = words(text)
    return any(_raises(one, folded, found) for one in barred)


def hits_confidential(text: str, confidentiality: tuple[str, ...]) -> bool:
    """Whether the text holds what one of the pair's lines about confidentiality keeps out."""
    lines = [_read_line(line) for line in confidentiality]
    if not lines or not text.strip():
        return False
    found = _stems(text)
    return any(_tells(line, text, found) for line in lines)


def _raises(topic: OffLimits, folded: tuple[str, ...], found: frozenset[str]) -> bool:
    if topic.terms:
        return any(_has_term(term, folded) for term in topic.terms)
    return bool(_topic_stems(topic.text) & found)


def _has_term(term: str, folded: tuple[str, ...]) -> bool:
    """Whether the words hold this term: each of its words opens the word in its place."""
    parts = words(term)
    last = len(folded) - len(parts)
    return bool(parts) and any(
        all(_opens(part, folded[place + step]) for step, part in enumerate(parts))
        for place in range(last + 1)
    )


def _opens(part: str, word: str) -> bool:
    if not word.startswith(part[:3]):
        return False
    if len(part) >= 5 and word.startswith(part):
        return True
    return stem(part) == stem(word) or word in {part + suffix for suffix in _SUFFIXES}


def _tells(line: _Line, text: str, found: frozenset[str]) -> bool:
    if line.money and _AMOUNT.search(fold(text)):
        return True
    if line.names_of is not None:
        return _has_name(text, line.names_of)
    return bool(line.topics & found)


@lru_cache(maxsize=512)
def _read_line(line: str) -> _Line:
    tongues, spoken = _tongues_of(line), {_ELIDED.sub("", word) for word in words(line)}
    money = bool(spoken & _listed("values", tongues))
    names = _listed("names", tongues)
    if spoken & names:
        return _Line(frozenset(), frozenset(spoken - _left_out(tongues) - names), money)
    return _Line(_topic_stems(line), None, money)


@lru_cache(maxsize=512)
def _topic_stems(line: str) -> frozenset[str]:
    """The stems a line is about; parts joined by "or" or a comma count each for itself."""
    tongues = _tongues_of(line)
    left_out = _left_out(tongues) | _listed("plain_values", tongues)
    generic = _listed("generic", tongues)
    topics: set[str] = set()
    for part in _EITHER.split(fold(line)):
        spoken = (_ELIDED.sub("", word) for word in words(part))
        telling = [word for word in spoken if word not in left_out]
        specific = [word for word in telling if word not in generic] or telling
        topics.update(stem(word) for word in specific)
    return frozenset(topics)


def _tongues_of(line: str) -> tuple[str, ...]:
    """The languages a line may be in besides English; none when it is as likely English."""
    # A single word is what the line is about, even where another language has it as a small word.
    found = likeliest(line) if len(words(line)) > 1 else ()
    return () if ENGLISH in found else found


def _tongues() -> tuple[str, ...]:
    """All languages other than English that lines are read in."""
    return tuple(read_list("confidential")["tongues"])


@lru_cache(maxsize=64)
def _listed(entry: str, tongues: tuple[str, ...]) -> frozenset[str]:
    """One list of how lines are read, with the words for it in these languages."""
    tables = read_list("confidential")["tongues"]
    found = [tables[one].get(entry, "").split(",") for one in tongues if one in tables]
    own = (word.strip() for words_of in found for word in words_of)
    return read_words("confidential", entry) | frozenset(word for word in own if word)


@lru_cache(maxsize=16)
def _left_out(tongues: tuple[str, ...] = ()) -> frozenset[str]:
    return STOP_WORDS.union(_listed("instructions", tongues), *map(small_words, tongues))


@lru_cache(maxsize=4_096)
def _stems(text: str) -> frozenset[str]:
    """The stems of a text, each part of a hyphenated word too, innocent homographs taken out."""
    folded = fold(text)
    for phrase in read_words("confidential", "homographs"):
        if phrase in folded:
            folded = re.sub(rf"\b{re.escape(phrase)}\b", " ", folded)
    return frozenset(stem(word) for word in _with_parts(words(folded)))


def _with_parts(found: Iterable[str]) -> Iterable[str]:
    for word in found:
        yield word
        if _ELIDED.match(word):
            yield _ELIDED.sub("", word)
        if "-" in word:
            yield from word.split("-")


def _has_name(text: str, of: frozenset[str]) -> bool:
    """Whether the text names one of these: "Depot North", "the Leeds depot", "depot 14"."""
    known = read_words("confidential", "not_names")
    if not of or of & _listed("people", _tongues()):
        named = (match[0].lower() for match in _INNER_NAME.finditer(text))
        if _TITLE.search(text) or _FORM.search(text) or any(name not in known for name in named):
            return True
    return any(_named(text, stem(word), known) for word in of)


def _named(text: str, subject: str, known: frozenset[str]) -> bool:
    thing = rf"(?i:\b{re.escape(subject)}\w{{0,4}})"
    linked = r"(?:(?:in|of|at|called|named|de|del|du|von)\s{1,3})?"
    after = re.compile(rf"{thing}\s{{1,3}}{linked}({_NAMELIKE})")
    before = re.compile(rf"({_NAMELIKE})\s{{1,3}}{thing}")
    places = [(match, True) for match in after.finditer(text)]
    places += [(match, match.start() > 0) for match in before.finditer(text)]
    return any(
        match[1].strip().lower() not in known
        and (inside or match[1][:1].isupper())
        and not _opens_sentence(text, match, inside)
        for match, inside in places
    )


def _opens_sentence(text: str, match: re.Match[str], inside: bool) -> bool:
    """Whether the would-be name is only the small capitalised word that opens a sentence."""
    word = match[1].lower()
    return word in _left_out(_tongues()) or (not inside and stem(word) in observable_stems())
