"""The modules of the worker as a phone fetches them."""


def test_a_module_of_the_worker_is_sent_once(worker):
    path = "/phone/weather_list.js"

    first = worker.get(path)
    again = worker.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, "//" in first.text, again.status_code) == (200, False, 304)
    assert again.content == b""
    assert worker.get("/phone/nothing.js").status_code == 404
