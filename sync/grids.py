"""Grids: 第一网格, 1网格 and 网格01 are grid 1."""

import re
from functools import lru_cache

from sync.numerals import number, plain, unpadded

LONGEST = 40

_WORD = "[〇零一二三四五六七八九十百]+|[0-9]{1,3}"
_NUMBERED = re.compile(f"第?({_WORD})号?(?:综合|片区)?网格|网格({_WORD})号?|第?({_WORD})")
_ONES = "零一二三四五六七八九"


@lru_cache(maxsize=1024)
def grid_id(text: str) -> str:
    """The number of a grid, or its own name where it has none."""
    words = plain(text)[:LONGEST]
    for found in (_NUMBERED.fullmatch(words), _NUMBERED.search(words)):
        if found and (found[1] or found[2] or found.end() - found.start() == len(words)):
            return unpadded(number(found[1] or found[2] or found[3]))
    return words


def grid_name(grid: str) -> str:
    """第一网格 for grid 1; a grid with a name keeps it."""
    if not (grid.isascii() and grid.isdigit() and 0 < int(grid) < 100):
        return grid
    tens, ones = divmod(int(grid), 10)
    ten = f"{_ONES[tens] if tens > 1 else ''}十" if tens else ""
    return f"第{ten}{_ONES[ones] if ones else ''}网格"
