"""The topic map names every document of the shipped library in one place."""

import pytest

from coach.knowledge.adding import read_files
from coach.knowledge.topic_map import GROUPS, TopicMapFault, read_topic_map, shipped_areas
from coach.shipped import shipped

MAP = """
technology:
  Spreadsheets: [pivot-tables, charts]
  Phones: []
career:
  Getting on: [promotion-case]
programme: {}
"""
KINDS = {"technology": "tutorial", "career": "career", "programme": "programme"}


def test_areas_come_in_the_order_of_the_map() -> None:
    found = [(area.group, area.name, area.documents) for area in read_topic_map(MAP)]
    assert found == [
        ("technology", "Spreadsheets", ("pivot-tables", "charts")),
        ("technology", "Phones", ()),
        ("career", "Getting on", ("promotion-case",)),
    ]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        pytest.param("{", "not YAML", id="no YAML"),
        pytest.param("[]", "groups", id="no mapping"),
        pytest.param("technology: {}\ncareer: {}", "groups", id="a group is missing"),
        pytest.param(MAP.replace("programme: {}", "programme: []"), "mapping", id="no areas"),
        pytest.param(MAP.replace("[]", "pivot-tables"), "list of ids", id="no list"),
        pytest.param(MAP.replace("[]", "[1]"), "list of ids", id="no id"),
        pytest.param(MAP.replace("[]", "[charts]"), "two places", id="in two areas"),
        pytest.param(MAP.replace("charts", "pivot-tables"), "two places", id="twice in one"),
    ],
)
def test_a_damaged_map_is_told_in_a_sentence(source: str, said: str) -> None:
    with pytest.raises(TopicMapFault, match=said):
        read_topic_map(source)


def test_the_shipped_map_and_the_shipped_documents_agree() -> None:
    mapped = {document for area in shipped_areas() for document in area.documents}
    there = {file.text.header.id for file in read_files([shipped("knowledge")])}
    assert mapped == there


@pytest.mark.parametrize("group", GROUPS)
def test_a_document_stands_in_the_group_of_its_kind(group: str) -> None:
    kinds = {
        file.text.header.id: file.text.header.kind for file in read_files([shipped("knowledge")])
    }
    own = [one for area in shipped_areas() if area.group == group for one in area.documents]
    assert {one for one in own if kinds.get(one, KINDS[group]) != KINDS[group]} == set()
