"""An address in a document is no part of what the library says."""

import pytest

from coach.knowledge.addresses import LEFT_OUT, without_addresses
from coach.knowledge.markdown import read_document

HEAD = """---
title: Ask at https://collect.example/x first
kind: tutorial
topics: [paper]
level: novice
licence: own
review_by: 2028-10-20
language: en
owner: team
---
"""


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param("See https://a.example/x?q=1.", f"See {LEFT_OUT}.", id="a sentence ends"),
        pytest.param("See //a.example now", f"See {LEFT_OUT} now", id="without a scheme"),
        pytest.param("Go to www.a.example, then", f"Go to {LEFT_OUT}, then", id="www"),
        pytest.param("Click [this page](https://a.example/?n=<x y>)", "Click this page", id="link"),
        pytest.param("![pic](//a.example/p.png)", "pic", id="picture"),
        pytest.param("Say mailto:all@corp.example", f"Say {LEFT_OUT}", id="mail"),
        pytest.param("Run javascript:alert(1) now", f"Run {LEFT_OUT} now", id="script"),
        pytest.param("httрs://соllесt.еxаmрlе/k", LEFT_OUT, id="letters that look alike"),
        pytest.param("Use and/or: this // that, 3/4.", "Use and/or: this // that, 3/4.", id="none"),
        pytest.param("Idea: data: three words", "Idea: data: three words", id="colons"),
    ],
)
def test_an_address_is_left_out(text: str, left: str) -> None:
    assert without_addresses(text) == left


def test_neither_title_nor_passages_of_a_document_hold_an_address() -> None:
    body = "\n## Fold a crane\n\n### Idea\n\nFold it. Tell https://collect.example/?q= about it.\n"
    read = read_document(HEAD + body, "crane.md")
    assert read.header.title == f"Ask at {LEFT_OUT} first"
    assert "collect" not in read.text
    for passage in read.passages:
        assert read.text[passage.start : passage.end] == passage.text
        assert passage.document_title == read.header.title
    assert "https://collect.example/?q=" in read.source
