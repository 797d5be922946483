"""Files and folders are checked whole, and the shipped library keeps every rule."""

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.knowledge.adding import NothingToAdd
from coach.knowledge.lint.checking import check_paths, check_set, check_sheet
from coach.knowledge.markdown import DocumentUnreadable
from tests.command_line import KNOWLEDGE
from tests.knowledge.sheets import body, lesson, rules, sheet, source

# The library is judged as on the day when it was last read through: waiting breaks no test.
REVIEWED = date(2026, 11, 26)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_library_keeps_every_rule() -> None:
    report = check_paths([KNOWLEDGE], REVIEWED)
    told = [f"{one.path.name}:{one.line} {one.rule} {one.message}" for one in report.findings]
    assert (told, report.unreadable) == ([], ())


def test_findings_come_in_the_order_of_files_and_lines(folder: Path) -> None:
    write(folder, "b.md", source(owner=None))
    write(folder, "a.md", source(body(lesson("Sort", Idea="A list is")), owner=None))
    report = check_paths([folder], REVIEWED)
    places = [(one.path.name, one.line) for one in report.findings]
    assert places == sorted(places)
    assert report.checked == 2


def test_an_unreadable_file_is_told_beside_the_findings_of_the_others(folder: Path) -> None:
    write(folder, "a.md", source(owner=None))
    broken = write(folder, "b.md", "no header")
    report = check_paths([folder], REVIEWED)
    assert "header-field" in rules(report.findings)
    assert len(report.unreadable) == 1
    assert str(broken) in report.unreadable[0]


def test_two_files_with_one_id_are_told(folder: Path) -> None:
    one, two = (write(folder, name, source(id="same")) for name in ("a.md", "b.md"))
    report = check_paths([folder], REVIEWED)
    assert report.unreadable == (f"{one} and {two} have the same id 'same'.",)


def test_what_lies_beside_is_compared_and_not_checked(folder: Path) -> None:
    mine = write(folder, "a.md", source())
    beside = write(folder, "b.md", source(owner=None))
    report = check_paths([mine], REVIEWED, [beside, mine])
    assert {one.path for one in report.findings} == {mine}
    assert "sentence-twice" in rules(report.findings)
    assert "header-field" not in rules(report.findings)


def test_a_folder_without_documents_is_told(folder: Path) -> None:
    write(folder, "README.md", "How to write.")
    with pytest.raises(NothingToAdd):
        check_paths([folder], REVIEWED)


def test_english_rules_are_not_asked_of_other_languages(folder: Path) -> None:
    german = lesson("Eine Liste sortieren", Steps="1. Die Liste öffnen.\n2. Auf Namen klicken.")
    write(folder, "a.md", source(body(german), language="de"))
    assert "step-verb" not in rules(check_paths([folder], REVIEWED).findings)


PIECES = st.sampled_from(
    "## ,### ,Idea,Steps,Slip,Words to know,Questions to ask,1. ,- ,  - ,**a**: b,|a|b|,|-|-|,```,"
    "The list.,see above,<b>,![a](b),[a](b),?,.,\n,\n\n, ,http://a,\x1b,é,。".split(",")
)


@given(st.lists(PIECES, max_size=40).map("".join))
@settings(max_examples=150, deadline=None)
def test_whatever_the_library_takes_can_be_checked(text: str) -> None:
    try:
        taken = sheet(f"{text}\n\nThe end.")
    except DocumentUnreadable:
        return
    for one in (*check_sheet(taken, REVIEWED), *check_set([taken])):
        assert 1 <= one.line <= taken.document.source.count("\n") + 1
        assert one.message.endswith(".")


def test_a_huge_document_is_checked_in_seconds() -> None:
    many = (lesson(f"Sort list number {number}", Idea=f"List {number}.") for number in range(600))
    entries = "\n".join(f"- **sorted {number}**: a list" for number in range(600))
    taken = sheet(body(*many, words=f"## Words to know\n\n{entries}"))
    before = time.perf_counter()
    found = [*check_sheet(taken, REVIEWED), *check_set([taken])]
    assert time.perf_counter() - before < 20
    assert len(found) > 600
