"""What is answered to whoever reported an issue by telephone, in a chat or through the hotline.

Only what they may know: how far it is, by when, and what was said to them.
"""

_QUOTED = 40
_SENTENCES = {
    "doing": "社区已受理，正在办理{until}。",
    "negotiating": "社区正在请有关各方协商{until}。",
    "calling": "社区已请有关部门到场处理{until}。",
    "done": "已经处理，社区正在核查{until}。",
    "closed": "已办结。",
    "returned": "还需要补充情况，社区会再联系您。",
    "suspended": "暂时不能办理，条件具备后接着办。",
    "duplicate": "与已收到的是同一件事，一并办理。",
    "cancelled": "这件事不再办理。",
}


def answer(state: str, said: str, number: str, until_on: str, words: str, home: str) -> str:
    """`state` is of the public, `said` what was reported, `until_on` "YYYY-MM-DD" or "", `words`
    the last that was said to them, `home` the name of the community."""
    quoted = said.replace("\n", " ")
    quoted = f"{quoted[:_QUOTED]}…" if len(quoted) > _QUOTED else quoted
    until = f"，{int(until_on[5:7])}月{int(until_on[8:10])}日前办结" if until_on else ""
    order = f"（工单 {number}）" if number else ""
    told = f"{words.rstrip('。')}。" if words else ""
    return f"您反映的“{quoted}”{order}，{_SENTENCES[state].format(until=until)}{told}——{home}"
