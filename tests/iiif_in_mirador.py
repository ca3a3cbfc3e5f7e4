"""Open a manifest in Mirador, on another site than its own, and look at what comes of it. By hand:

    npm pack mirador@4.0.0 && tar xf mirador-4.0.0.tgz
    python -m tests.iiif_in_mirador package/dist/mirador.min.js MANIFEST shot.png

Says what it shows, and what the browser complained about; the exit code is 1 when nothing was drawn. Needs chromium.
"""

from __future__ import annotations

import functools
import shutil
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

PAGE = """<!doctype html><meta charset="utf-8"><title>Mirador</title><style>#m{position:absolute;inset:0}</style>
<div id="m"></div><script src="mirador.js"></script><script>
Mirador.viewer({id: "m", windows: [{manifestId: decodeURIComponent(location.hash.slice(1))}],
  window: {sideBarOpen: true, defaultSideBarPanel: "info"}});
</script>"""
DRAWN = "document.querySelector('.openseadragon-canvas canvas, video, audio') !== null"


class Quiet(SimpleHTTPRequestHandler):
    """A web server that says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep it to itself."""


def main() -> int:
    """Open it, and say what is there."""
    script, manifest, picture = sys.argv[1:]
    with TemporaryDirectory() as folder:
        Path(folder, "index.html").write_text(PAGE, encoding="utf-8")
        shutil.copy(script, Path(folder, "mirador.js"))
        handler = functools.partial(Quiet, directory=folder)
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            address = f"http://127.0.0.1:{server.server_port}/index.html#{manifest}"
            try:
                return look(address, picture)
            finally:
                server.shutdown()


def look(address: str, picture: str) -> int:
    """What the browser shows at this address."""
    chromium = shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on(
            "response",
            lambda got: complaints.append(f"{got.status} {got.url}") if got.status >= 400 else None,
        )
        page.goto(address)
        page.wait_for_function(DRAWN, timeout=30_000)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(2000)
        page.screenshot(path=picture)
        print("shows:", " | ".join(page.locator("h1, h2, h3, h4").all_inner_texts()))
        print("pictures:", page.locator("img").count(), "media:", page.locator("video, audio").count())
        print("complaints:", complaints)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
