"""What to say when nothing can be stored: to whoever uses a page, and to whoever runs a command."""

from pathlib import Path

from server.store import trouble

WHAT = {
    "full": "服务器的磁盘满了",
    "readonly": "服务器的数据现在只能读、不能写",
    "locked": "服务器的数据正被另一个程序占用",
    "closed": "服务器打不开自己的数据",
    "failing": "服务器的磁盘出错了",
    "damaged": "服务器的数据文件坏了",
}

ADVICE = {
    "full": "磁盘满了，{data} 写不下。请腾出空间（df -h 看还剩多少），再运行一次。已经存下的都在。",
    "readonly": (
        "{data} 只能读、不能写。请看磁盘是不是以只读方式挂载、文件是不是属于现在这个用户（ls -l），"
        "改好再运行一次。"
    ),
    "locked": "{data} 正被另一个程序占用，例如正在导入或备份。请等它结束，再运行一次。",
    "closed": (
        "打不开 {data} 里的文件。请看目录和文件是不是属于现在这个用户（ls -l）、磁盘是不是只读、"
        "还有没有空间（df -h），改好再运行一次。"
    ),
    "failing": (
        "读写 {data} 时磁盘出错。请先看空间（df -h），再看系统日志里磁盘的报错（dmesg），"
        "处理好再运行一次。"
    ),
    "damaged": (
        "{data} 里的数据库坏了，读不出来。请先把整个目录另存一份，不要删除，"
        "再用 jinlin restore 恢复最近的备份。"
    ),
}


def sentence(cause: str, *, is_reading: bool) -> str:
    """For a person in front of a page that could not be drawn, or a form that was not kept."""
    became = "这一页暂时打不开" if is_reading else "这次没有保存"
    who = "请过一会儿再试" if cause == "locked" else "请告诉社区管理员，过一会儿再试"
    return f"{WHAT[cause]}，{became}。{who}。"


def advice(problem: OSError | Exception, data: Path) -> str:
    """For whoever typed a command: what is wrong and what to do; "" when it is no such trouble."""
    cause = trouble.cause(problem)
    if not cause:
        return ""
    named = getattr(problem, "filename", None)
    return ADVICE[cause].format(data=Path(named if isinstance(named, str) else data).absolute())
