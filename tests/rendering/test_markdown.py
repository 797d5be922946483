"""Drafts as Markdown, safe in whatever reads it."""

from collections.abc import Callable

import pytest
from markdown_it import MarkdownIt

from coach.coaching.drafts import Draft
from coach.rendering.markdown import escape, render_markdown
from tests.rendering.drafts import HOSTILE, a_recap, an_agenda, some_follow_ups

Make = Callable[[str], Draft]
READERS = [
    pytest.param(MarkdownIt("commonmark", {"html": True}), id="CommonMark"),
    pytest.param(MarkdownIt("commonmark", {"html": True}).enable("table"), id="with tables"),
]
FORBIDDEN = {
    "html_block",
    "html_inline",
    "link_open",
    "image",
    "code_inline",
    "fence",
    "table_open",
}


def kinds(reader: MarkdownIt, text: str) -> set[str]:
    """The kinds of markup a reader sees."""
    tokens = reader.parse(text)
    return {inner.type for token in tokens for inner in (token, *(token.children or ()))}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("make", [an_agenda, some_follow_ups, a_recap])
def test_words_of_others_never_become_markup(reader: MarkdownIt, make: Make) -> None:
    assert kinds(reader, render_markdown(make(HOSTILE))) & FORBIDDEN == set()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# no heading", id="heading"),
        pytest.param("- no list", id="list"),
        pytest.param("1. no list", id="numbered list"),
        pytest.param("2) no list", id="numbered list with a bracket"),
        pytest.param("> no quotation", id="quotation"),
        pytest.param("--- no rule", id="rule"),
        pytest.param("    no code", id="code"),
        pytest.param("a | b", id="table"),
        pytest.param("*a* _b_ `c` ~~d~~ $e$", id="emphasis"),
        pytest.param("\\*a\\*", id="escapes"),
        pytest.param("[a]: http://x.example", id="definition"),
        pytest.param("&lt;b&gt; &amp;", id="entities"),
    ],
)
def test_escaped_text_reads_as_it_was_written(text: str) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).parse(f"- {escape(text.strip())}")
    assert [token.type for token in tokens] == [
        "bullet_list_open", "list_item_open", "paragraph_open", "inline", "paragraph_close",
        "list_item_close", "bullet_list_close",
    ]  # fmt: skip
    children = tokens[3].children or []
    assert {child.type for child in children} <= {"text", "text_special"}
    assert "".join(child.content for child in children) == text.strip()


def test_addresses_are_no_links_for_those_who_look_for_them() -> None:
    assert escape("http://x.example www.x.example a@x.example") == (
        "http\\://x.example www\\.x.example a\\@x.example"
    )


def test_an_agenda_has_a_heading_for_each_part() -> None:
    text = render_markdown(an_agenda("Words."))
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# P01: session 2 on 1 December 2026, 20 minutes",
        "## Before you meet",
        "## 0′ · Words.",
        "## 12′ · Swap",
        "## To promise at the end",
        "## Fitted to you",
        "## What the coach left out",
        "## Sources",
    ]
    assert "- **do** “Fold it once more.” \\[1\\]" in text
    assert "1. Paper cranes (cranes); its review is overdue" in text
    assert text.endswith("library abc.*\n")


def test_clauses_are_listed_when_asked_for() -> None:
    assert "- AG01 holds: filled" in render_markdown(an_agenda(), verdicts=True)
    assert "AG01" not in render_markdown(an_agenda())
