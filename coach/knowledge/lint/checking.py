"""Checks documents by every rule; whoever asks decides what a finding means."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from coach.errors import CoachError
from coach.knowledge.adding import NothingToAdd, markdown_in, read_file
from coach.knowledge.lint import forms, heads, sayings, sets, terms
from coach.knowledge.lint.sheets import Finding, Sheet, read_sheet


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found, and one sentence for each file that could not be read."""

    checked: int
    findings: tuple[Finding, ...]
    unreadable: tuple[str, ...]


def check_paths(paths: Sequence[Path], today: date, beside: Sequence[Path] = ()) -> Report:
    """The findings in these files and folders, compared with what lies beside them."""
    own, unreadable = _read(paths)
    if not own and not unreadable:
        raise NothingToAdd(f"No Markdown file (*.md) was found in {', '.join(map(str, paths))}.")
    others, _ = _read(beside)
    mine = {sheet.path.resolve() for sheet in own}
    others = [sheet for sheet in others if sheet.path.resolve() not in mine]
    found = [one for sheet in own for one in check_sheet(sheet, today)]
    found += [one for one in check_set([*others, *own]) if one.path.resolve() in mine]
    findings = sorted(found, key=lambda one: (str(one.path), one.line, one.rule))
    return Report(len(own), tuple(findings), tuple(unreadable))


def check_sheet(sheet: Sheet, today: date) -> Iterator[Finding]:
    """What is wrong with one document by itself."""
    for dated in heads.RULES:
        yield from dated(sheet, today)
    english = sheet.document.header.language.partition("-")[0] == "en"
    for rules in (forms.RULES, terms.RULES, sayings.RULES, sayings.ENGLISH_RULES * english):
        for rule in rules:
            yield from rule(sheet)


def check_set(sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """What is wrong between documents."""
    for rule in sets.RULES:
        yield from rule(sheets)


def _read(paths: Sequence[Path]) -> tuple[list[Sheet], list[str]]:
    """The documents that can be read, and one sentence for each file that cannot."""
    sheets: list[Sheet] = []
    faults: list[str] = []
    ids: dict[str, Path] = {}
    for path in dict.fromkeys(file for place in paths for file in markdown_in(place)):
        try:
            document = read_file(path)
        except CoachError as fault:
            faults.append(fault.detail)
            continue
        other = ids.setdefault(document.header.id, path)
        if other == path:
            sheets.append(read_sheet(path, document))
        else:
            faults.append(f"{other} and {path} have the same id {document.header.id!r}.")
    return sheets, faults
