"""A newer version of the phone's files: made, fetched, taken."""

from tests.browser.rig import Network

# An update that is asked for while the browser looks for one by itself, as after opening a page, is
# answered by that one, which may have looked before there was anything new.
UPDATE = """async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    for (let left = 50; left > 0; left -= 1) {
        const one = await registration.update().catch(() => null);
        if (!one || one.waiting) return;
        const coming = one.installing;
        if (coming) {
            const told = (done) => coming.addEventListener("statechange", done, { once: true });
            await new Promise((resolve) => told(() => resolve()));
            return;
        }
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
}"""
WAITING = "async () => Boolean((await navigator.serviceWorker.getRegistration()).waiting)"


def next_version(network: Network, step: str = "") -> None:
    """From now on the server has a newer shell, whose databases take one more `step`."""
    version = network.get("/shell.json")["version"].encode()
    more = f"\nPERSON_UPGRADES.push({step});{OPENED}" if step else OPENED

    def newer(path: str, body: bytes) -> bytes:
        return body.replace(version, b"next-version").replace(OPENED.encode(), more.encode())

    network.rewrite = newer


# The line of db.js before which all its lists are complete.
OPENED = "\nconst opened = new Map();"
