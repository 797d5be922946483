"""The child process: reads one file from its input and writes what it found to its output.

Run as `python -I -m coach.knowledge.reading.child`. With `all` behind it reads several, whose
sizes stand in the first line. Limits and the refusal of sockets, of other
programs and of writing come before the first byte of the file.
"""

import json
import re
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict, replace

from coach.knowledge.markdown import MAX_BYTES, read_blocks, unseen_in
from coach.knowledge.reading.found import MAX_FINDINGS, Extracted, Finding, Unread, hidden
from coach.knowledge.reading.marks import without_dense_marks
from coach.knowledge.reading.pages import read_pdf
from coach.knowledge.reading.sites import read_html
from coach.knowledge.reading.slides import read_slides
from coach.knowledge.reading.sniffing import format_of
from coach.knowledge.reading.word import read_word

MEMORY = 512 << 20
SECONDS = 20
OUTPUT = 8 << 20
FILES = 64
MAX_WORD = 1_000
_LONG = re.compile(rf"\S{{{MAX_WORD + 1},}}")
_REFUSED = ("socket.", "subprocess.", "os.exec", "os.system", "os.posix_spawn", "os.fork", "ctypes")
_WRITES = 0o3103  # write only, both ways, create, truncate, append: see open(2)
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)


class Refused(Exception):
    """The file made its reader try something that reading does not need."""


def hold_limits() -> None:
    """Bound memory, time and files of this process, and refuse the world outside."""
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, OUTPUT),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    sys.addaudithook(_refuse)


def _refuse(event: str, given: tuple[object, ...]) -> None:
    if event.startswith(_REFUSED):
        raise Refused(event)
    if event == "open" and len(given) > 2 and isinstance(given[2], int) and given[2] & _WRITES:
        raise Refused(event)


def read_bytes(data: bytes) -> Extracted:
    """The text of this file; raises Unread."""
    form = format_of(data)
    readers: dict[str, Callable[[bytes], Extracted]] = {
        "pdf": read_pdf,
        "docx": read_word,
        "pptx": read_slides,
        "html": lambda raw: read_html(_decoded(raw)),
    }
    found = readers[form](data) if form in readers else Extracted(form, _decoded(data))
    found = _cleaned(found)
    if not found.markdown.strip():
        raise Unread("no_text")
    found = _readable(found)
    # Read once here, so that no text can hold up the process that keeps the library.
    for _ in read_blocks(found.markdown):
        pass
    return found


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unread("encoding") from None


def _cleaned(found: Extracted) -> Extracted:
    """The text without characters nobody sees, and no longer than the library takes."""
    findings = list(found.findings)
    text, unseen = unseen_in(found.markdown)
    if unseen:
        findings.append(hidden("characters that nobody sees", unseen))
    if found.format == "markdown":
        findings += [hidden("a comment", one) for one in _COMMENT.findall(text) if one.strip()]
    longest = max((len(one) for one in _LONG.findall(text)), default=0)
    if longest:
        text = _LONG.sub(lambda match: match[0][:MAX_WORD], text)
        why = f"a word of {longest:,} characters"
        findings.append(Finding("cut", why, f"It was cut to {MAX_WORD:,} characters."))
    if len(text) > MAX_BYTES - 10_000:  # leaves room for a header
        text = text[: MAX_BYTES - 10_000].rsplit("\n", 1)[0]
        findings.append(Finding("cut", "a long text", "Only its beginning was read."))
    return replace(found, markdown=text, findings=tuple(findings[:MAX_FINDINGS]))


def _readable(found: Extracted) -> Extracted:
    """The text without marks where these are too many."""
    text, marks = without_dense_marks(found.markdown)
    if not marks:
        return found
    why = f"{marks:,} marks such as * or [, but no words"
    told = Finding("cut", why, "They were too many to read again each time somebody looks.")
    return replace(found, markdown=text, findings=(told, *found.findings)[:MAX_FINDINGS])


def main() -> None:
    """Read, and answer with what was found or the reason why nothing was.

    Whatever else a parser throws at a hostile file ends this process, and the parent says so.
    """
    hold_limits()
    given = sys.stdin.buffer
    if sys.argv[1:]:
        sizes = json.loads(given.readline())
        answers = [read_or_say(given.read(size)) for size in sizes]
        sys.stdout.write(json.dumps(answers))
        return
    sys.stdout.write(json.dumps(read_or_say(given.read())))


def read_or_say(data: bytes) -> dict[str, object]:
    """What was found, or the reason why nothing was."""
    try:
        return asdict(read_bytes(data))
    except Unread as end:
        return {"reason": end.reason}
    except (MemoryError, RecursionError):
        return {"reason": "too_large"}


if __name__ == "__main__":
    main()
