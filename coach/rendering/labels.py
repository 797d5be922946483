"""The words around a draft in its own language, and how that language sets quotations.

Drafts hold the words of a language; headings, labels and the last lines are data in prompts/labels.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from coach.coaching.drafts import Person
from coach.errors import CoachError
from coach.shipped import read_yaml, shipped

_ENGLISH = "en"
_CAUSE = ", so the coach wrote"
_PLAIN = re.compile(r"“([^“”]*)”")
# Where a French line must not break, whoever typed an ordinary space there.
_LOOSE = re.compile(r"(?<=\S) (?=[:;?!»])|(?<=«) ")


class LabelsFault(CoachError):
    """The labels of a language are not those of the English ones."""

    title = "A file in prompts/labels is incomplete; take it from the release again."


@dataclass(frozen=True)
class Labels:
    """What stands around the words of a draft in one language."""

    language: str
    says: Mapping[str, str]
    tables: Mapping[str, Mapping[str, str]]
    months: Sequence[str]
    day_forms: tuple[str, str]
    quote: tuple[str, str]

    @property
    def entries(self) -> frozenset[tuple[str, str]]:
        """The name of each entry after that of its table, but for the notices a language needs."""
        return frozenset(
            (table, name)
            for table, entries in self.tables.items()
            for name in entries
            if table != "notices"
        )

    def say(self, name: str, /, **values: object) -> str:
        """The words of this name, filled in; what is filled in is never read as a form itself."""
        return self.says[name].format(**values)

    def on_page(self, name: str, /, **values: object) -> str:
        """The words of this name where a page shows the draft, with names in place of roles."""
        return self.tables["pages"][name].format(**values)

    def named(self, table: str, key: str) -> str:
        """What one of the coach's own names is called, such as a kind of step."""
        return self.tables[table].get(key, key.replace("_", " "))

    def who(self, person: Person) -> str:
        """How the one of this role is named before a line of their own."""
        return self.tables["roles"][person]

    def day(self, value: date) -> str:
        """The day as people write it."""
        form = self.day_forms[value.day == 1]
        month = self.months[value.month - 1]
        return form.format(day=value.day, month=month, year=value.year)

    def minutes(self, count: int) -> str:
        """A length of time, short."""
        return self.say("minutes", minutes=count)

    def quoted(self, text: str) -> str:
        """The text in the quotation marks of the language."""
        opens, closes = self.quote
        return f"{opens}{text}{closes}"

    def typeset(self, text: str) -> str:
        """The draft's own words with the quotation marks of the language."""
        if self.quote != ("“", "”"):
            text = _PLAIN.sub(lambda found: self.quoted(found[1]), text)
        return _LOOSE.sub("\N{NO-BREAK SPACE}", text) if self.language == "fr" else text

    def notice(self, told: str) -> str:
        """The sentences a draft is signed with; one that nobody translated stays as it is."""
        told = told.replace(_CAUSE, f". {_CAUSE[2:]}") if self.language != _ENGLISH else told
        for english, own in self.tables["notices"].items():
            told = told.replace(english, own)
        return told


def labels_of(language: str) -> Labels:
    """The labels of this language; English where it has none."""
    code = language.partition("-")[0].casefold()
    return _read(code if code in languages() else _ENGLISH)


def check_labels(own: Labels) -> None:
    """See that a language has the entries of English, or raise LabelsFault naming one."""
    for table, name in sorted(_read(_ENGLISH).entries ^ own.entries):
        raise LabelsFault(f"{own.language}.yaml and {_ENGLISH}.yaml differ in {name} of {table}.")


@cache
def languages() -> tuple[str, ...]:
    """The codes of all languages that there are labels in."""
    return tuple(sorted(path.stem for path in (shipped("prompts") / "labels").glob("*.yaml")))


@cache
def _read(code: str) -> Labels:
    path = shipped("prompts") / "labels" / f"{code}.yaml"
    found = read_yaml(path.read_text(encoding="utf-8"))
    opens, closes = found["quote"]
    return Labels(
        language=code,
        says=found["says"],
        tables={name: entries for name, entries in found.items() if isinstance(entries, dict)},
        months=found["months"],
        day_forms=(found["day"], found["first_day"]),
        quote=(opens, closes),
    )
