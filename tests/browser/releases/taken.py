"""Gives a browser and a server what a release kept (keep.py)."""

import gzip
import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
VERSIONS = sorted(folder.name for folder in HERE.iterdir() if (folder / "phone.json").exists())

FILL = """async (databases) => {
    const coded = (value) => {
        if (Array.isArray(value)) return value.map(coded);
        if (value === null || typeof value !== "object") return value;
        if ("$bytes" in value) {
            const bytes = Uint8Array.from(atob(value.$bytes), (one) => one.charCodeAt(0));
            return value.$type ? new Blob([bytes], { type: value.$type }) : bytes.buffer;
        }
        return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, coded(one)]));
    };
    const fill = ({ name, version, stores }) => new Promise((resolve, reject) => {
        const opening = indexedDB.open(name, version);
        opening.onupgradeneeded = () => {
            for (const { name, keyPath, autoIncrement, indexes, keys, values } of stores) {
                const store = opening.result.createObjectStore(name, { keyPath, autoIncrement });
                for (const one of indexes) store.createIndex(one.name, one.keyPath, one);
                const put = (value, at) => store.put(coded(value), ...(keyPath ? [] : [keys[at]]));
                values.forEach(put);
            }
        };
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
            opening.result.close();
            resolve();
        };
    });
    for (const one of databases) await fill(one);
}"""


class Release:
    """What one release left behind."""

    def __init__(self, version: str) -> None:
        self.folder = HERE / version
        self.databases = json.loads((self.folder / "phone.json").read_text("utf-8"))
        by_name = {one["name"]: one for one in self.databases}
        [self.person] = self.rows(by_name["jinlin"], "people")
        own = by_name[f"jinlin-{self.person['id']}"]
        self.operations = sorted(self.rows(own, "operations"), key=lambda one: one["n"])
        self.queued = [one["id"] for one in self.operations if one.get("waiting")]

        there = [one["name"] for one in own["stores"]]
        kept = self.rows(own, "pictures") if "pictures" in there else []
        self.pictures = [one["sha256"] for one in kept if one.get("waiting")]

    def rows(self, database: Any, store: str) -> Any:
        [found] = [one["values"] for one in database["stores"] if one["name"] == store]
        return found

    def town(self, folder: Path) -> Path:
        """The server's database as that release left it."""
        folder.mkdir(parents=True, exist_ok=True)
        made = folder / "jinlin.db"
        made.write_bytes(gzip.decompress((self.folder / "town.db.gz").read_bytes()))
        return made

    def fill(self, page: Any) -> None:
        """Put the phone's databases into the browser of this page, which has none yet."""
        page.evaluate(FILL, self.databases)
