"""A newer version of the phone's files: made, fetched, taken."""

from tests.browser.rig import Network

UPDATE = """async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    const coming = await registration.update().then((one) => one.installing, () => null);
    if (!coming) return;
    await new Promise((resolve) => coming.addEventListener("statechange", resolve, { once: true }));
}"""
WAITING = "async () => Boolean((await navigator.serviceWorker.getRegistration()).waiting)"


def next_version(network: Network, step: str = "") -> None:
    """From now on the server has a newer shell, whose databases take one more `step`."""
    version = network.get("/shell.json")["version"].encode()
    more = f"PERSON_UPGRADES.push({step});\n{OPENED}" if step else OPENED

    def newer(path: str, body: bytes) -> bytes:
        return body.replace(version, b"next-version").replace(OPENED.encode(), more.encode())

    network.rewrite = newer


# The line of db.js before which all its lists are complete.
OPENED = "const opened = new Map();"
