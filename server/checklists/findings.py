"""What a report on a spreadsheet says: a code, a place in the file, a sentence for the office."""

from typing import Any, NamedTuple

from msgspec import Struct

ERROR, UNSUPPORTED, NOTE = "error", "unsupported", "note"

# A file that is wrong everywhere is told so this often, and quoted no longer than this.
MAX_FINDINGS = 300
MAX_QUOTED = 160

ERRORS: dict[str, str] = {
    # the file
    "file.empty": "这个文件是空的，请重新选。",
    "file.too_big": "文件超过 {limit} MB。清单里只放文字，请删去图片再传。",
    "file.too_much": "文件解开后太大，不像是清单。请新建一个工作簿，只把清单的几张表复制过去。",
    "file.old_format": "这是旧版 .xls 或加了密码的文件。请用 Excel 或 WPS 打开，"
    "另存为不加密码的 .xlsx 再传。",
    "file.not_xlsx": "这不是 .xlsx 工作簿。csv 放不下几张表，请用 Excel 或 WPS 另存为 .xlsx 再传。",
    "file.damaged": "这个文件打不开，可能没有传完整。请用 Excel 打开，另存为 .xlsx 再传。",
    # sheets and columns
    "sheet.missing": "没有名叫“{name}”的工作表。",
    "sheet.empty": "这张表里没有内容。",
    "sheet.twice": "有两张表都叫“{name}”，请只留一张。",
    "sheet.too_long": "这张表超过 {limit} 行，后面的没有读。",
    "sheet.too_many": "工作表超过 {limit} 张，后面的没有读。",
    "header.missing": "第 1 行表头里没有“{name}”这一列。",
    "header.twice": "“{name}”这一列出现了两次，请只留一列。",
    "cell.headless": "“{value}”所在的列没有表头，没有读。",
    "cell.formula": "这一格是公式或算错了的值。请复制后“选择性粘贴→数值”，改成文字。",
    "cell.merged": "{range} 是合并的格子。请取消合并，每一行各写各的。",
    "cell.too_long": "这一格超过 {limit} 个字。",
    "cell.is_date": "这一格被表格软件变成了日期，请把格子设成“文本”再写一遍。",
    "cell.not_yes": "这一格只能写 yes 或 no，现在是“{value}”。",
    "cell.not_number": "这一格要写 {least} 到 {most} 的整数，现在是“{value}”。",
    "cell.not_months": "月份要写 1 到 12，用空格隔开，现在是“{value}”。",
    # the survey
    "type.missing": "这一行没有 type，不知道是什么题。",
    "type.unknown": "没有“{value}”这种题型。",
    "name.missing": "这一行没有 name（题号）。",
    "name.misfit": "“{value}”不能作题号：用字母开头，后面是字母、数字、下划线、点或短横，"
    "最多 {limit} 个。",
    "name.twice": "“{value}”在第 {other} 行已经用过，请换一个。",
    "label.missing": "没有写题目（label）。",
    "calculation.missing": "calculate 题没有写算式（calculation）。",
    "group.open": "从这一行开始的组没有结束，少一行 end_group。",
    "group.unopened": "这一行结束了一个没有开始的组，请删去或补上 begin_group。",
    "group.too_deep": "组套组超过 {limit} 层。",
    "survey.too_many": "一张清单最多 {limit} 题，从这一行起没有读。",
    "survey.sections": "一张清单最多 {limit} 节（begin_group），这里又多了一节。",
    "survey.references": "引用别的题（${{…}}）超过 {limit} 处，请简化。",
    "survey.no_question": "清单里没有一道题。",
    # choices
    "list.missing": "choices 表里没有名叫“{value}”的选项。",
    "list.unnamed": "{type} 后面要写 choices 表里的 list_name。",
    "list.fixed": "“{name}”是留给是否题的，只能有 {codes}。",
    "list.too_long": "一组选项最多 {limit} 个。",
    "choice.list_missing": "这一行没有 list_name。",
    "choice.name_missing": "这个选项没有 name（代号）。",
    "choice.name_misfit": "“{value}”不能作选项代号：只用字母、数字、下划线、点和短横，"
    "最多 {limit} 个。",
    "choice.label_missing": "这个选项没有 label（显示的字）。",
    "choice.twice": "选项“{value}”在第 {other} 行已经有了，请换一个代号。",
    # flags and follow-ups
    "flag.unreadable": "“{value}”读不出来。请写成“红: 条件”，级别是 立即、红、黄。",
    "followup.unreadable": "“{value}”读不出来。请写成“事项 48小时 复查7天 | 要做什么”。",
    "followup.count": "flags 有 {flags} 行，followup 有 {followups} 行，要一行对一行。",
    # settings and cards
    "settings.no_code": "settings 表里没有 form_id（清单代号，例如 CK-ELDER）。",
    "settings.code_misfit": "“{value}”不能作清单代号：用英文字母开头，"
    "后面是字母、数字、下划线和短横，最多 {limit} 个。",
    "settings.title_long": "清单名称最多 {limit} 个字。",
    "settings.purpose": "jinlin_purpose 只能写 {words}，现在是“{value}”。",
    "settings.not_day": "日期要写成 2026-12-01 这样，现在是“{value}”。",
    "card.misfit": "卡片要写 id、title 和 steps，这一行缺“{name}”。",
    "card.too_many": "一张清单最多 {limit} 张卡片，从这一行起没有读。",
    "card.twice": "卡片“{value}”在第 {other} 行已经有了。",
    # what the standard's own reader refuses
    "standard.name": "名字不合 XLSForm 的规矩。原话：{said}",
    "standard.reference": "${{…}} 里引用的题找不到，或者写法不对。原话：{said}",
    "standard.header": "表头不合 XLSForm 的规矩。原话：{said}",
    "standard.group": "组没有成对。原话：{said}",
    "standard.refused": "这里不合 XLSForm 的规矩。原话：{said}",
    "standard.broken": "XLSForm 的标准检查读不了这张清单，请对照说明逐行核对。",
    # what our own rules refuse, said by `sync/`
    "rule.empty": "这里不能空着。",
    "rule.too_many": "这里最多 {most} 个，现在有 {found} 个。",
    "rule.too_long": "这里太长，最多 {most} 个字。",
    "rule.duplicate": "“{found}”用了两次，请换一个。",
    "rule.name": "“{found}”不能作代号：只用英文字母、数字、下划线、点和短横，最多 40 个。",
    "rule.unknown": "没有“{found}”这一项。",
    "rule.day": "“{found}”不是日期，要写成 2026-12-01 这样。",
    "rule.number": "这里要写 {least} 到 {most} 的整数，现在是“{found}”。",
    "rule.circle": "这一题的条件绕了一圈又等它自己，这样永远问不到。请改掉其中一个条件。",
    "rule.no_options": "这一题没有选项。",
    "rule.not_chosen": "这种题型不用选项。",
    "rule.expression": "条件写得不对，从“{near}”起。",
    "rule.expression.empty": "条件是空的。",
    "rule.expression.too_long": "条件太长，最多 1000 个字符。",
    "rule.expression.too_deep": "条件里括号套得太深。",
    "rule.expression.unreadable": "条件里有读不懂的字符，从“{near}”起。",
    "rule.expression.unfinished": "条件没有写完，少了括号、引号或后半截。",
    "rule.expression.function": "不认识“{near}”：不是可用的函数；是文字就要加引号。",
    "rule.expression.arguments": "这个函数括号里的个数不对：“{near}”。",
}
UNSUPPORTEDS: dict[str, str] = {
    "sheet.unsupported": "这张表（{name}）不支持，没有读。",
    "column.unsupported": "“{name}”这一列不支持，这一格没有用上。",
    "column.unknown": "不认识“{name}”这一列，没有读。",
    "column.language": "只用中文，“{name}”这一列没有读。",
    "setting.unsupported": "“{name}”这项设置不支持，没有用上。",
    "type.unsupported": "“{value}”这种题型不支持，这一题没有收。",
    "repeat.flattened": "不支持重复的组，里面的题只问一遍。",
    "group.flattened": "不支持组里再套组，里面的题归到“{section}”这一节。",
    "group.unused": "组不用“{name}”这一列，这一格没有用上。",
    "or_other.dropped": "不支持 or_other，请在选项里自己加一个“其他”。",
    "label.reference": "题目里的 ${{…}} 不会换成答案，会照样显示。",
    "calculation.unused": "只有 calculate 题会计算，这一格没有用上。",
}
NOTES: dict[str, str] = {
    "sheet.other": "“{name}”这张表与清单无关，没有读。",
    "sheet.too_wide": "第 {limit} 列以右还有内容，没有读。",
    "sheet.not_further": "第 {limit} 行以后没有读。",
    "sheet.hidden": "这张表在文件里是隐藏的，照样读了。不要的请删去。",
    "row.hidden": "这一行在文件里是隐藏的，照样读了。不要的请删去。",
    "row.skipped": "这一行没有 type、name 和 label，当作说明跳过。",
    "column.plain": "“{name}”和“{other}”都有，只用写明中文的那一列。",
    "section.made": "从这一题起，不在任何组里的题归到“{section}”一节。",
    "section.unnamed": "这一组没有 label，用“{value}”作名称。",
    "group.relevant": "这一组的显示条件已写到组里每一题上。",
    "list.unused": "“{value}”这组选项没有题用到。",
    "list.words": "是否题固定显示“{labels}”，这里写的字没有用上。",
    "settings.rows": "settings 只读第 2 行。",
    "settings.title": "没有 form_title，用代号“{value}”作名称。",
    "settings.version": "版本号发布时由系统给，文件里的“{value}”只作参考。",
    "standard.warned": "XLSForm 的标准检查提醒：{said}",
    "report.cut": "问题太多，只列出前 {limit} 条。改好这些再传一次。",
}
SEVERITY = {
    **dict.fromkeys(ERRORS, ERROR),
    **dict.fromkeys(UNSUPPORTEDS, UNSUPPORTED),
    **dict.fromkeys(NOTES, NOTE),
}
SENTENCES = {**ERRORS, **UNSUPPORTEDS, **NOTES}
assert len(SENTENCES) == len(ERRORS) + len(UNSUPPORTEDS) + len(NOTES), "a code has one severity"


class Place(NamedTuple):
    """Where in the file. `row` counts as Excel does, 0 for the whole sheet or file."""

    sheet: str = ""
    row: int = 0
    column: str = ""


class Finding(Struct, frozen=True, kw_only=True):
    code: str
    severity: str
    sheet: str
    row: int
    column: str
    sentence: str


class Findings:
    """Collects what is found, each thing once, and no more than anybody reads."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, Place, str], Finding] = {}
        self._spoiled: set[Place] = set()
        self._cut = False

    def add(self, code: str, place: Place = Place(), **facts: Any) -> None:  # noqa: B008
        sentence = SENTENCES[code].format(**{name: _short(fact) for name, fact in facts.items()})
        place = Place(place.sheet, place.row, _short(place.column))
        if code.startswith("cell.") and SEVERITY[code] == ERROR:
            self._spoiled.add(place)
        elif place in self._spoiled:
            return  # what follows from a cell that cannot be read is no news
        key = (code, place, sentence)
        # Errors have the last places to themselves: what forbids publishing is never cut away.
        if len(self._found) >= (2 if SEVERITY[code] == ERROR else 1) * MAX_FINDINGS:
            self._cut = True
            return
        self._found[key] = Finding(
            code=code,
            severity=SEVERITY[code],
            sheet=place.sheet,
            row=place.row,
            column=place.column,
            sentence=sentence,
        )

    def has_error(self, sheet: str = "", row: int = 0) -> bool:
        """Whether anything forbids publishing; with a place, whether anything there does."""
        return any(
            found.severity == ERROR
            and (not sheet or found.sheet == sheet)
            and (not row or found.row == row)
            for found in self._found.values()
        )

    def listed(self) -> list[Finding]:
        """Errors first, then by sheet and row."""
        order = {ERROR: 0, UNSUPPORTED: 1, NOTE: 2}
        found = sorted(
            self._found.values(),
            key=lambda one: (order[one.severity], one.sheet, one.row, one.column, one.code),
        )
        if not self._cut and len(found) <= MAX_FINDINGS:
            return found
        cut = Findings()
        cut.add("report.cut", limit=MAX_FINDINGS)
        return [*found[:MAX_FINDINGS], *cut.listed()]


def _short(fact: Any) -> Any:
    if isinstance(fact, str) and len(fact) > MAX_QUOTED:
        return fact[:MAX_QUOTED] + "…"
    return fact
