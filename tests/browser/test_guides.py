"""使用说明 tells the truth: its words stand on the pages, its pictures are there."""

import html
import re
from collections.abc import Callable, Iterator
from functools import cache

import httpx
import pytest

from server.guides import GUIDES
from server.guides.topic import Topic
from server.people import COOKIE
from tests.browser.community import Community
from tests.browser.guide import FOLDER, MAX_BYTES, USERS, addresses, topics
from tests.browser.rig import Server

MAX_TOTAL = 720_000
QUOTED = re.compile(r"【(.+?)】|“(.+?)”")
Read = Callable[[str, str], httpx.Response]


@pytest.fixture(scope="module")
def read(community: Community, community_server: Server) -> Iterator[Read]:
    """A page of the community as one of its users gets it from the server, once."""
    with httpx.Client(base_url=community_server.origin, timeout=30) as client:

        @cache
        def get(user: str, address: str) -> httpx.Response:
            path = community.path(address)
            return client.get(path, headers={"Cookie": f"{COOKIE}={community.tokens[user]}"})

        yield get


def test_every_word_that_a_guide_quotes_stands_on_its_page(read):
    wrong = []
    for user, topic in topics():
        pages = [at for route in (topic.page, *topic.also) for at in addresses(user, route)]
        said = "".join(words_of(read(user, at).text) for at in pages)
        wrong += [(user, topic.name, word) for word in quoted(topic) if plain(word) not in said]

    assert not wrong


def test_a_word_that_no_page_says_is_found():
    topic = Topic("one", "", "看“总览”", "", ("点【存】。",), "/office")

    assert quoted(topic) == ["总览", "存"]
    assert plain("确认 导入") not in words_of("<b title='确认导入'>确认</b>")


def test_every_topic_has_its_picture_and_every_picture_its_topic():
    pictures = {one.name: one.read_bytes() for one in FOLDER.iterdir()}

    assert set(pictures) == {f"{topic.name}.webp" for _, topic in topics()}
    assert not [name for name, data in pictures.items() if data[8:12] != b"WEBP"]
    assert max(map(len, pictures.values())) <= MAX_BYTES
    assert sum(map(len, pictures.values())) <= MAX_TOTAL


def test_every_role_has_a_guide_of_short_pages():
    assert set(USERS) < set(GUIDES)
    for guide in GUIDES.values():
        assert len({topic.name for topic in guide}) == len(guide)
        assert all(3 <= len(topic.steps) <= 5 for topic in guide)


def test_everybody_reads_their_own_guide_and_sees_its_pictures(read):
    for user, topic in topics():
        listed = "/office/help" if is_at_desk(user) else "/help"
        assert f'href="{listed}/{topic.name}"' in read(user, listed).text
        shown = read(user, f"{listed}/{topic.name}").text
        assert words_of(topic.steps[-1]) in words_of(shown)
        assert f'src="{topic.picture}"' in shown
        assert read(user, topic.picture).headers["Content-Type"] == "image/webp"


def test_the_guide_is_found_on_the_page_about_oneself_and_at_every_desk(read):
    for user in USERS.values():
        home, link = ("/office/feedback", "/office/help") if is_at_desk(user) else ("/me", "/help")
        assert f'href="{link}"' in read(user, home).text


def test_a_topic_of_another_role_is_not_there(read):
    assert read("leader1", "/help/visit").status_code == httpx.codes.NOT_FOUND
    assert read("street", "/office/help/board").status_code == httpx.codes.NOT_FOUND
    assert read("office1", "/office/help/nothing").status_code == httpx.codes.NOT_FOUND


def is_at_desk(user: str) -> bool:
    return user not in ("worker1", "leader1")


def quoted(topic: Topic) -> list[str]:
    text = " ".join((topic.what, topic.when, *topic.steps))
    return [button or word for button, word in QUOTED.findall(text)]


def words_of(page: str) -> str:
    """What a page says, without the frame's menu, where any page's name would be found."""
    seen = re.sub(r"<(script|style)\b.*?</\1>|<nav class=\"rail\".*?</nav>", "", page, flags=re.S)
    return plain(html.unescape(re.sub(r"<[^>]*>", "", seen)))


def plain(text: str) -> str:
    return re.sub(r"\s", "", text)
