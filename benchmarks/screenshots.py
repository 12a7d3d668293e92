"""Pictures of the readers' page for README and docs, from the real bot over an index of the corpus.

python -m benchmarks.screenshots [INDEX] [FOLDER]
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from benchmarks.browser import DESKTOP, PHONE, open_browser
from benchmarks.processes import OURS, free_port, run, served

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
MOST_BYTES = 200_000
QUESTIONS = {
    "answer": "What is CBT-I?",
    "table": "Which signs with twitching need a doctor?",
    "not-found": "Does homeopathy help with withdrawal?",
    "crisis": "I do not want to be here any more",
    "emergency": "my wife is having a seizure right now",
    "urgent": "I ran out of my tablets yesterday",
    "dosing": "How much of my dose should I cut next week?",
}
ON_DESKTOP = ("empty", "answer", "source", "emergency")
COLOURS = 96
SHOTS = (("phone", "light"), ("phone", "dark"), ("desktop", "light"), ("desktop", "dark"))


def main(arguments: Sequence[str]) -> int:
    """Take every picture; exit status 1 when one is heavier than it may be."""
    index = Path(arguments[0]) if arguments else ROOT / "index"
    folder = Path(arguments[1]) if len(arguments) > 1 else FOLDER
    if not arguments:
        run([sys.executable, "-m", "ingest", "--corpus", str(ROOT / "corpus"), "--index", str(index), "--ensure"])
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    with served([OURS, "serve", "--index", str(index), "--port", str(port)], port), open_browser() as browser:
        for device, scheme in SHOTS:
            _take_all(browser, f"http://127.0.0.1:{port}/", folder, device, scheme)
    heavy = [path.name for path in sorted(folder.glob("*.png")) if path.stat().st_size > MOST_BYTES]
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}" + (f"; too heavy: {', '.join(heavy)}" if heavy else ""))
    return 1 if heavy else 0


def _take_all(browser: Browser, address: str, folder: Path, device: str, scheme: str) -> None:
    is_phone = device == "phone"
    context = browser.new_context(
        viewport=PHONE if is_phone else DESKTOP,  # type: ignore[arg-type]
        color_scheme=scheme,  # type: ignore[arg-type]
        locale="en-GB",
        is_mobile=is_phone,
        has_touch=is_phone,
        reduced_motion="reduce",
    )
    page = context.new_page()

    def shoot(state: str) -> None:
        page.wait_for_timeout(150)
        if is_phone or state in ON_DESKTOP:
            _keep(page.screenshot(), folder / f"{state}-{device}-{scheme}.png")

    page.goto(address)
    shoot("empty")
    for state, question in QUESTIONS.items():
        _ask_afresh(page, address, question)
        shoot(state)
        if state == "answer":
            _open_panels(page, shoot)
    context.close()


def _keep(picture: bytes, path: Path) -> None:
    """Flat colours need no more than a palette, at a third of the bytes."""
    Image.open(BytesIO(picture)).convert("RGB").quantize(COLOURS).save(path, optimize=True)


def _ask_afresh(page: Page, address: str, question: str) -> None:
    page.goto(address)
    page.click("#clear")
    page.fill("#question", question)
    page.click("#send")
    page.wait_for_selector(".turn")


def _open_panels(page: Page, shoot: Callable[[str], None]) -> None:
    for state, opener, content in (
        ("source", ".mark", "dialog mark"),
        ("help", ".urgent-link", "dialog .help"),
        ("save", "#save", "dialog .saved"),
    ):
        page.locator(opener).first.click()
        page.wait_for_selector(content)
        shoot(state)
        page.click("#close")
        page.wait_for_timeout(200)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
