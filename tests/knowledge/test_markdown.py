"""Documents are read into plain text with exact places, or refused in one sentence."""

import sys
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coach.errors import CoachError
from coach.knowledge.adding import markdown_in
from coach.knowledge.documents import DocumentText
from coach.knowledge.header import HeaderFault
from coach.knowledge.markdown import (
    MAX_BYTES,
    DocumentTooLong,
    DocumentUnreadable,
    headwords_of,
    read_document,
    read_text,
)
from coach.knowledge.passages import part_kind
from coach.shipped import shipped

HEAD = "---\ntitle: A title\nkind: tutorial\n---\n"
LESSON = """
## Group a pivot table by month

### Idea

A **pivot table** can group dates, e.g. by month. See [the guide](https://example.org) and `Ctrl+C`.
![a picture](x.png)<b>Bold</b> words stay.

### Steps: on a laptop

Open the file first.

1. Click one cell. Then wait.
2. Choose *Group*:
   - pick Months
3. Confirm.

### Slip

A slip.

## Words to know

- **pivot table**: a summary of rows
- **artificial intelligence (AI)** – software that learns
- no definition

## Questions to ask

- What for? And why?
"""


def read(body: str, head: str = HEAD) -> DocumentText:
    return read_document(head + body, "folder/My Guide.md")


def test_a_lesson_falls_into_passages_by_its_parts() -> None:
    document = read(LESSON)
    found = [
        (passage.kind, passage.heading_path, passage.quotes()) for passage in document.passages
    ]
    lesson = "Group a pivot table by month"
    assert found == [
        (
            "idea",
            (lesson, "Idea"),
            (
                "A pivot table can group dates, e.g. by month.",
                "See the guide and Ctrl+C.",
                "Bold words stay.",
            ),
        ),
        ("text", (lesson, "Steps: on a laptop"), ("Open the file first.",)),
        (
            "steps",
            (lesson, "Steps: on a laptop"),
            ("Click one cell. Then wait.", "Choose Group:", "pick Months", "Confirm."),
        ),
        ("slip", (lesson, "Slip"), ("A slip.",)),
        (
            "words",
            ("Words to know",),
            (
                "pivot table: a summary of rows",
                "artificial intelligence (AI) – software that learns",
                "no definition",
            ),
        ),
        ("ask", ("Questions to ask",), ("What for? And why?",)),
    ]


def check_places(document: DocumentText) -> None:
    for ordinal, passage in enumerate(document.passages):
        assert passage.ordinal == ordinal
        assert document.text[passage.start : passage.end] == passage.text
        assert passage.text == passage.text.strip()
        assert all(passage.quotes())
    ids = [passage.id for passage in document.passages]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("path", markdown_in(shipped("knowledge")), ids=lambda p: p.stem)
def test_a_shipped_document_is_read_with_exact_places(path: Path) -> None:
    document = read_document(path.read_text(encoding="utf-8"), path.name)
    check_places(document)
    assert headwords_of(document.passages)
    assert {"idea", "steps", "words"} <= {passage.kind for passage in document.passages}


MARKS = st.text(alphabet="ab.#*_-`[]()<>!|\\&;1 \n\t\"'é\u200b", max_size=300)


@settings(max_examples=300, deadline=None)
@given(st.one_of(MARKS, st.text(max_size=200)))
@example("\t1 ")  # code keeps its outer blanks, a passage does not
@example("```\n   \n```\n\n- a")
@example("a" * 1_500 + "  " * 400 + "b" * 1_500)
def test_whatever_the_body_holds_the_places_are_exact_or_one_sentence_says_why(body: str) -> None:
    try:
        document = read(body)
    except CoachError as fault:
        said = str(fault)
    else:
        said = "."
        check_places(document)
    assert said.endswith(".")
    assert "\n" not in said


def test_the_same_words_keep_their_id_and_other_words_get_another() -> None:
    one, other = read("One.\n\n## A\n\nTwo."), read("One.\n\n## A\n\nThree.")
    assert one.passages[0].id == other.passages[0].id == "my-guide#0-" + one.passages[0].id[-6:]
    assert one.passages[1].id != other.passages[1].id


def test_a_long_part_is_cut_between_sentences_and_a_list_of_steps_never() -> None:
    body = "## L\n\n### Idea\n\n" + "This sentence has exactly ten words in it, I think. " * 60
    parts = read(body).passages
    assert len(parts) > 2
    assert all(len(part.text) < 1200 and part.text.endswith("think.") for part in parts)
    steps = (
        "## L\n\n### Steps\n\n" + "1. Press the button and wait until the light is green.\n" * 60
    )
    (only,) = read(steps).passages
    assert len(only.sentences) == 60


def test_an_endless_sentence_is_cut_so_that_it_can_be_searched() -> None:
    assert max(len(part.text) for part in read("word " * 5_000).passages) <= 2_300
    assert max(len(part.text) for part in read("x" * 9_000).passages) <= 2_300


def test_headings_over_lessons_must_match_whole() -> None:
    assert part_kind("Check that a total is right", lesson=True) == "text"
    assert part_kind("Steps: in short", lesson=True) == "steps"
    assert part_kind("Example of a prompt", lesson=False) == "example"
    assert part_kind("Ideas", lesson=False) == "text"
    assert part_kind("IN OTHER  WORDS", lesson=False) == "other_words"


def test_definitions_are_found_under_each_of_their_forms() -> None:
    found = headwords_of(read(LESSON).passages)
    assert set(found) == {
        "pivot table",
        "artificial intelligence (ai)",
        "artificial intelligence",
        "ai",
    }
    word = found["pivot table"]
    assert word.meaning == "a summary of rows"
    assert word.passage.text[word.span.start : word.span.end] == "pivot table: a summary of rows"


def test_what_nobody_can_see_is_not_read() -> None:
    hidden = "\u200bSa\u00adfe \u202etext\u202c\U000e0041 here&#8203;&#x202e;.\x07\ufeff"
    assert read(hidden).text == "Safe text here."


def test_code_tables_and_html_become_plain_lines() -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n\n"
    body = f"<!-- secret -->\n\n{table}```\nx = 1\ny = 2\n```\n\n<div>\nx\n</div>\n"
    assert read(body).text == "a | b\n1 | 2\n\nx = 1\ny = 2"


HEADERS = [
    pytest.param("text only", "line 1: a header between", id="no header"),
    pytest.param("---\ntitle: x\n", "line 1: a header between", id="no end"),
    pytest.param("---\n---\nText.", "lines of the form", id="empty"),
    pytest.param("---\nkind: tutorial\n---\nText.", "lacks the field title", id="no title"),
    pytest.param("---\ntitle: x\n---\nText.", "lacks the field kind", id="no kind"),
    pytest.param(
        "---\ntitle: x\nkind: song\n---\n", "line 3, kind: 'song' is not one of", id="unknown kind"
    ),
    pytest.param(
        "---\ntitle: x\nkind: career\nlevel: high\n---\n", "line 4, level: 'high'", id="level"
    ),
    pytest.param(
        "---\ntitle: x\nkind: career\nreview_by: 2026-02-30\n---\n",
        "line 4, review_by: '2026-02-30' is not a day",
        id="no such day",
    ),
    pytest.param(
        "---\ntitle: x\nkind: career\nreview_by: soon\n---\n", "line 4, review_by", id="no date"
    ),
    pytest.param(
        "---\ntitle: x\nkind: career\ncolour: red\n---\n",
        "line 4, colour: this field is not known",
        id="unknown field",
    ),
    pytest.param(
        "---\ntitle: x\ntitle: y\nkind: career\n---\n",
        "line 3, title: this field stands twice",
        id="twice",
    ),
    pytest.param("---\ntitle: [x]\nkind: career\n---\n", "line 2, title: one line", id="a list"),
    pytest.param("---\ntitle: x\nkind: career\ntopics: {a: b}\n---\n", "line 4, topics", id="map"),
    pytest.param("---\ntitle: 'x\nkind: career\n---\n", "the header is not YAML", id="broken"),
    pytest.param("---\n" + "[" * 9_000 + "\n---\n", "not YAML", id="deep"),
    pytest.param("---\n" + "a" * 11_000 + "\n---\n", "longer than", id="long"),
    pytest.param("---\ntitle: x\nkind: career\nid: A B\n---\n", "line 4, id", id="odd id"),
    pytest.param(
        "---\n!!python/object/apply:os.system ['true']\n---\n", "lines of the form", id="code"
    ),
]


@pytest.mark.parametrize(("source", "said"), HEADERS)
def test_a_faulty_header_is_named_with_its_place(source: str, said: str) -> None:
    with pytest.raises(HeaderFault) as fault:
        read_document(source, "guide.md")
    assert str(fault.value).startswith("guide.md")
    assert said in str(fault.value)


def test_letters_written_as_escapes_are_whole() -> None:
    escaped = HEAD.replace("A title", '"Folders \\ud83d\\udcc1 and \\udc00 halves"')
    assert read(LESSON, escaped).header.title == "Folders \N{FILE FOLDER} and \ufffd halves"


def test_a_whole_header_is_read() -> None:
    head = (
        "---\ntitle: 'Two: parts'\nkind: career\ntopics: [pay, pay, ' growth ']\nlevel: novice\n"
        "licence: CC-BY-4.0\nreview_by: 2027-01-31\nlanguage: en\nowner: Ada\nid: other-id\n---\n"
    )
    header = read("Text.", head).header
    assert (header.id, header.title, header.kind) == ("other-id", "Two: parts", "career")
    assert (header.topics, header.review_by) == (("pay", "growth"), date(2027, 1, 31))


BYTES = [
    pytest.param(b"%PDF-1.7 \n" + b"x" * 50, "binary file", id="pdf"),
    pytest.param(bytes(range(256)) * 4, "not UTF-8", id="bytes"),
    pytest.param(b"a\x00" * 50, "binary file", id="utf-16"),
    pytest.param(
        HEAD.encode() + "Müller".encode("latin-1"), "line 5: the text is not UTF-8", id="latin-1"
    ),
]


@pytest.mark.parametrize(("data", "said"), BYTES)
def test_bytes_that_are_no_text_are_refused(data: bytes, said: str) -> None:
    with pytest.raises(DocumentUnreadable, match=said):
        read_text(data, "guide.md")


def test_five_megabytes_are_refused_at_once() -> None:
    before = time.process_time()
    with pytest.raises(DocumentTooLong, match=r"guide\.md has 5\.0 MB"):
        read_text(HEAD.encode() + b"x" * 5_000_000, "guide.md")
    with pytest.raises(DocumentTooLong, match="lines"):
        read("- a\n" * 200_000)
    assert time.process_time() - before < 2
    assert MAX_BYTES < 5_000_000


def test_half_a_character_and_an_empty_body_are_refused() -> None:
    with pytest.raises(DocumentUnreadable, match="half a character"):
        read("\ud800")
    with pytest.raises(DocumentUnreadable, match="no text below"):
        read("# Only a heading")


@pytest.mark.shared_data
@pytest.mark.parametrize("with_header", [False, True])
def test_poisoned_documents_are_read_or_refused_quickly(
    shared_data: Path, with_header: bool
) -> None:
    files = sorted((shared_data / "security" / "poison_docs" / "files").glob("*.md"))
    assert files
    for path in files:
        data = (HEAD.encode() if with_header else b"") + path.read_bytes()
        before = time.process_time()
        said = path.name
        try:
            check_places(read_document(read_text(data, path.name), path.name))
        except CoachError as fault:
            said = str(fault)
        assert said.startswith(path.name)
        # A slow machine takes five seconds; measuring coverage slows the reader down threefold.
        assert time.process_time() - before < (10 if sys.gettrace() is None else 30)
    assert not list(Path.cwd().glob("YAML_RAN*"))
