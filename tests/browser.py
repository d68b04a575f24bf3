"""A headless Chromium for the tests, driven over WebDriver by nothing but the standard library."""

import base64
import contextlib
import http.client
import json
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""
DRIVER = shutil.which("chromedriver") or ""
#: Why these tests are skipped where they are.
MISSING = "needs Chromium and its driver (Debian: apt-get install chromium chromium-driver)"
PATIENCE = 60.0
SWITCHES = [
    "--headless",
    "--no-sandbox",  # as root, in a container, there is none to be had
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


class Browser:
    """One browser with one page."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._driver = subprocess.Popen(
            [DRIVER, f"--port={self._port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._session = ""
        try:
            self._session = self._begin()
        except BaseException:
            self.close()
            raise

    def _begin(self):
        switches = [*SWITCHES, f"--user-data-dir={self._folder.name}"]
        wanted = {"goog:chromeOptions": {"binary": CHROMIUM, "args": switches}, "goog:loggingPrefs": {"browser": "ALL"}}
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return self._ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]
            except ConnectionError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def _ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        with contextlib.closing(connection):
            text = None if body is None else json.dumps(body)
            connection.request(method, path, text, {"Content-Type": "application/json"})
            value = json.loads(connection.getresponse().read())["value"]
        if isinstance(value, dict) and "error" in value:
            raise RuntimeError(f"{value['error']}: {value['message']}")
        return value

    def _cdp(self, command, **parameters):
        return self._ask("POST", f"/session/{self._session}/goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, file, width, height=900, *, phone=False):
        """Show a file in a window of so many pixels."""
        self._cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)
        self._ask("POST", f"/session/{self._session}/url", {"url": Path(file).resolve().as_uri()})

    def run(self, script, *arguments):
        """Run the body of a function in the page and return what it returns."""
        return self._ask("POST", f"/session/{self._session}/execute/sync", {"script": script, "args": list(arguments)})

    def wait(self, script):
        """Run the body of an asynchronous function; its last argument takes the result."""
        return self._ask("POST", f"/session/{self._session}/execute/async", {"script": script, "args": []})

    def log(self):
        """Return what the page complained of since it was last asked."""
        return self._ask("POST", f"/session/{self._session}/se/log", {"type": "browser"})

    def screenshot(self):
        """Return the whole page as a PNG."""
        size = self._cdp("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 16000), "scale": 1}
        found = self._cdp("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        return base64.b64decode(found["data"])

    def print(self):
        """Return the page as a PDF, as it would be printed."""
        found = self._cdp("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        return base64.b64decode(found["data"])

    def close(self):
        """End the browser and its driver."""
        with contextlib.suppress(Exception):
            self._ask("DELETE", f"/session/{self._session}")
        self._driver.terminate()
        self._driver.wait(PATIENCE)
        self._folder.cleanup()
