"""What is large leaves the server compressed."""


def test_a_first_sync_a_page_and_a_script_come_compressed(worker):
    answers = [
        worker.post("/sync", json={"ops": []}),
        worker.get("/today"),
        worker.get("/static/vendor/htmx.min.js"),
    ]

    assert [one.headers.get("content-encoding") for one in answers] == ["gzip"] * 3
    assert all("Accept-Encoding" in one.headers["vary"] for one in answers)


def test_what_is_small_comes_as_it_is(worker):
    assert "content-encoding" not in worker.get("/up").headers


def test_who_does_not_unpack_gets_it_unpacked(worker):
    answer = worker.post("/sync", json={"ops": []}, headers={"Accept-Encoding": "identity"})

    assert "content-encoding" not in answer.headers
    assert answer.json()["epoch"]
