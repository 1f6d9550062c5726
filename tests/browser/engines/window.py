"""A window of WebKit that keeps what sites store: /usr/bin/python3 window.py FOLDER

MiniBrowser and WebKitWebDriver throw a site's storage away when they end, so this small program
stands in for them. It is run by the system's own Python, which knows GTK, and imports nothing of
ours. It reads a JSON line for each thing to do, {"goto": address} or {"run": script}, and answers
each with {"value": …} or {"error": …}.
"""

import json
import sys
from pathlib import Path

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")

from gi.repository import GLib, Gtk, WebKit2  # noqa: E402


class Window:
    def __init__(self, folder):
        data = WebKit2.WebsiteDataManager(
            base_data_directory=str(folder / "data"), base_cache_directory=str(folder / "cache")
        )
        context = WebKit2.WebContext(website_data_manager=data)
        cookies = context.get_cookie_manager()
        cookies.set_persistent_storage(
            str(folder / "cookies"), WebKit2.CookiePersistentStorage.SQLITE
        )
        self.is_loading = False
        self.view = WebKit2.WebView.new_with_context(context)
        self.view.connect("load-changed", self.load_changed)
        self.view.connect("load-failed", self.load_failed)
        self.view.get_settings().set_enable_write_console_messages_to_stdout(False)
        frame = Gtk.Window(default_width=360, default_height=740)
        frame.add(self.view)
        frame.show_all()

    def obey(self, line):
        asked = json.loads(line)
        if "goto" in asked:
            self.is_loading = True
            self.view.load_uri(asked["goto"])
        else:
            script = asked["run"]
            self.view.call_async_javascript_function(
                script, -1, None, None, None, None, self.has_run
            )

    def load_changed(self, _view, event):
        if event == WebKit2.LoadEvent.FINISHED and self.is_loading:
            self.is_loading = False
            say({"value": self.view.get_uri()})

    def load_failed(self, _view, _event, _address, problem):
        if self.is_loading:
            self.is_loading = False
            say({"error": problem.message})
        return True

    def has_run(self, view, result):
        try:
            value = view.call_async_javascript_function_finish(result)
        except GLib.Error as problem:
            say({"error": problem.message})
            return
        text = value.to_json(0)
        say({"value": None if text is None else json.loads(text)})


def say(answer):
    print(json.dumps(answer), flush=True)


def listen(channel, _condition, window):
    line = channel.readline()
    if not line:
        Gtk.main_quit()
        return False
    window.obey(line)
    return True


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.mkdir(parents=True, exist_ok=True)
    opened = Window(place)
    GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, listen, opened)
    say({"value": f"{WebKit2.get_major_version()}.{WebKit2.get_minor_version()}"})
    Gtk.main()
