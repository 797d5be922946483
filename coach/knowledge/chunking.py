"""Where sentences begin and end in English text. Knows nothing of headings or databases."""

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache

from coach.knowledge.documents import Span

_LINE = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_STOP = re.compile(
    r"(?<![.!?…])(?P<stop>[.!?…]++)(?P<close>[\"'”’»)\]}*_]*+(?:\[\d{1,4}\])*+)(?=\s|\Z)"
    r"|(?P<wide>[。！？]++[」』”’）]*+)"
)
_LIST_MARK = re.compile(r"[ \t]*(?:[-*+•–·▪‣o]|\(?(?:\d{1,3}|[A-Za-z])[.)])[ \t]+\S|[ \t]*[•▪‣☐☑✓]")
_LABEL = re.compile(r"[(\[]?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})\Z")
_INITIALS = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]\Z")
_OPENERS = "\"'“‘«([{*_"
_CLOSE_QUOTES = "\"'”’»)"
_SPOKEN = re.compile(
    r"(?:[A-Z][\w'’-]*|I) (?:asked|asks|said|says|replied|replies|answered|answers|added|adds|"
    r"wondered|wonders|wrote|writes|told|explained|explains|suggested)\b"
)
# An abbreviation before a name or a number never ends a sentence …
_NEVER_LAST = frozenset(
    """mr mrs ms mx dr prof rev hon gen col capt lt sgt sr fr st mt ft e.g eg i.e ie viz cf vs v al
    approx ca c.f resp incl excl esp dept est fig figs eq eqs sec ch chap vol vols ed eds tel ext p
    pp para no nos nr art app ver vers""".split()
)
# … these may end one when a capital follows …
_SOMETIMES_LAST = frozenset(
    """etc inc ltd co corp plc llc jr bros a.m p.m am pm min mins max hr hrs sec secs wk wks mo mos
    yr yrs mon tue tues wed thu thur thurs fri sat sun jan feb mar apr jun jul aug sep sept oct nov
    dec ph.d b.sc m.sc m.a b.a d.c b.c a.d rd ave blvd dist div mgmt mgr govt intl natl""".split()
)
# … and these only before a number, else they are words ("The answer is no. We wait.").
_BEFORE_NUMBER = frozenset(
    "no nos nr p pp sec ch chap vol vols fig figs eq art app para v ver vers ext tel".split()
)
_PLAIN_WORDS = frozenset(
    {"no", "art", "app", "al", "ie", "est", "am", "min", "max", "sat", "sun", "mar"}
)
_STARTERS = frozenset(
    """the a an it we this that these those they he she you i in on at but and so then if when what
    why how who where there here our my your his her their its for to with after before as not no
    yes let please ask do does did is are was were can could will would should one two three both
    each every some many most next now today tomorrow yesterday later once while because""".split()
)
_WRAPPED = 50
_LONGEST_REMEMBERED = 1_000


def split_sentences(text: str) -> tuple[Span, ...]:
    """The sentences of a text in order; every character that is not blank lies in one of them."""
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _split(text)


@lru_cache(maxsize=8_192)
def _remembered(text: str) -> tuple[Span, ...]:
    return _split(text)


def _split(text: str) -> tuple[Span, ...]:
    spans: list[Span] = []
    for start, end in _stretches(text):
        begin = start
        for match in _STOP.finditer(text, start, end):
            if match.start() >= begin and _ends_sentence(text, begin, match, end):
                _append(spans, text, begin, match.end())
                begin = match.end()
        _append(spans, text, begin, end)
    return tuple(spans)


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    """Add the stretch without its outer blanks, unless nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append(Span(start, end))


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Runs of lines that read on into each other: paragraphs, list items, single lines."""
    lines: list[tuple[int, int]] = []
    start = 0
    for match in _LINE.finditer(text):
        lines.append((start, match.start()))
        start = match.end()
    lines.append((start, len(text)))
    begin = lines[0][0]
    for line, following in itertools.pairwise(lines):
        if not _reads_on(text[slice(*line)], text[slice(*following)]):
            yield begin, line[1]
            begin = following[0]
    yield begin, len(text)


def _reads_on(line: str, following: str) -> bool:
    """Whether the next line continues the sentence: a line wrapped by an editor."""
    line, head = line.rstrip(), following.lstrip()
    if len(line) < _WRAPPED or not head or _LIST_MARK.match(following):
        return False
    return head[0].islower() or head.startswith(("I ", "I'", "I’")) or head[0] in "(&"


def _ends_sentence(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    """Whether this stop closes the sentence that began at `begin`."""
    if match["wide"]:
        return True
    rest = text[match.end() : min(end, match.end() + 120)].lstrip()
    if not rest:
        return True
    if not any(character.isalnum() for character in text[begin : match.start()]):
        return False
    if rest[0] in ",;:)]" or _goes_on_after_quote(match, rest):
        return False
    if match["stop"] == ".":
        return _full_stop_ends(text, begin, match.start(), rest)
    return not (match["stop"][-1] in ".…" and _starts_small(rest))


def _goes_on_after_quote(match: re.Match[str], rest: str) -> bool:
    """Whether a stop inside quotes or brackets leaves the sentence around them open."""
    if not match["close"] or match["close"][0] not in _CLOSE_QUOTES:
        return False
    spoken = match["close"][0] != ")" and _SPOKEN.match(rest) is not None
    return spoken or _starts_small(rest) or rest[0] in "–—-"


def _starts_small(rest: str) -> bool:
    """Whether what follows begins with a small letter, quotes aside."""
    head = rest.lstrip(_OPENERS)
    return bool(head) and head[0].islower()


def _full_stop_ends(text: str, begin: int, stop: int, rest: str) -> bool:
    """Whether a single full stop ends the sentence, judged by the words around it."""
    blank = stop
    while blank > begin and not text[blank - 1].isspace():
        blank -= 1
    token = text[blank:stop].lstrip(_OPENERS)
    before = text[begin:blank].rstrip()
    if _LABEL.match(token) and (not before or before[-1] == ":"):
        return False
    word = token.lower()
    if _INITIALS.match(token) and word not in _NEVER_LAST | _SOMETIMES_LAST:
        return _initial_ends(token, bool(before), rest)
    return _abbreviation_ends(word, rest)


def _initial_ends(initial: str, something_before: bool, rest: str) -> bool:
    """Whether "J." or "U.S." ends a sentence: only when a new one plainly starts."""
    if initial == "I" and something_before:
        return not _starts_small(rest)
    first = re.match(r"[A-Za-z]+", rest.lstrip(_OPENERS))
    capital = first is not None and first[0][0].isupper()
    if len(initial) == 1 and initial.islower():
        return True
    return capital and first is not None and first[0].lower() in _STARTERS and len(first[0]) > 1


def _abbreviation_ends(word: str, rest: str) -> bool:
    """Whether a full stop after this word ends the sentence, abbreviation or not."""
    head = rest.lstrip(_OPENERS)[:1]
    if word in _PLAIN_WORDS:
        return not (head.isdigit() and word in _BEFORE_NUMBER)
    if word in _BEFORE_NUMBER:
        return not head.isdigit() and not head.islower()
    if word in _NEVER_LAST:
        return False
    return word not in _SOMETIMES_LAST or head.isupper()
