"""What tests of Open311 share: a key, how to ask and to file, and reading both forms alike."""

import re

from lxml import etree

ROOT = "/open311/v2"
FORMS = ("json", "xml")
KINDS = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}

LAMP = {
    "service_code": "public_facility",
    "address_string": "红棉苑3栋2单元502门口",
    "description": "路灯不亮，找黄秀珍，电话13800138000",
    "first_name": "秀珍",
    "last_name": "黄",
    "phone": "13800138000",
    "email": "huang@example.org",
    "device_id": "tt222111",
}


def make_key(town, name="市12345热线"):
    answer = town["admin"].submit("/office/open311/keys", name=name)
    (key,) = re.findall(r'<code class="key">([\w-]{43})</code>', answer.text)
    return key


def read(answer):
    """The answer as its JSON is, whichever form it has; texts only where it is XML."""
    kind = answer.headers["content-type"]
    if kind == KINDS["json"]:
        return answer.json()
    assert kind == KINDS["xml"]
    assert answer.content.lower().startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    return spark(etree.fromstring(answer.content))


LISTS = {"services", "attributes", "service_requests", "errors", "values", "endpoints", "formats"}


def spark(element):
    """The convention by which the standard makes JSON of XML."""
    if element.tag in LISTS:
        return [spark(one) for one in element]
    if len(element):
        return {one.tag: spark(one) for one in element}
    return element.text


def get(browser, path, form="json", **asked):
    answer = browser.get(f"{ROOT}/{path}.{form}", params=asked)
    assert answer.status_code == 200, answer.text
    return read(answer)


def file(browser, key, form="json", **said):
    return browser.post(f"{ROOT}/requests.{form}", data={**LAMP, "api_key": key, **said})


def filed(browser, key, **said):
    answer = file(browser, key, **said)
    assert answer.status_code == 200, answer.text
    return answer.json()[0]["service_request_id"]


def issue_of(town, issue_id):
    with town.store.read() as tx:
        return tx.row("select * from issue where id = :id", id=issue_id)


def refused(answer, status, words):
    (said,) = read(answer)
    assert answer.status_code == status, answer.text
    assert set(said) == {"code", "description"} and int(said["code"]) == status
    assert words in said["description"]


def ids_of(requests):
    return [one["service_request_id"] for one in requests]
