"""The page on which an admin keeps the library."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from assistant.serve import build_app, open_desks
from assistant.ui_text import load_messages
from corpus.corrections import Correction, correct
from corpus.settings import Settings
from tests.browser.axe import in_both_schemes
from tests.browser.conftest import Watch
from tests.browser.scenes import GUIDE, OLDER
from tests.web import Double, document, running

pytestmark = pytest.mark.browser
TEXT = load_messages()


@dataclass(frozen=True)
class Taken:
    document_id: str | None
    warnings: tuple[str, ...] = ()
    status: str = "indexed"


@dataclass
class Keeper:
    """Changes the documents of a double as the ingest side would change the library."""

    double: Double
    done: list[tuple[str, str]] = field(default_factory=list)
    begun: Event = field(default_factory=Event)
    held: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.held.set()

    def add(self, path: Path, *, again: bool = False) -> Taken:
        self.done.append(("again" if again else "add", path.name))
        self.begun.set()
        assert self.held.wait(timeout=60)
        if b"broken" in path.read_bytes():
            return Taken(None, ("Give it with --password.",), "needs password")
        made = document(path.stem)
        if any(d.id == made.id for d in self.double.documents):
            return Taken(made.id, (), "indexed" if again else "unchanged")
        self.double.documents = (*self.double.documents, made)
        return Taken(made.id)

    def remove(self, document_id: str) -> None:
        self.done.append(("remove", document_id))
        self.double.documents = tuple(d for d in self.double.documents if d.id != document_id)

    def correct(self, document_id: str, correction: Correction) -> None:
        self.double.corrected[document_id] = tuple(correction)
        self.double.documents = tuple(
            replace(d, edition=correct(d.edition, correction)) if d.id == document_id else d
            for d in self.double.documents
        )

    def stop(self) -> None:
        """Has nothing to break off."""


@pytest.fixture
def keeper(page: Page, tmp_path: Path, starter: Path) -> Iterator[Keeper]:
    pdf = next(starter.glob("*.pdf"))
    double = Double(documents=(GUIDE, OLDER), pdfs={GUIDE.id: pdf, OLDER.id: pdf})
    keeper = Keeper(double)
    settings = Settings(home=tmp_path)
    with contextlib.ExitStack() as stack:
        desks = stack.enter_context(open_desks(double, settings, keeper))
        address = stack.enter_context(running(build_app(double, desks, settings)))
        page.goto(address)
        link = page.get_by_role("link", name=TEXT["shelf.name"])
        expect(link).to_have_attribute("target", "_blank")  # the conversation stays
        page.goto(link.evaluate("e => e.href"))
        yield keeper
        keeper.held.set()
        page.goto("about:blank")


def test_an_admin_adds_corrects_reads_again_and_removes(
    page: Page, keeper: Keeper, tmp_path: Path
) -> None:
    held = page.locator(".document")
    expect(held).to_have_count(2)
    expect(held.first).to_contain_text(TEXT["shelf.indexed"])
    files = [tmp_path / "new-guide.pdf", tmp_path / "broken.pdf"]
    files[0].write_bytes(b"%PDF-1.7\n")
    files[1].write_bytes(b"%PDF-1.7\nbroken")
    page.locator("input[type=file]").set_input_files(files)
    expect(held).to_have_count(3)
    broken = page.locator(".jobs .failed")
    expect(broken).to_contain_text(f"broken.pdf was not added. {TEXT['shelf.needs_password']}")
    expect(page.locator(".jobs .done")).to_have_text("new-guide.pdf was added.")
    expect(held.filter(has_text="new-guide.pdf")).to_contain_text("one page · ")

    older = held.filter(has_text=OLDER.file)
    older.evaluate("e => e.parentElement.append(e)")  # the last one, at the foot of the view
    page.set_viewport_size({"width": 1280, "height": 400})
    older.locator(".edit").evaluate("e => e.scrollIntoView({ block: 'end' })")
    older.get_by_role("button", name=TEXT["shelf.edit"]).click()
    save, cancel = (
        older.get_by_role("button", name=TEXT[f"shelf.{n}"]) for n in ("save", "cancel")
    )
    for button in (save, cancel):
        expect(button).to_be_in_viewport(ratio=1)
    middle = "e => { const { top, height } = e.getBoundingClientRect(); return top + height / 2; }"
    assert save.evaluate(middle) == pytest.approx(cancel.evaluate(middle), abs=2)
    older.get_by_label(TEXT["year"]).fill("2024")
    older.get_by_label(TEXT["shelf.version"]).fill("")
    in_both_schemes(page)
    older.get_by_role("button", name=TEXT["shelf.save"]).press("Enter")
    expect(older).to_contain_text("Erasmus+ · 2024 · November 12, 2024")
    expect(older.get_by_role("button", name=TEXT["shelf.edit"])).to_be_focused()
    edition = next(d.edition for d in keeper.double.documents if d.id == OLDER.id)
    assert (edition.year, edition.version, edition.title) == (2024, None, OLDER.edition.title)
    # It holds for the file, also when that comes again.
    fields = f"{TEXT['year']}, {TEXT['shelf.version']}"
    corrected = TEXT["shelf.corrected"].format(fields=fields)
    expect(older.locator(".corrected")).to_have_text(corrected)
    expect(page.locator(".corrected")).to_have_count(1)

    # Until it is read anew it is there, and answers.
    keeper.held.clear()
    again = older.get_by_role("button", name=TEXT["shelf.again"])
    again.click()
    expect(older.locator(".status")).to_have_text(TEXT["shelf.row_again"])
    expect(again).to_have_attribute("aria-disabled", "true")
    expect(older.get_by_role("button", name=TEXT["shelf.edit"])).to_be_enabled()
    again.press("Enter")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(".status", has_text=TEXT["shelf.row_again"])).to_have_count(1)
    other.close()
    assert any(d.id == OLDER.id for d in keeper.double.documents)
    keeper.held.set()
    expect(older.locator(".status")).to_have_text(TEXT["shelf.indexed"])
    expect(again).not_to_have_attribute("aria-disabled", "true")
    done = page.locator(".successes")
    expect(done).to_contain_text(f"{OLDER.file} was read again.")
    expect(done).to_contain_text(re.compile("The edition of Erasmus.* was corrected"))
    expect(done.locator("li")).to_have_count(3)
    assert keeper.done[-1] == ("again", OLDER.file)
    assert keeper.done.count(("again", OLDER.file)) == 1

    removing = held.filter(has_text=GUIDE.file).get_by_role("button", name=TEXT["shelf.remove"])
    removing.click()
    assert any(d.id == GUIDE.id for d in keeper.double.documents), "asked again first"
    held.filter(has_text=GUIDE.file).get_by_role("button", name=TEXT["shelf.cancel"]).press("Enter")
    expect(removing).to_have_text(TEXT["shelf.remove"])
    removing.click()
    held.filter(has_text=GUIDE.file).get_by_role("button", name=TEXT["shelf.sure"]).press("Enter")
    expect(held.filter(has_text=GUIDE.file)).to_have_count(0)
    expect(held.first.get_by_role("button", name=TEXT["shelf.edit"])).to_be_focused()
    expect(done.locator("summary")).to_have_text("Done: 4")
    expect(done.locator("li").first).to_be_hidden()  # much is folded
    done.locator("summary").press("Enter")
    expect(done).to_contain_text(f"{GUIDE.edition.title} was removed.")
    expect(done.locator("li").first).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for part in page.locator("#shelf :is(button, summary, .add span):visible").all():
        assert part.evaluate("e => e.getBoundingClientRect().height") >= 24, part


def test_what_is_not_taken_stays_in_sight_and_says_why(
    page: Page, keeper: Keeper, tmp_path: Path, watch: Watch
) -> None:
    files = [tmp_path / name for name in ("page.pdf", "Guide & l'annexe [final].pdf")]
    files[0].write_bytes(b"<html>")
    files[1].write_bytes(b"%PDF-1.7\n")
    page.locator("input[type=file]").set_input_files(files)
    expect(page.locator(".document")).to_have_count(3)
    refused = page.locator("li.refused")
    expect(refused).to_contain_text(f"page.pdf was not added. {TEXT['shelf.not_a_pdf']}")

    page.locator("input[type=file]").set_input_files(files[1:])
    expect(page.locator(".successes li").first).to_contain_text(TEXT["shelf.unchanged"])
    expect(page.locator(".document")).to_have_count(3)
    files[0].write_bytes(b"%PDF-1.7\n")
    page.locator("input[type=file]").set_input_files(files[:1])
    expect(page.locator(".document")).to_have_count(4)
    expect(refused).to_have_count(0)
    (fault,) = watch.faults  # Chromium's own line for a refusal
    assert "status of 415" in fault
    watch.faults.clear()


def test_what_is_no_pdf_by_its_name_is_told_that_only_these_are_taken(
    page: Page, keeper: Keeper, tmp_path: Path, watch: Watch
) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("Notes")
    page.locator("input[type=file]").set_input_files(notes)
    expect(page.locator("li.refused")).to_contain_text(
        f"notes.txt was not added. {TEXT['shelf.only_pdf']}"
    )
    assert all("status of 422" in fault for fault in watch.faults)
    watch.faults.clear()


def test_who_is_asked_whether_to_remove_sees_nothing_to_be_corrected(
    page: Page, keeper: Keeper
) -> None:
    older = page.locator(".document").filter(has_text=OLDER.file)
    expect(older).to_contain_text(" · English · ")
    older.get_by_role("button", name=TEXT["shelf.edit"]).click()
    older.get_by_label(TEXT["shelf.title"]).fill("Typed")
    older.get_by_role("button", name=TEXT["shelf.remove"]).click()
    expect(older.locator("form")).to_be_hidden()
    older.get_by_role("button", name=TEXT["shelf.cancel"]).press("Enter")
    expect(older.get_by_label(TEXT["shelf.title"])).to_have_value("Typed")
    older.get_by_role("button", name=TEXT["shelf.remove"]).click()
    older.get_by_role("button", name=TEXT["shelf.edit"]).click()
    expect(older.get_by_role("button", name=TEXT["shelf.sure"])).to_have_count(0)
    expect(older.get_by_label(TEXT["shelf.title"])).to_be_focused()


def test_what_failed_stays_listed_until_it_is_dismissed(
    page: Page, keeper: Keeper, tmp_path: Path, watch: Watch
) -> None:
    files = [tmp_path / name for name in ("page.pdf", "broken.pdf", "mended.pdf")]
    files[0].write_bytes(b"<html>")
    for path in files[1:]:
        path.write_bytes(b"%PDF-1.7\nbroken")
    page.locator("input[type=file]").set_input_files(files)
    failed = page.locator(".jobs .failed")
    expect(failed).to_have_count(3)
    expect(page.locator(".failures summary")).to_have_text("Failed: 3")
    files[2].write_bytes(b"%PDF-1.7\n")
    page.locator("input[type=file]").set_input_files(files[2:])
    expect(page.locator(".document")).to_have_count(3)

    page.reload()
    expect(page.locator(".document")).to_have_count(3)
    expect(failed).to_have_count(2)
    expect(failed.first).to_contain_text(f"page.pdf was not added. {TEXT['shelf.not_a_pdf']}")
    expect(failed.last).to_contain_text(TEXT["shelf.needs_password"])
    in_both_schemes(page)
    # What dismisses stands beside its sentence, and the head is one line, also on phones.
    page.set_viewport_size({"width": 360, "height": 740})
    for line in failed.all():
        said, press = (line.locator(part).bounding_box() for part in ("span", ".dismiss"))
        assert said
        assert press
        assert said["x"] + said["width"] <= press["x"]
        assert press["y"] < said["y"] + 24
    middles = "e => [...e.children].map((c) => c.getBoundingClientRect().bottom)"
    bottoms = page.locator("#header .bar").evaluate(middles)
    assert max(bottoms) - min(bottoms) < 12
    page.set_viewport_size({"width": 1280, "height": 800})
    # In whatever language it failed, it is told in the reader's.
    page.set_extra_http_headers({"accept-language": "de"})
    page.reload()
    german = load_messages("de")
    expect(failed.first).to_contain_text(
        f"page.pdf wurde nicht hinzugefügt. {german['shelf.not_a_pdf']}"
    )
    expect(failed.last).to_contain_text(german["shelf.needs_password"])
    page.set_extra_http_headers({"accept-language": "en"})
    page.reload()
    expect(failed).to_have_count(2)
    dismiss = page.get_by_role("button", name=TEXT["shelf.dismiss"], exact=True)
    dismiss.first.press("Enter")
    expect(failed).to_have_count(1)
    expect(dismiss).to_be_focused()
    dismiss.press("Enter")
    expect(failed).to_have_count(0)
    page.reload()
    expect(page.locator(".document")).to_have_count(3)
    expect(failed).to_have_count(0)
    (fault,) = watch.faults
    assert "status of 415" in fault
    watch.faults.clear()


def test_a_correction_that_is_refused_says_why_where_it_was_typed(
    page: Page, keeper: Keeper, watch: Watch
) -> None:
    older = page.locator(".document").filter(has_text=OLDER.file)
    older.get_by_role("button", name=TEXT["shelf.edit"]).click()
    older.get_by_label(TEXT["shelf.language"]).fill("English")
    older.get_by_role("button", name=TEXT["shelf.save"]).click()
    expect(older.get_by_role("alert")).to_have_text(TEXT["shelf.wrong_language"])
    older.get_by_label(TEXT["shelf.language"]).fill("FR")
    older.get_by_role("button", name=TEXT["shelf.save"]).click()
    expect(older).to_contain_text(" · French · ")
    expect(older.locator("form")).to_have_count(0)
    (fault,) = watch.faults
    assert "status of 422" in fault
    watch.faults.clear()


def test_the_page_goes_on_by_itself_when_the_server_is_back(
    page: Page, keeper: Keeper, tmp_path: Path, watch: Watch
) -> None:
    def cut(route: Route) -> None:
        route.abort()

    def refuse(route: Route) -> None:
        route.fulfill(status=503, json={})

    for path, answer in (("new-guide.pdf", cut), ("another.pdf", refuse)):
        page.route("**/api/v1/jobs*", answer)
        (tmp_path / path).write_bytes(b"%PDF-1.7\n")
        page.locator("input[type=file]").set_input_files(tmp_path / path)
        said = TEXT["lost.page" if answer is cut else "lost.away"]
        expect(page.locator(".note")).to_have_text(said)
        # It looks again, and again: not once only.
        for _ in range(2 if answer is cut else 1):
            with page.expect_request("**/api/v1/jobs*"):
                pass
        expect(page.locator(".note")).to_have_text(said)
        page.unroute("**/api/v1/jobs*")
        if answer is cut:  # a browser that knows says so, and nothing is waited for
            page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator(".document").filter(has_text=path)).to_be_visible()
        expect(page.locator(".note")).to_be_empty()
    assert all("Failed to load resource" in fault for fault in watch.faults)
    watch.faults.clear()


def test_two_tabs_keep_what_failed_in_both(
    page: Page, context: BrowserContext, keeper: Keeper, tmp_path: Path, watch: Watch
) -> None:
    files = [tmp_path / f"page-{number}.pdf" for number in range(5)]
    for path in files:
        path.write_bytes(b"<html>")
    other = context.new_page()
    other.add_init_script("""window.written = 0;
        const { setItem } = Storage.prototype;
        Storage.prototype.setItem = function (...kept) {
            window.written += 1;
            setItem.apply(this, kept);
        };""")
    other.goto(page.url)
    expect(other.locator(".document")).to_have_count(2)
    # What another tab writes meanwhile reaches this one a little later, and is not written over.
    assert other.evaluate("window.written") == 0
    tabs = (page, other)
    for number, path in enumerate(files):
        tabs[number % 2].locator("input[type=file]").set_input_files(path)
        for tab in tabs:
            expect(tab.locator(".failures li")).to_have_count(number + 1)
    fold = other.locator(".failures details")
    expect(fold).to_have_attribute("open", "")  # there is something to do about it
    other.locator(".failures li").first.get_by_role("button").press("Enter")
    expect(page.locator(".failures li")).to_have_count(4)
    (tmp_path / "page-1.pdf").write_bytes(b"%PDF-1.7\n")
    page.locator("input[type=file]").set_input_files(files[1])
    expect(other.locator(".failures li")).to_have_count(3)
    page.reload()
    expect(page.locator(".failures li")).to_have_count(3)
    page.get_by_role("button", name=TEXT["shelf.dismiss_all"]).press("Enter")
    for tab in tabs:
        expect(tab.locator(".failures")).to_be_hidden()
    expect(page.locator("input[type=file]")).to_be_focused()
    assert all("status of 415" in fault for fault in watch.faults)
    watch.faults.clear()


def test_names_without_a_break_do_not_widen_the_page(page: Page, keeper: Keeper) -> None:
    long = "W" * 246
    edition = replace(OLDER.edition, title=long, version=long)
    keeper.double.documents = (replace(OLDER, edition=edition, file=f"{long}.pdf"),)
    page.set_viewport_size({"width": 360, "height": 740})
    page.reload()
    expect(page.locator(".document h2")).to_have_text(long)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("language", ["de", "fr", "it"])
def test_the_head_of_the_page_is_one_row_on_a_phone(
    page: Page, keeper: Keeper, language: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.set_extra_http_headers({"accept-language": language})
    page.reload()
    # With the link of a page that only the whole application has.
    named = load_messages(language)["evaluation.name"]
    page.locator("#header h1").evaluate(
        "(h1, name) => h1.insertAdjacentHTML('afterend', `<a href='./'>${name}</a>`)", named
    )
    assert page.locator("#header .bar").evaluate("e => e.offsetHeight") < 40
