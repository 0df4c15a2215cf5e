"""How values are spoken: dates, times, durations, money, lists of names.

Everything here is pure but for the language and today's date of the request. Local time is
Asia/Shanghai. Strings of data stay in Chinese on English pages and say so with `lang`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from markupsafe import Markup, escape

from webapp.pages.language import current_language
from workflows.messages import Message, say

SHANGHAI = ZoneInfo("Asia/Shanghai")
HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
NO_WEEKDAY_AFTER_DAYS = 60
"""Further away than this a weekday does not help anybody."""
NAMES_SHOWN = 2
"""From the third party on a list shows the first name and the number."""
EN_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
EN_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
ZH_DAYS = "一二三四五六日"


def local(moment: datetime) -> datetime:
    """An aware instant on the wall clock of Shanghai."""
    return moment.astimezone(SHANGHAI)


def data(text: object) -> Markup:
    """A value people wrote. On a page in another language Chinese text is marked as Chinese;
    what has markup already says so itself."""
    written = escape("" if text is None else text)
    if current_language() == "en" and HAN.search(written) and "<" not in written:
        return Markup('<span lang="zh-Hans">{}</span>').format(written)
    return written


def tongue(text: object) -> Markup:
    """The attribute `lang` for a control that holds Chinese on a page in another language."""
    if current_language() == "en" and has_han(str(text)):
        return Markup(' lang="zh-Hans"')
    return Markup("")


def titled(titles: Mapping[str, str] | None) -> str:
    """The title in the reader's language; the Chinese one where English is missing."""
    if not titles:
        return ""
    key = "en" if current_language() == "en" else "zh"
    return titles.get(key) or titles.get("zh") or next(iter(titles.values()), "")


def spoken(message: Message) -> str:
    """A message in the reader's language."""
    return say(message, current_language())


def day(value: date | datetime, today: date, *, swapped: bool = False) -> str:
    """10月8日（周四）; with the year where it is not this year; 上班 on a swapped working day."""
    on = local(value).date() if isinstance(value, datetime) else value
    near = abs((on - today).days) <= NO_WEEKDAY_AFTER_DAYS
    if current_language() == "en":
        return _day_en(on, with_year=on.year != today.year, weekday=near, swapped=swapped)
    text = f"{on.month}月{on.day}日" if on.year == today.year else full_day_zh(on)
    if not near:
        return text
    extra = "，上班" if swapped else ""
    return f"{text}（周{ZH_DAYS[on.weekday()]}{extra}）"


def short_day(value: date | datetime, today: date) -> str:
    """10月8日, with the year where it is not this year; for places without room."""
    on = local(value).date() if isinstance(value, datetime) else value
    with_year = on.year != today.year
    if current_language() == "en":
        return _day_en(on, with_year=with_year, weekday=False, swapped=False)
    return full_day_zh(on) if with_year else f"{on.month}月{on.day}日"


def full_day_zh(on: date) -> str:
    """2026年10月8日, in any language: what documents write."""
    return f"{on.year}年{on.month}月{on.day}日"


def full_day(value: date | datetime) -> str:
    """2026年10月8日, or 8 October 2026."""
    on = local(value).date() if isinstance(value, datetime) else value
    if current_language() == "en":
        return f"{on.day} {EN_MONTHS[on.month - 1]} {on.year}"
    return full_day_zh(on)


def _day_en(on: date, *, with_year: bool, weekday: bool, swapped: bool) -> str:
    text = f"{on.day} {EN_MONTHS[on.month - 1][:3]}" + (f" {on.year}" if with_year else "")
    if not weekday:
        return text
    return f"{text} ({EN_DAYS[on.weekday()]}{', working day' if swapped else ''})"


def clock_time(moment: datetime) -> str:
    """9:05, in Shanghai."""
    at = local(moment)
    return f"{at.hour}:{at.minute:02d}"


def moment(value: datetime, today: date) -> str:
    """10月8日（周四）9:05."""
    gap = " " if current_language() == "en" else ""
    return f"{day(value, today)}{gap}{clock_time(value)}"


def money(amount: str | Decimal | None) -> str:
    """18,600.00; text that is no number is shown as it is."""
    if amount is None:
        return ""
    try:
        return f"{Decimal(amount):,.2f}"
    except InvalidOperation:
        return str(amount)


def size(count: int) -> str:
    """Of a file: 980 B, 12 KB, 1.2 MB."""
    if count < 1024:
        return f"{count} B"
    if count < 1024 * 1024:
        return f"{count // 1024} KB"
    return f"{count / 1024 / 1024:.1f} MB"


def names(people: Sequence[str]) -> Markup:
    """甲 与 乙; from the third on 李玉梅等 5 人."""
    if not people:
        return Markup("")
    if len(people) <= NAMES_SHOWN:
        return escape(_(" 与 ")).join(data(name) for name in people)
    pattern = escape(_("%(name)s等 %(count)s 人"))
    return pattern % {"name": data(people[0]), "count": len(people)}


def side(name: str) -> Markup:
    """A party's side in the reader's language; another word is shown as it is."""
    known = {"申请人": _("申请人"), "被申请人": _("被申请人"), "第三人": _("第三人")}
    return escape(known[name]) if name in known else data(name)


def initial(name: str) -> str:
    """The character in the round mark beside a name: the family name, or a firm's own word."""
    bare = re.sub(r"^(甘肃|酒泉|肃州|瓜州|敦煌|玉门|金塔|肃北|阿克塞)(省|市|区|县)?", "", name)
    return (bare or name or "?")[0]


def has_han(text: str) -> bool:
    """Whether `text` holds a Chinese character or full-width sign."""
    return HAN.search(text) is not None
