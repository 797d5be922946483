"""The whole loop as a person goes it, on a phone and on a desk, in a real Chromium."""

import contextlib
import pathlib
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from coach.app import create_app
from coach.people.sign_in import save_sign_in_link
from coach.settings import Settings
from coach.storage.database import open_database
from tests.web.conftest import Seeded

pytestmark = pytest.mark.browser
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SCREENS = pathlib.Path(__file__).resolve().parents[2] / "build" / "screens"
expect.set_options(timeout=20_000)
SIZES = {"phone": (390, 844), "desk": (1280, 900)}

# Debian's Chromium would ask its makers for news; every other name is unknown to this one.
ALONE = (
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: `make browser` installs Debian's")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *ALONE])
        yield opened
        opened.close()


@pytest.fixture
def address(seeded: Seeded, tmp_path: pathlib.Path) -> Iterator[str]:
    """A served copy of the seeded folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = tmp_path / "data"
    shutil.copytree(seeded.folder, data)
    base_url = f"http://127.0.0.1:{port}"
    app = create_app(Settings(data=data, base_url=base_url))
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.05)
        yield base_url
    finally:
        server.should_exit = True
        thread.join(timeout=10)


@contextlib.contextmanager
def person(browser: Browser, size: str, scripts: bool = True) -> Iterator[Page]:
    """A browser window of its own, whose scripts and styles must not complain about anything."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=scripts
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert said == []
    context.close()


def sign_in(page: Page, address: str, seeded: Seeded, data: pathlib.Path, role: str) -> None:
    """Open a fresh one-time link and press its button."""
    database = open_database(f"sqlite:///{data}/coach.db")
    try:
        with database.transaction() as db:
            who = seeded.people[role].person_id
            secret = save_sign_in_link(db, who, datetime.now(UTC))
    finally:
        database.close()
    page.goto(f"{address}/sign-in/{secret}")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")


def look(page: Page, name: str, serious: list[str]) -> None:
    """Keep a picture, and note what axe finds serious and what sticks out of the window."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png", full_page=True)
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    serious += [
        f"{name}: {one['id']} at {one['nodes'][0]['target']}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wide > 0:
        serious.append(f"{name}: {wide} pixels too wide")


@pytest.mark.parametrize("size", SIZES)
def test_a_pair_goes_the_whole_loop(
    browser: Browser, address: str, seeded: Seeded, tmp_path: pathlib.Path, size: str
) -> None:
    serious: list[str] = []
    data = tmp_path / "data"
    with person(browser, size) as page:
        sign_in(page, address, seeded, data, "mentor")
        look(page, f"{size}-home", serious)
        page.get_by_role("link", name="You and Greta").click()
        look(page, f"{size}-pair", serious)
        page.get_by_role("link", name="Plan a session").click()
        page.get_by_label("Minutes").fill("45")
        page.get_by_label("A wish for this session").fill("Once more: check that a total is right")
        look(page, f"{size}-plan", serious)
        page.get_by_role("button", name="Plan this session").click()
        look(page, f"{size}-session-planned", serious)
        page.get_by_role("button", name="Draft the agenda").click()
        expect(page.get_by_role("heading", name="Your turn")).to_be_visible()
        expect(page.locator("blockquote.quote").first).to_be_visible()
        page.locator("details.place summary").first.click()
        look(page, f"{size}-agenda", serious)
        first = page.locator(".step").first
        first.get_by_text("Edit").click()
        first.get_by_role("textbox").fill("How did the month end go?")
        first.get_by_role("button", name="Save these words").click()
        expect(page.get_by_text("How did the month end go?").first).to_be_visible()
        page.get_by_role("button", name="Settle this agenda").click()
        expect(page.locator(".chip-settled")).to_have_text("Settled")
        page.get_by_label("Write a note").fill("She found the month that was missing, on her own.")
        page.get_by_label("Both of us").check()
        page.get_by_role("button", name="Save the note").click()
        expect(page.get_by_text("She found the month that was missing")).to_be_visible()
        page.locator("#promises").get_by_role("button", name="Done").first.click()
        look(page, f"{size}-session-settled", serious)
        page.get_by_role("link", name="Running late").click()
        page.get_by_label("Minutes left").fill("12")
        page.locator(".took input").first.fill("9")
        page.get_by_role("button", name="Fit the rest").click()
        expect(page.get_by_role("heading", name="The rest of your session")).to_be_visible()
        look(page, f"{size}-replan", serious)
        page.get_by_role("link", name="Session").first.click()
        page.get_by_role("button", name="We met").click()
        page.get_by_role("button", name="Suggest questions").click()
        expect(page.locator(".questions li").first).to_be_visible()
        look(page, f"{size}-session-held", serious)
        session = urlsplit(page.url).path
    with person(browser, size) as page:
        sign_in(page, address, seeded, data, "mentee")
        page.goto(address + session)
        page.get_by_role("link", name="Explain it again").first.click()
        page.get_by_label("Your question").fill("How do I check that a total is right?")
        page.get_by_role("button", name="Explain", exact=True).click()
        expect(page.locator("#answer .answer")).to_contain_text("total")
        look(page, f"{size}-recap", serious)
        page.locator("#answer").get_by_role("button", name="Shorter").click()
        expect(page.locator("article.recap")).to_have_count(2)
    assert serious == []


@pytest.mark.parametrize("size", SIZES)
def test_an_admin_curates_and_forms_a_pair(
    browser: Browser, address: str, seeded: Seeded, tmp_path: pathlib.Path, size: str
) -> None:
    serious: list[str] = []
    with person(browser, size) as page:
        sign_in(page, address, seeded, tmp_path / "data", "admin")
        look(page, f"{size}-admin-home", serious)
        page.get_by_role("link", name="Curate the library").click()
        look(page, f"{size}-admin-library", serious)
        page.get_by_role("link", name="Pivot tables for a monthly report").click()
        look(page, f"{size}-admin-document", serious)
        page.get_by_role("button", name="Take out").click()
        page.get_by_label("Reason to publish it untried").fill("It was taken out by mistake.")
        page.get_by_role("button", name="Publish version").click()
        page.get_by_role("link", name="Edit the text").click()
        look(page, f"{size}-admin-edit", serious)
        page.goto(f"{address}/admin/bench?q=How do I group a pivot table by month?")
        look(page, f"{size}-admin-bench", serious)
        page.get_by_label("Pivot tables for a monthly report").check()
        page.get_by_role("button", name="Pin this question").click()
        look(page, f"{size}-admin-golden", serious)
        page.get_by_role("link", name="Gaps", exact=True).click()
        look(page, f"{size}-admin-gaps", serious)
        page.goto(f"{address}/admin/jobs")
        look(page, f"{size}-admin-jobs", serious)
        page.get_by_role("link", name="Look at review dates").click()
        look(page, f"{size}-admin-job", serious)
        page.get_by_role("link", name="People", exact=True).click()
        page.get_by_label("Name").fill("Kim")
        page.get_by_role("button", name="Add this person").click()
        expect(page.locator("code.secret")).to_contain_text("/sign-in/")
        look(page, f"{size}-admin-people", serious)
        page.get_by_role("link", name="Pairs", exact=True).click()
        page.get_by_label("Mentor", exact=True).select_option(label="Kim")
        page.get_by_label("Mentee", exact=True).select_option(label="Greta")
        page.locator("#mentor_role").fill("developer")
        page.locator("#mentee_role").fill("finance director")
        page.get_by_label("Technology goals").fill("Share a folder with the right people")
        page.get_by_label("Career goals").fill("Speak up in the steering group")
        page.get_by_role("button", name="Form this pair").click()
        expect(page.get_by_text("Kim shares with Greta")).to_be_visible()
        look(page, f"{size}-admin-pairs", serious)
        page.goto(f"{address}/library/pivot-tables")
        look(page, f"{size}-document", serious)
        page.goto(f"{address}/library?q=pivot")
        look(page, f"{size}-library", serious)
    assert serious == []


def test_the_agenda_comes_without_scripts_too(
    browser: Browser, address: str, seeded: Seeded, tmp_path: pathlib.Path
) -> None:
    with person(browser, "phone", scripts=False) as page:
        sign_in(page, address, seeded, tmp_path / "data", "mentee")
        page.goto(f"{address}/sessions/{seeded.session_id}")
        page.get_by_role("button", name="Draft the agenda").click()
        expect(page.get_by_role("button", name="Settle this agenda")).to_be_visible()


def test_strangers_find_a_door_and_a_human_sentence(browser: Browser, address: str) -> None:
    serious: list[str] = []
    with person(browser, "phone") as page:
        page.goto(address)
        look(page, "phone-door", serious)
        page.goto(f"{address}/sign-in/an-old-link")
        look(page, "phone-link", serious)
    assert serious == []
