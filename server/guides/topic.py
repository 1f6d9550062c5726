"""One page of a guide."""

from typing import NamedTuple


class Topic(NamedTuple):
    """What a page is for, when it is needed and how it is done, in three to five steps.

    `page` is the route it shows; `also` are further pages whose words the text quotes.
    """

    name: str
    title: str
    what: str
    when: str
    steps: tuple[str, ...]
    page: str
    also: tuple[str, ...] = ()

    @property
    def picture(self) -> str:
        return f"/static/help/{self.name}.webp"
