"""Makes the pictures of the window for the documentation anew.

    python benchmarks/pictures.py [--out docs/images] [--only NAME ...]

Serves the library of the data folder (GUIDE_HOME; the pictures of the documentation are of the
seven guides that the measures are of), opens it in Chromium, asks one question for each picture,
wide (1280 by 800) and narrow (390 by 800), light and dark, and puts wide and narrow side by side.
Fails on an error of the page or a request to another host.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from load import server
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

_PROJECT = Path(__file__).resolve().parent.parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SIZES = ((1280, 800), (390, 800))
HEIGHT, GAP = 600, 18
QUALITIES = (62, 56, 50, 44, 38)
LARGEST_BYTES = 60_000
LONGEST_S = 120


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: what is asked in which language, and the page that is opened beside it."""

    name: str
    question: str = ""
    page: str = ""
    language: str = "en-GB"
    sheet: bool = False


SCENES = (
    Scene("empty"),
    Scene(
        "answer",
        "How long can a Small-scale Partnership last, and what lump sums are there?",
        "a.mark",
        sheet=True,
    ),
    Scene(
        "table",
        "How much is the green travel grant for school staff for 1 500 km?",
        "a.mark",
        sheet=True,
    ),
    Scene("editions", "Compare the green travel rate for 1 500 km in 2023 and 2026"),
    Scene(
        "differs", "How much is the travel support for 1 500 km, green, in 2026?", ".differs .show"
    ),
    Scene("refusal", "Will our application be selected?"),
    Scene("conditions", "We are one NGO from Germany and one from Spain, can we apply for KA220?"),
    Scene("german", "Wie viel Geld kann eine kleinere Partnerschaft bekommen?", "a.mark", "de-DE"),
)


def shot(
    browser: Browser, address: str, scene: Scene, size: tuple[int, int], scheme: str
) -> Image.Image:
    """One view."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        locale=scene.language,
        reduced_motion="reduce",
        device_scale_factor=1.5,
    )
    context.set_default_timeout(LONGEST_S * 1000)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))

    def hear(said: ConsoleMessage) -> None:
        if said.type == "error":
            faults.append(said.text)

    def see(asked: Request) -> None:
        if urlsplit(asked.url).hostname not in (None, "127.0.0.1"):
            faults.append(asked.url)

    page.on("console", hear)
    page.on("request", see)
    page.goto(address)
    page.wait_for_selector("#chat .empty li")
    if scene.question:
        answered(page, scene, wide=width > 1000)
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    context.close()
    if faults:
        raise SystemExit(f"{scene.name}: {faults}")
    return taken


def answered(page: Page, scene: Scene, *, wide: bool) -> None:
    """Asks, and opens what is to be seen beside the answer."""
    page.fill("#question textarea", scene.question)
    page.keyboard.press("Enter")
    page.wait_for_selector("#chat .answer.done")
    page.wait_for_selector("#question .submit-button", state="visible")
    if scene.page and wide:
        page.locator(f"#chat .answer.done {scene.page}").first.click()
        page.wait_for_selector("#page-view img[src]")
    elif scene.sheet:
        page.locator("#chat .answer.done .show").first.click()
        page.wait_for_selector("#page-view img[src]")
    page.locator("#chat .asked").last.scroll_into_view_if_needed()
    page.mouse.move(0, 0)
    page.evaluate("document.fonts.ready")


def beside(views: list[Image.Image]) -> Image.Image:
    """Views of the same height in one picture."""
    small = [
        view.resize((round(view.width * HEIGHT / view.height), HEIGHT), Image.Resampling.LANCZOS)
        for view in views
    ]
    whole = Image.new("RGB", (sum(v.width for v in small) + GAP * (len(small) - 1), HEIGHT), "#888")
    left = 0
    for view in small:
        whole.paste(view, (left, 0))
        left += view.width + GAP
    return whole


def packed(picture: Image.Image) -> bytes:
    """A picture as WebP, as good as its size allows."""
    for quality in QUALITIES:
        file = io.BytesIO()
        picture.save(file, "WEBP", quality=quality, method=6)
        if file.tell() <= LARGEST_BYTES:
            break
    return file.getvalue()


def main() -> None:
    """Makes the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=_PROJECT / "docs" / "images")
    parser.add_argument("--only", nargs="*", default=[scene.name for scene in SCENES])
    asked = parser.parse_args()
    executable = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if executable is None:
        raise SystemExit("No Chromium on the path; see tests/install_chromium.sh")
    root = getattr(os, "getuid", lambda: 1)() == 0
    asked.out.mkdir(parents=True, exist_ok=True)
    with server() as (address, _, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox"] if root else []
        )
        for scene in SCENES:
            if scene.name not in asked.only:
                continue
            for scheme in ("light", "dark"):
                sizes = SIZES[:1] if scene.name == "differs" else SIZES
                views = [shot(browser, address, scene, size, scheme) for size in sizes]
                name = scene.name if scheme == "light" else f"{scene.name}-dark"
                path = asked.out / f"{name}.webp"
                path.write_bytes(packed(beside(views)))
                print(path.name, path.stat().st_size, flush=True)
        browser.close()


if __name__ == "__main__":
    main()
