"""A weather service for tests: a local server whose answers can be changed, and are counted."""

import hashlib
import threading
import time
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CAP_TYPE = "application/cap+xml"


class Page:
    """What an address answers with."""

    def __init__(self, content=b"", status=200, **headers):
        self.content = content.encode() if isinstance(content, str) else content
        self.status = status
        self.headers = {name.replace("_", "-"): said for name, said in headers.items()}
        self.has_etag = False
        self.drip_s = 0.0
        self.length = None

    def with_etag(self):
        self.has_etag = True
        return self


class Station:
    def __init__(self, server):
        self.origin = f"http://127.0.0.1:{server.server_port}"
        self.pages = {}
        self.asked = Counter()
        self.told_same = 0
        self.keys = []  # what was said as a key, request by request

    def put(self, path, page):
        self.pages[path] = page if isinstance(page, Page) else Page(page)
        return self.origin + path


def _handler(station):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            station.asked[self.path] += 1
            station.keys.append(self.headers["X-Key"])
            page = station.pages.get(self.path, Page(status=404))
            tag = f'"{hashlib.sha256(page.content).hexdigest()[:16]}"'
            if page.has_etag and self.headers["If-None-Match"] == tag:
                station.told_same += 1
                self.send_response(304)
                self.end_headers()
                return
            self.send_response(page.status)
            for name, said in page.headers.items():
                self.send_header(name, said)
            if page.has_etag:
                self.send_header("ETag", tag)
            self.send_header("Content-Length", str(page.length or len(page.content)))
            self.end_headers()
            self.send_body(page)

        def send_body(self, page):
            try:
                if not page.drip_s:
                    self.wfile.write(page.content)
                for byte in page.content if page.drip_s else b"":
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(page.drip_s)
            except OSError:
                pass  # the reader has gone

        def log_message(self, *_):
            pass

    return Handler


@contextmanager
def running(context=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), None)
    server.daemon_threads = True
    station = Station(server)
    server.RequestHandlerClass = _handler(station)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield station
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def item(url, updated="2026-08-07T09:10:00+08:00", guid="", expires="", more=""):
    said = {"updated": updated, "cap:expires": expires, "guid": guid or url}
    inside = "".join(f"<{name}>{text}</{name}>" for name, text in said.items() if text)
    return f"<item><title>预警</title><link>{url}</link>{inside}{more}</item>"


def rss(*items):
    return (
        '<rss version="2.0" xmlns:cap="urn:oasis:names:tc:emergency:cap:1.2"><channel>'
        f"<title>预警</title>{''.join(items)}</channel></rss>"
    )
