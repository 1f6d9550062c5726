"""Pictures of visits: brought whole or in pieces, counted on the visit, seen by few."""

import hashlib
import json
from datetime import timedelta

import pytest

from server import jobs
from server.media import drop_orphans
from server.store import check
from tests import pictures
from tests.server.spine import visit_data
from tests.server.town import COMMUNITY

JPEG = {"Content-Type": "image/jpeg"}
KIB_64 = 64 * 1024


def bring(browser, data, name="", **headers):
    name = name or pictures.name_of(data)
    return browser.put(f"/media/{name}", content=data, headers={**JPEG, **headers})


def bring_piece(browser, data, start, end):
    said = f"bytes {start}-{end - 1}/{len(data)}"
    name = pictures.name_of(data)
    return bring(browser, data[start:end], name, **{"Content-Range": said})


def visit(town, *photos, by="worker1", door="huang", **changes):
    """Record a visit with these pictures; its id."""
    data = visit_data(town.household(door), media=[pictures.said_of(one) for one in photos])
    return town.submit(by, "visit.record", {**data, **changes}).id


def record_of(town, visit_id):
    """The visit as a phone of this building holds it."""
    changes = town["worker1"].post("/sync", json={"ops": []}).json()["changes"]
    return next(one["record"] for one in changes if (one["kind"], one["id"]) == ("visit", visit_id))


def arrived(town, visit_id):
    return [one["arrived"] for one in record_of(town, visit_id)["media"]]


def test_a_picture_is_brought_seen_and_brought_again_without_harm(town, worker):
    photo = pictures.jpeg()
    visit(town, photo)

    first, again = bring(worker, photo), bring(worker, photo)
    seen = worker.get(f"/media/{pictures.name_of(photo)}")

    assert (first.status_code, again.status_code, seen.status_code) == (200, 200, 200)
    assert first.json() == {
        "sha256": pictures.name_of(photo),
        "received": len(photo),
        "complete": 1,
    }
    assert seen.content == photo
    assert seen.headers["Content-Type"] == "image/jpeg"
    assert seen.headers["Cache-Control"] == "no-store"
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in seen.headers["Content-Security-Policy"]
    unchanged = worker.get(seen.url.path, headers={"If-None-Match": seen.headers["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")


def test_it_lies_in_the_data_folder_under_its_hash(town, worker):
    photo = pictures.webp()

    assert bring(worker, photo, **{"Content-Type": "image/webp"}).status_code == 200

    name = pictures.name_of(photo)
    path = town.store.path.parent / "media" / name[:2] / name
    assert path.read_bytes() == photo
    assert not list((town.store.path.parent / "media" / "incoming").rglob("*.*"))


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        pytest.param({"Content-Type": "image/png"}, 415, "media.type", id="another type"),
        pytest.param({"Content-Type": "text/html"}, 415, "media.type", id="a page"),
        pytest.param({"Content-Type": "image/webp"}, 422, "media.unreadable", id="no webp"),
        pytest.param({"Content-Range": "bytes 5-2/9"}, 400, "media.range", id="no range"),
        pytest.param({"Content-Range": "bytes 9-20/99999"}, 409, "media.gap", id="a gap"),
        pytest.param({"Content-Range": "bytes 0-9/9999999"}, 413, "media.too_large", id="too long"),
    ],
)
def test_what_is_no_such_picture_is_refused(worker, said, status, code):
    answer = bring(worker, pictures.jpeg(), **said)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_another_hash_is_refused_and_nothing_is_kept(town, worker):
    photo = pictures.jpeg()
    visit(town, photo)

    answer = bring(worker, pictures.jpeg(seed=2), pictures.name_of(photo))

    assert (answer.status_code, answer.json()["code"]) == (422, "media.other_hash")
    assert worker.get(f"/media/{pictures.name_of(photo)}").status_code == 404
    assert bring(worker, photo).status_code == 200


def test_more_than_two_megabytes_are_not_read(worker):
    answer = bring(worker, b"\xff" * (2 * 1024 * 1024 + 1))

    assert (answer.status_code, answer.json()["code"]) == (413, "media.too_large")


def test_a_short_body_that_unpacks_to_a_huge_picture_is_refused(worker, monkeypatch):
    monkeypatch.setattr("server.pictures.MOST_PIXELS", 1000)

    assert bring(worker, pictures.jpeg()).status_code == 422


@pytest.mark.parametrize("name", ["0" * 63, "G" * 64, "A" * 64, "..%2F" * 3])
def test_a_name_that_is_no_hash_is_refused(worker, name):
    assert bring(worker, pictures.jpeg(), name).status_code in (404, 422)


def test_what_a_camera_wrote_into_a_picture_is_not_kept(town, worker):
    photo = pictures.jpeg(640, 480, camera=True)
    visit(town, photo)

    assert bring(worker, photo).status_code == 200

    seen = worker.get(f"/media/{pictures.name_of(photo)}").content
    for word in (b"Exif", b"Maker", b"a note", b"http://ns.adobe.com"):
        assert word not in seen
    image = pictures.opened(seen)
    assert not image.getexif()
    assert image.size == (480, 640)  # upright, as the camera meant it


def test_what_a_camera_wrote_into_a_webp_is_not_kept(town, worker):
    photo = pictures.webp(camera=True)
    visit(town, photo)
    bring(worker, photo, **{"Content-Type": "image/webp"})

    seen = worker.get(f"/media/{pictures.name_of(photo)}")

    assert b"Maker" not in seen.content
    assert pictures.opened(seen.content).format == seen.headers["Content-Type"][6:].upper()


def test_what_hangs_behind_the_end_of_a_picture_is_not_kept(town, worker):
    photo = pictures.jpeg() + b"and where it was taken"
    visit(town, photo)
    bring(worker, photo)

    assert b"where it was" not in worker.get(f"/media/{pictures.name_of(photo)}").content


def test_pieces_go_on_where_the_line_was_cut(town, worker):
    photo = pictures.jpeg(1600, 1200)
    seen = visit(town, photo)
    name = pictures.name_of(photo)
    tries = 0
    while True:
        told = worker.get(f"/media/{name}/received").json()
        if told["complete"]:
            break
        tries += 1
        start = told["received"]
        answer = bring_piece(worker, photo, start, min(start + KIB_64, len(photo)))
        assert answer.status_code in (200, 202)
        assert arrived(town, seen) == [int(answer.status_code == 200)]

    assert tries == -(-len(photo) // KIB_64) > 3
    assert hashlib.sha256(worker.get(f"/media/{name}").content).hexdigest() == name


def test_a_piece_twice_and_the_whole_after_pieces_do_no_harm(town, worker):
    photo = pictures.jpeg(800, 600)
    visit(town, photo)
    for _ in range(2):
        assert bring_piece(worker, photo, 0, 1000).json()["received"] == 1000

    assert bring(worker, photo).json()["complete"] == 1
    assert worker.get(f"/media/{pictures.name_of(photo)}").content == photo
    assert bring_piece(worker, photo, 0, 1000).status_code in (200, 202)
    assert worker.get(f"/media/{pictures.name_of(photo)}/received").json()["complete"] == 1


def test_nobody_goes_on_with_what_another_began(town, worker):
    photo = pictures.jpeg()
    bring_piece(worker, photo, 0, 1000)

    told = town["worker2"].get(f"/media/{pictures.name_of(photo)}/received").json()

    assert told["received"] == 0


def test_a_visit_says_how_many_of_its_pictures_have_arrived(town, worker):
    photos = [pictures.jpeg(seed=one) for one in range(3)]
    bring(worker, photos[0])
    made = visit(town, *photos)
    before = record_of(town, made)

    bring(worker, photos[1])

    after = record_of(town, made)
    assert [one["arrived"] for one in before["media"]] == [1, 0, 0]
    assert [one["arrived"] for one in after["media"]] == [1, 1, 0]
    assert after["version"] == before["version"] + 1
    with town.store.read() as tx:
        assert not list(check.faults(tx, town.clock.now))


def test_one_picture_in_two_visits_arrives_in_both(town, worker):
    photo = pictures.jpeg()
    made = [visit(town, photo), visit(town, photo, door="liang")]

    bring(worker, photo)

    assert [arrived(town, one) for one in made] == [[1], [1]]


def test_a_picture_that_arrives_twice_changes_its_visit_once(town, worker):
    photo = pictures.jpeg()
    made = visit(town, photo)
    bring(worker, photo)
    before = record_of(town, made)

    bring(worker, photo)

    assert record_of(town, made) == before


def test_whoever_only_knows_its_hash_gets_nothing_by_naming_it(town, worker):
    photo = pictures.jpeg()
    visit(town, photo)
    bring(worker, photo)
    stranger = town["worker2"]
    visit(town, photo, by="worker2", door="zhong")

    answer = stranger.get(f"/media/{pictures.name_of(photo)}")

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("username", "status"),
    [
        ("worker1", 200),
        ("chief", 200),
        ("social1", 200),
        ("office1", 200),
        ("secretary", 200),
        ("worker2", 403),
        ("leader1", 403),
        ("street", 403),
        ("admin", 403),
    ],
)
def test_only_who_may_see_the_visit_sees_the_picture(town, worker, username, status):
    photo = pictures.jpeg()
    visit(town, photo)
    bring(worker, photo)

    answer = town[username].get(f"/media/{pictures.name_of(photo)}")

    assert answer.status_code == status
    denied = town.audit("denied")
    assert [row["person_id"] for row in denied] == [town.person(username)] * (status == 403)


def test_a_picture_without_a_visit_is_seen_by_nobody(town, worker):
    photo = pictures.jpeg()
    bring(worker, photo)

    assert worker.get(f"/media/{pictures.name_of(photo)}").status_code == 404
    assert town["office1"].get(f"/media/{pictures.name_of(photo)}").status_code == 404


def test_nobody_signed_in_brings_and_sees_nothing(town, nobody):
    photo = pictures.jpeg()

    assert bring(nobody, photo).status_code == 401
    assert nobody.get(f"/media/{pictures.name_of(photo)}").status_code == 401
    assert not (town.store.path.parent / "media").exists()


def test_a_corrected_and_a_withdrawn_visit_keep_their_pictures(town, worker):
    photo = pictures.jpeg()
    made = visit(town, photo)
    town.submit("worker1", "visit.correct", {"id": made, "changes": {"note": "门口的鞋柜"}})
    bring(worker, photo)
    town.submit("worker1", "visit.withdraw", {"id": made})

    assert arrived(town, made) == [1]
    assert worker.get(f"/media/{pictures.name_of(photo)}").status_code == 200


def test_pictures_that_no_visit_speaks_of_go_after_a_month(town, worker):
    spoken_of, orphan = pictures.jpeg(seed=1), pictures.jpeg(seed=2)
    made = visit(town, spoken_of)
    bring(worker, spoken_of)
    bring(worker, orphan)
    assert drop_orphans(town.intake, COMMUNITY) == 0

    town.clock.now += timedelta(days=31)
    jobs.every_night(town.intake)

    assert drop_orphans(town.intake, COMMUNITY) == 0
    files = {one.name for one in (town.store.path.parent / "media").glob("??/*")}
    assert files == {pictures.name_of(spoken_of)}
    assert bring(worker, orphan).status_code == 200
    assert arrived(town, made) == [1]


def test_what_began_to_come_and_never_went_on_goes_after_a_week(town, worker):
    photo = pictures.jpeg()
    bring_piece(worker, photo, 0, 1000)

    town.clock.now += timedelta(days=400)  # parts carry the time of the disk, which is later
    drop_orphans(town.intake, COMMUNITY)

    told = town["worker1"].get(f"/media/{pictures.name_of(photo)}/received").json()
    assert told["received"] == 0


def test_a_phone_that_begins_too_much_is_told_so(town, worker, monkeypatch):
    monkeypatch.setattr("server.field.media.MOST_BEGUN", 2)
    said = [bring_piece(worker, pictures.jpeg(seed=one), 0, 100).status_code for one in range(4)]

    assert said == [202, 202, 429, 429]


def test_a_full_disk_says_so_and_the_rest_comes_later(town, worker, monkeypatch):
    photo = pictures.jpeg()
    made = visit(town, photo)

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("server.blobs.Part.write", full)
        answer = bring(worker, photo)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage.unavailable")
    assert arrived(town, made) == [0]

    assert bring(worker, photo).status_code == 200
    assert arrived(town, made) == [1]


def fill_in(worker, town, *photos, **fields):
    data = {"result": "met", "method": "door", "type": "routine", **fields}
    files = [("photo", (f"{n}.jpg", one, "image/jpeg")) for n, one in enumerate(photos)]
    return worker.post(
        f"/households/{town.household('huang')}/visits",
        data=data,
        files=files,
        headers={"HX-Request": "true"},
    )


def test_without_a_worker_the_form_brings_photos_as_the_camera_made_them(town, worker):
    answer = fill_in(worker, town, pictures.jpeg(4000, 3000, camera=True), pictures.jpeg(seed=2))

    assert answer.status_code == 200
    visits = [one for one in changes_of(town) if one["kind"] == "visit"]
    large, small = visits[0]["record"]["media"]
    assert large["width"] < large["height"] <= 1600  # upright, as the camera meant it
    assert large["arrived"] == 1
    seen = worker.get(f"/media/{large['sha256']}").content
    assert len(seen) == large["size"] <= 400 * 1024
    assert pictures.name_of(seen) == large["sha256"]
    assert not pictures.opened(seen).getexif()
    assert small["purpose"] == "photo"


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("/issues", {"text": "路灯不亮", "category": "public_facility", "place": "3栋门口"}),
        ("/issues/{id}/steps", {"step": "note", "words": "换了灯泡"}),
    ],
)
def test_an_issue_and_its_steps_bring_photos_without_a_worker(town, worker, to, said):
    lamp = {"building_id": town.building("hongmian"), "category": "order", "text": "乱停车"}
    path = to.format(id=town.submit("worker1", "issue.raise", lamp).id)
    files = {
        name: [("photo", ("1.jpg", one, "image/jpeg"))]
        for name, one in (("whole", pictures.jpeg()), ("broken", b"no photo"))
    }

    refused = worker.post(path, data=said, files=files["broken"], headers={"HX-Request": "true"})
    kept = worker.post(path, data=said, files=files["whole"])

    assert refused.status_code == 422 and "不是能打开的照片" in refused.text
    assert kept.status_code == 200
    with town.store.read() as tx:
        shown = [json.loads(media) for (media,) in tx.tuples("select media from issue")]
    assert [one["arrived"] for media in shown for one in media] == [1]


def test_a_form_without_photos_says_nothing_of_them(town, worker):
    empty = {"photo": ("", b"", "application/octet-stream")}
    worker.post(
        f"/households/{town.household('huang')}/visits", data={"result": "not_home"}, files=empty
    )

    visits = [one for one in changes_of(town) if one["kind"] == "visit"]
    assert [one["record"]["media"] for one in visits] == [[]]


@pytest.mark.parametrize(
    ("photos", "said"),
    [([b"no photo"], "打不开"), ([pictures.jpeg(seed=one) for one in range(6)], "最多 5 张")],
)
def test_a_form_with_photos_that_cannot_be_kept_says_so_and_keeps_nothing(
    town, worker, photos, said
):
    answer = fill_in(worker, town, *photos)

    assert answer.status_code == 422
    assert said in answer.text or "不是能打开的照片" in answer.text
    assert not [one for one in changes_of(town) if one["kind"] == "visit"]


def test_the_office_sees_how_many_have_come_and_those_that_have(town, worker, office):
    photos = [pictures.jpeg(seed=one) for one in range(2)]
    made = visit(town, *photos)
    bring(worker, photos[0])

    for path in ("/office/visits", f"/office/visits/{made}", household_path(town)):
        assert "照片已到 1/2" in office.get(path).text, path
    page = office.get(f"/office/visits/{made}").text
    assert f"/media/{pictures.name_of(photos[0])}" in page
    assert f"/media/{pictures.name_of(photos[1])}" not in page
    bring(worker, photos[1])
    assert "照片 2 张" in office.get("/office/visits").text


def household_path(town):
    return f"/office/households/{town.household('huang')}"


def changes_of(town):
    return town["worker1"].post("/sync", json={"ops": []}).json()["changes"]
