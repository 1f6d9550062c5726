"""使用说明: what each role does on which page, in words. Pictures lie in web/static/help.

【】 stands around a button and “” around words of a page; both must be there word for word, which
tests/browser/test_guides.py holds against the real pages.
"""

from server.guides.desk import DESK
from server.guides.leaders import LEADERS
from server.guides.servers import ADMINS, STREET
from server.guides.topic import Topic
from server.guides.walks import WALKS
from sync.scope import FIELD, OFFICE

GUIDES: dict[str, tuple[Topic, ...]] = {
    **dict.fromkeys(FIELD, WALKS),
    "leader": LEADERS,
    **dict.fromkeys(OFFICE, DESK),
    "street": STREET,
    "admin": ADMINS,
}
