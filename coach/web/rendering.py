"""The one place where HTML is made: a page names its template and all that it may mention."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from typing import ClassVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from coach.people.people import KnownPerson
from coach.rendering.labels import labels_of
from coach.shipped import shipped

MONTHS = (
    "January February March April May June July August September October November December"
).split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


@dataclass(frozen=True, slots=True)
class You:
    """The person who reads the page."""

    name: str
    is_admin: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything base.html may mention; each page adds what its own template may."""

    template: ClassVar[str] = "base.html"
    you: You | None = None


def render(page: Page, status: int = 200, again_after: int | None = None) -> HTMLResponse:
    """The page as an answer; with `again_after` the browser asks anew after so many seconds."""
    values = {field.name: getattr(page, field.name) for field in fields(page)}
    # By header, for it needs no script; a page that does so offers a way to let it rest.
    headers = {"refresh": str(again_after)} if again_after is not None else None
    html = environment().get_template(page.template).render(values)
    return HTMLResponse(html, status, headers)


def greet(person: KnownPerson) -> You:
    """The person as a page knows them."""
    return You(person.name, person.is_admin)


@cache
def environment() -> Environment:
    """Where templates come from and what they may call; every value in them is escaped."""
    made = Environment(
        loader=FileSystemLoader(shipped("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["day"] = day
    made.filters["short_day"] = short_day
    made.filters["clock"] = clock
    made.filters["typeset"] = typeset
    made.globals["static"] = static
    made.globals["labels"] = labels_of
    return made


def day(value: date | datetime) -> str:
    """The day as people say it."""
    return f"{DAYS[value.weekday()]}, {value.day} {MONTHS[value.month - 1]} {value.year}"


def short_day(value: date | datetime) -> str:
    """The day where there is little room."""
    return f"{value.day} {MONTHS[value.month - 1][:3]} {value.year}"


def clock(moment: datetime) -> str:
    """The time of day where the service runs, as 14:05; a script puts the reader's own there."""
    return moment.astimezone().strftime("%H:%M")


def typeset(text: str, language: str) -> str:
    """The words of a draft with the quotation marks of its language."""
    return labels_of(language).typeset(text)


@cache
def static(name: str) -> str:
    """The address of a file that ships with the pages; it changes with its content."""
    digest = sha256((shipped("static") / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"
