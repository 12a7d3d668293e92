"""What a slow phone loads, and how long until a question can be typed: the readers' page beside plain `gr.ChatInterface`.

python -m benchmarks.page_weight [INDEX]
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, CDPSession

from benchmarks.browser import PHONE, open_browser
from benchmarks.figures import Figure, Target
from benchmarks.processes import OURS, PYTHON, free_port, served

PLAIN = "import gradio as gr, sys; gr.ChatInterface(lambda message, history: message).launch(server_port=int(sys.argv[1]), quiet=True)"
LATENCY_MS = 150
BYTES_PER_SECOND = 1.6e6 / 8
SLOWER_PROCESSOR = 4
LOADS = 5
SETTLED_MS = 2_000
READY = """() => { const box = document.querySelector('textarea'); const form = document.querySelector('#ask');
  return box && box.offsetParent && !box.disabled && (!form || form.onsubmit) && performance.now() }"""


@dataclass(frozen=True, slots=True)
class Load:
    """One first load: seconds until a question can be typed and sent, requests, and bytes as they came over the line."""

    seconds: float
    requests: int
    kilobytes: float


def figures(index: Path) -> tuple[Figure, ...]:
    """Both pages, loaded in turn in one browser. Raises RuntimeError where there is no Chromium."""
    ports = (free_port(), free_port())
    with (
        served([PYTHON, "-c", PLAIN, str(ports[0])], ports[0]),
        served([OURS, "serve", "--index", str(index), "--port", str(ports[1])], ports[1]),
        open_browser() as browser,
    ):
        pairs = [tuple(_load(browser, f"http://127.0.0.1:{port}/") for port in ports) for _ in range(LOADS)]
    plain, ours = ([pair[side] for pair in pairs] for side in (0, 1))
    return (
        Figure("slow phone, until a question can be typed", "s", *_medians(plain, ours, "seconds"), Target(1.0, of_plain=False)),
        Figure("first load", "kB", *_medians(plain, ours, "kilobytes"), Target(20, of_plain=False)),
        Figure("requests of the first load", "", *_medians(plain, ours, "requests"), Target(4, of_plain=False)),
    )


def _medians(plain: Sequence[Load], ours: Sequence[Load], name: str) -> tuple[float, float]:
    return median(getattr(load, name) for load in plain), median(getattr(load, name) for load in ours)


def _load(browser: Browser, address: str) -> Load:
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    line = context.new_cdp_session(page)
    sizes = _slow_phone(line)
    page.goto(address, wait_until="commit")
    milliseconds = page.wait_for_function(READY, timeout=60_000).json_value()
    page.wait_for_timeout(SETTLED_MS)  # Gradio's page keeps a line open, so the network never falls idle
    context.close()
    return Load(milliseconds / 1000, len(sizes), sum(sizes) / 1000)


def _slow_phone(line: CDPSession) -> list[float]:
    """Throttle the page behind `line`; the list fills with the bytes of each finished request."""
    sizes: list[float] = []
    line.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    line.send("Network.enable")
    conditions = {"latency": LATENCY_MS, "downloadThroughput": BYTES_PER_SECOND, "uploadThroughput": BYTES_PER_SECOND / 2}
    line.send("Network.emulateNetworkConditions", {"offline": False, **conditions})
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})
    return sizes


def main(arguments: Sequence[str]) -> int:
    """Print the figures."""
    for figure in figures(Path(arguments[0] if arguments else "index")):
        print(f"{figure.name}: plain {figure.plain:.2f} {figure.unit}, ours {figure.ours:.2f} {figure.unit} (wanted {figure.target})")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
