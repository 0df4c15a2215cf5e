"""What happened in a rehearsal, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from webapp.pages.formats import clock_time, data, full_day, local, titled
from workflows.rollout.scenarios.rehearsal import Happened
from workflows.rollout.scenarios.rehearsal_view import Person


def sentence(one: Happened) -> Markup:
    """What was done, by whom."""
    pattern = {
        "start": _("%(who)s登记：%(title)s"),
        "task": _("%(who)s办完：%(title)s"),
        "message": _("收到外面来的消息：%(title)s"),
        "withdraw": _("%(who)s记下当事人撤回"),
        "advance": _("时间过了 %(time)s"),
    }[one.kind]
    words = {"who": data(one.who), "title": data(titled(one.title)), "time": spent(one.by)}
    return escape(pattern) % words


def followed(one: Happened) -> list[Markup]:
    """What followed from it: what ran out, what was made, how it ended."""
    listed = (
        (_("到期：%(titles)s"), one.expired),
        (_("产生文书：%(titles)s"), one.documents),
        (_("办理结束：%(titles)s"), one.ended),
    )
    return [escape(words) % {"titles": _joined(titles)} for words, titles in listed if titles]


def spent(by: timedelta | None) -> Markup:
    """2 天 3 小时 5 分钟."""
    minutes = int(by.total_seconds()) // 60 if by is not None else 0
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [
        ngettext("%(num)s 天", "%(num)s 天", days) if days else "",
        ngettext("%(num)s 小时", "%(num)s 小时", hours) if hours else "",
        ngettext("%(num)s 分钟", "%(num)s 分钟", rest) if rest else "",
    ]
    return Markup(" ").join(escape(part) for part in parts if part)


def limit(due: datetime) -> str:
    """Until when: 2026年12月1日 24:00 rather than midnight of the day after."""
    if local(due).time() == time():
        return f"{full_day(due - timedelta(minutes=1))} 24:00"
    return f"{full_day(due)} {clock_time(due)}"


def person(one: Person) -> str:
    """张三（人民调解员，西峰镇调委会）."""
    role, unit = one.role, one.unit_name
    if not one.name:
        return _("%(role)s（%(unit)s，虚拟人员）", role=role, unit=unit)
    return _("%(name)s（%(role)s，%(unit)s）", name=one.name, role=role, unit=unit)


def _joined(titles: Iterable[Mapping[str, str]]) -> Markup:
    return escape(_("、")).join(data(titled(title)) for title in titles)
