"""Photos at the door: kept when chosen, sent over a bad line, counted until they are there."""

import sqlite3

import pytest

from tests import pictures
from tests.browser.cutting import CuttingLine
from tests.browser.lent import at_desk, enter
from tests.browser.rig import Network
from tests.browser.walking import choose, pill, until, until_pill
from tests.server.town import PASSWORD

ENOUGH = 400 * 1024
SIGN = """async ([form, seed]) => {
    const canvas = new OffscreenCanvas(900, 500);
    const pen = canvas.getContext("2d");
    for (let x = 0; x < 900; x += 3) {
        pen.fillStyle = `hsl(${(x * seed) % 360} 90% 50%)`;
        pen.fillRect(x, (x * seed * 7) % 400, 40, 40);
    }
    const body = await canvas.convertToBlob({ type: "image/jpeg", quality: 1 });
    const path = `/media/kept?form=${form}&purpose=signature&width=900&height=500`;
    const headers = { "Content-Type": body.type };
    return (await fetch(path, { method: "POST", headers, body })).status;
}"""
DRAWN = """([where, count]) => {
    const drawn = [...document.querySelectorAll(where)].filter((one) => one.naturalWidth);
    return drawn.length === count;
}"""
GO_ON = "() => navigator.serviceWorker.controller.postMessage({ type: 'sync', why: 'online' })"


def photo(width=1600, height=1200, seed=1):
    data = pictures.jpeg(width, height, seed, camera=True)
    return {"name": f"{seed}.jpg", "mimeType": "image/jpeg", "buffer": data}


def open_form(page, origin, door):
    page.goto(f"{origin}/households/{door}/visit")
    page.click("summary:has-text('要拍照片')")


def take(page, *photos):
    """Choose photos and wait until the form shows that they are kept."""
    before = page.locator("#photos li").count()
    page.set_input_files("input[data-photos]", list(photos))
    page.wait_for_function(
        "n => document.querySelectorAll('#photos li').length === n", arg=before + len(photos)
    )


def names_in(page):
    found = page.locator("#photos input[name=media]")
    return [found.nth(at).input_value() for at in range(found.count())]


def save(page):
    choose(page, "result", "met")
    page.click("#visit form button.button--main")
    page.wait_for_selector("section.saved li[id^=visit-]")


def brought(server):
    """name: size of every picture the server has, as its table says."""
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        found = dict(db.execute("select sha256, size from media").fetchall())
    db.close()
    return found


def text_came_first(server):
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        (text,) = db.execute(
            "select received_at from operation where kind = 'visit.record'"
        ).fetchone()
        (first,) = db.execute("select min(arrived_at) from media").fetchone()
    db.close()
    return text <= first


def files(server):
    return {one.name: one.read_bytes() for one in (server.folder / "media").glob("??/*")}


def size_of(data):
    return pictures.opened(data).size


@pytest.fixture
def line(server):
    made = CuttingLine(server.port, most=2)
    yield made
    made.stop()


def test_f15_photos_and_signatures_arrive_over_a_line_cut_every_64_kb(context, server, line, door):
    page = enter(context, line.origin, "worker1")
    open_form(page, line.origin, door)
    take(page, photo(4000, 3000, 1), photo(seed=2), photo(seed=3))
    for seed in (3, 5):
        assert page.evaluate(SIGN, [f"visit-{door}", seed]) == 200
    page.reload()
    assert page.locator("#photos li").count() == 5
    save(page)

    # Two of five are there: the text is long there, and both sides say so.
    page.goto(f"{line.origin}/outbox")
    for _ in range(300):
        if "照片已到 2/5" in page.inner_text("main"):
            break
        page.evaluate(GO_ON)
        page.wait_for_timeout(100)
    assert "照片已到 2/5" in page.inner_text("#photos-left")
    assert page.locator("[id^=queued-]").count() == 0
    assert len(brought(server)) == 2
    assert text_came_first(server)
    assert "已同步" not in pill(page)
    page.goto(f"{line.origin}/households/{door}")
    until(page, "async () => (await (await fetch(location)).text()).includes('照片已到 2/5')")
    office = at_desk(context.browser, server.origin, "/office/visits")
    assert "照片已到 2/5" in office.inner_text("#visits")

    line.open()
    page.evaluate(GO_ON)
    until_pill(page, "已同步")

    stored = files(server)
    assert len(stored) == 5 and line.cuts >= 5
    for name, data in stored.items():
        assert pictures.name_of(data) == name
        assert len(data) <= ENOUGH
        assert max(size_of(data)) <= 1600
        assert b"Exif" not in data and b"Maker" not in data
    # The three photos stand upright, as the camera was held; the signatures lie.
    assert sum(size[0] < size[1] for size in map(size_of, stored.values())) == 3
    until(page, "async () => !(await (await fetch(location)).text()).includes('照片已到')")
    page.goto(f"{line.origin}/outbox")
    assert page.locator("#photos-left").count() == 0
    office.goto(office.url)
    assert "照片 5 张" in office.inner_text("#visits")
    office.click("#visits a[href^='/office/visits/']")
    office.wait_for_function(DRAWN, arg=[".photo img", 5])
    office.context.close()


def test_f15_a_page_that_the_camera_pushed_out_loses_nothing(walker, network, server, door):
    page = walker.start()
    open_form(page, network.origin, door)
    page.fill("textarea[name=note]", "楼道灯坏了")
    take(page, photo(), photo(seed=2))
    page.wait_for_timeout(400)  # the draft of the text is written after a pause in typing
    walker.kill()
    server.stop()

    page = walker.start()
    page.goto(f"{network.origin}/households/{door}/visit")

    page.wait_for_function(
        "() => document.querySelector('textarea[name=note]').value === '楼道灯坏了'"
    )
    page.wait_for_function(DRAWN, arg=["#photos img", 2])
    save(page)
    assert "照片已到 0/2" in page.inner_text("section.saved")
    walker.kill()

    page = walker.start()
    server.start()
    page.goto(f"{network.origin}/today")
    until_pill(page, "已同步")
    assert len(files(server)) == 2


def test_the_pill_counts_what_is_still_on_the_phone(page, network: Network, door):
    open_form(page, network.origin, door)
    take(page, photo(800, 600))
    network.fails["*"] = "down"
    save(page)
    page.goto(f"{network.origin}/today")
    assert pill(page) == "离线 · 2 条"

    network.fails["*"] = lambda body: "down" if body[:2] == b"\xff\xd8" else ""
    page.evaluate(GO_ON)
    until_pill(page, "1 条待同步")

    network.fails.clear()
    page.evaluate(GO_ON)
    until_pill(page, "已同步")


def test_a_photo_that_the_server_refuses_stops_no_other(page, network: Network, door):
    open_form(page, network.origin, door)
    take(page, photo(800, 600), photo(640, 480, 2))
    names = names_in(page)
    network.fails[f"/media/{names[0]}"] = 500
    save(page)

    page.goto(f"{network.origin}/outbox")
    until(page, "async () => (await (await fetch('/outbox')).text()).includes('照片已到 1/2')")
    page.reload()

    assert "服务器出错" in page.inner_text("#photos-left")
    assert list(brought(network.server)) == [names[1]]


def test_f19_a_restored_server_is_given_again_what_it_lost(page, network, server, door):
    open_form(page, network.origin, door)
    take(page, photo(800, 600))
    save(page)
    until_pill(page, "已同步")
    (name,) = files(server)
    server.stop()
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        db.execute("update setting set value = 'after the restore' where name = 'epoch'")
        db.execute("delete from media")
    db.close()
    (server.folder / "media" / name[:2] / name).unlink()

    server.start()
    page.goto(f"{network.origin}/today")
    for _ in range(200):
        if brought(server):
            break
        page.evaluate(GO_ON)
        page.wait_for_timeout(100)

    assert list(files(server)) == list(brought(server)) == [name]


def test_a_photo_taken_out_of_a_form_is_not_sent(page, network, server, door):
    open_form(page, network.origin, door)
    take(page, photo(800, 600), photo(640, 480, 2))
    page.click("#photos li:first-child button")
    page.wait_for_function("() => document.querySelectorAll('#photos li').length === 1")
    (name,) = names_in(page)
    save(page)
    until_pill(page, "已同步")

    assert set(files(server)) == {name}


def test_a_form_takes_five_photos_and_says_so(page, network, door):
    open_form(page, network.origin, door)
    take(page, *[photo(400, 300, seed) for seed in range(5)])

    assert page.locator("input[data-photos]").count() == 0


def test_more_photos_than_a_form_takes_are_not_left_out_in_silence(page, network, door):
    open_form(page, network.origin, door)
    page.set_input_files("input[data-photos]", [photo(400, 300, seed) for seed in range(7)])

    page.wait_for_selector("#photos .wrong:not([hidden])")
    assert "最多 5 张" in page.inner_text("#photos .wrong:not([hidden])")
    assert page.locator("#photos li").count() == 5


def test_what_is_no_photo_is_said_at_once(page, network, door):
    open_form(page, network.origin, door)
    page.set_input_files(
        "input[data-photos]",
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture at all"},
    )

    page.wait_for_selector("#photos .wrong:not([hidden])")
    assert "打不开" in page.inner_text("#photos .wrong:not([hidden])")


def test_without_a_worker_photos_go_with_the_form(browser, server, door):
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.goto(f"{server.origin}/signin")
    page.fill("#username", "worker1")
    page.fill("#password", PASSWORD)
    page.click("form button.button--main")
    page.wait_for_url("**/today")
    open_form(page, server.origin, door)
    choose(page, "result", "met")
    page.set_input_files("input[data-photos]", [photo(80, 60, seed) for seed in range(6)])
    page.click("#visit form button.button--main")
    page.wait_for_selector("#notice #refusal")
    assert "最多 5 张" in page.inner_text("#notice")
    assert files(server) == {}

    page.set_input_files("input[data-photos]", [photo(4000, 3000)])
    page.wait_for_selector("label:has([data-photos]) >> text=选了 1 张，点这里重选")
    save(page)

    (data,) = files(server).values()
    assert len(data) <= ENOUGH and b"Exif" not in data
    assert page.locator("section.saved a[href^='/media/']").count() == 1
    context.close()


def test_the_pictures_of_a_refused_visit_go_with_the_one_that_replaces_it(blank):
    found = blank.evaluate(
        """async () => {
            const album = await import("/phone/album.js");
            const outbox = await import("/phone/outbox.js");
            const { addPictures } = await import("/phone/photos.js");
            const form = "visit-h";
            const fill = async (byte, replaces) => {
                const bytes = new Uint8Array([byte]).buffer;
                await album.keep("p", form, { bytes, type: "image/jpeg" });
                const names = (await album.ofForm("p", form)).map(({ sha256 }) => sha256);
                const taken = { kind: "visit.record", data: { household_id: "h" }, form, replaces };
                await addPictures("p", taken, { media: names }, []);
                return outbox.record("p", taken);
            };
            const refused = await fill(1);
            const again = await fill(2, refused.id);
            const media = ({ text }) => JSON.parse(text).data.media.length;
            const rows = await album.waiting("p");
            return {
                media: [media(refused), media(again)],
                moved: rows.filter((row) => row.visit_id === again.id).length,
                left: (await album.ofForm("p", form)).length,
            };
        }"""
    )

    assert found == {"media": [1, 2], "moved": 2, "left": 0}
