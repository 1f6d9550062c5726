"""XML from strangers, read so that nothing in it is fetched, expanded or allowed to grow."""

import re

from lxml import etree

MAX_BYTES = 2 * 1024 * 1024

PAGE = "这是一个网页，不是预警消息。请检查地址，或是否需要登录。"
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html[\s>/])",
    re.IGNORECASE | re.DOTALL,
)


class Unreadable(Exception):
    """Why these bytes are no document of ours, in the user's words."""


def opened(content: bytes) -> etree._Element:
    """The root of a document.

    Raises Unreadable for more than `MAX_BYTES`, for what is not well-formed, and for any document
    type: entities are declared there, and no warning needs one.
    """
    if len(content) > MAX_BYTES:
        raise Unreadable(f"文件超过 {MAX_BYTES // (1024 * 1024)} MB，没有读取。")
    if not content.strip():
        raise Unreadable("文件是空的。")
    if _PAGE.match(content[:1000]):
        raise Unreadable(PAGE)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise Unreadable(f"不是完整的 XML：{_place(problem)}") from None
    info = root.getroottree().docinfo
    if info.internalDTD is not None:
        raise Unreadable("文件带有 DOCTYPE 声明，为安全起见不接收。")
    return root


def _place(problem: Exception) -> str:
    line = getattr(problem, "lineno", None)
    return f"第 {line} 行附近有错误或缺了结尾。" if line else "读不下去。"


def name_of(element: etree._Element) -> tuple[str, str]:
    """Namespace and local name of an element."""
    found = etree.QName(element)
    return found.namespace or "", found.localname
