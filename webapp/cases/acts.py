"""The words and inputs of every act that needs a reason, and how each is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from flask_babel import gettext as _

from webapp.pages.clocks import pause_words
from webapp.pages.formats import spoken, titled
from webapp.pages.now import platform
from webapp.security import current_actor
from workflows.cases import case_bonds, case_commands, change_parties, claim_task, clocks
from workflows.cases.queries.cases_list import CasesQuery, list_cases
from workflows.cases.queries.records import CasePage, ClockView, PartyView
from workflows.errors import FieldError, InvalidFormError
from workflows.messages import Message

Doing: TypeAlias = Callable[[Mapping[str, str], str], object]


@dataclass(frozen=True, slots=True)
class Words:
    """What a page says about an act. `refuse`: the answer of the safe button; `is_final`: it
    cannot be taken back; `may_hide`: whoever does it may not see the case afterwards."""

    heading: str
    consequence: str
    act: str
    refuse: str
    done: str
    is_final: bool = False
    may_hide: bool = False


@dataclass(frozen=True, slots=True)
class Input:
    """One input. `missing`: the sentence when it is left empty; `options`: (value, text)."""

    name: str
    label: str
    missing: str = ""
    kind: str = "text"
    hint: str = ""
    optional: bool = False
    options: tuple[tuple[str, str], ...] = ()
    value: str = ""
    error: str = ""


Spec: TypeAlias = tuple[Words, tuple[Input, ...]]


def reason(label: str) -> Input:
    """Why: kept in the record of the case."""
    return Input("reason", label, _("请写明原因"), "longtext", _("会写进办理记录，以后不能改"))


def withdrawing() -> Spec:
    """The parties withdraw."""
    words = Words(
        heading=_("申请人撤回"),
        consequence=_("撤回后，这件案子的办理到此结束，期限不再计时。以后要再调解，需要重新登记。"),
        act=_("记为撤回"),
        refuse=_("先不撤回"),
        done=_("已记为撤回。"),
        is_final=True,
    )
    return words, (reason(_("撤回的原因")),)


def voiding() -> Spec:
    """Registered in error."""
    words = Words(
        heading=_("登记错误，作废"),
        consequence=_("只用于登记错了的案件。作废后不能恢复；编号保留备查，已生成的文书同时作废。"),
        act=_("作废这件案子"),
        refuse=_("先不作废"),
        done=_("已作废。"),
        is_final=True,
    )
    return words, (reason(_("哪里登记错了")),)


def merging() -> Spec:
    """The same matter was registered twice."""
    words = Words(
        heading=_("并入另一件案子"),
        consequence=_("同一件事登记了两次时使用。这件案子就此结束，以后都在另一件里办。"),
        act=_("并案"),
        refuse=_("先不并案"),
        done=_("已并案。"),
        is_final=True,
    )
    into = Input("into", _("并入的案件受理号"), _("请写明并入哪一件"), hint=_("写全受理号"))
    return words, (into, reason(_("为什么是同一件事")))


def sealing() -> Spec:
    """Only those who take part may see it from now on."""
    words = Words(
        heading=_("限制查阅"),
        consequence=_(
            "以后只有参与办理的人看得到这件案子，单位里其他人都看不到。您没有参与办理的，限制后也看不到。"
        ),
        act=_("限制查阅"),
        refuse=_("先不限制"),
        done=_("已限制查阅。"),
        is_final=True,
        may_hide=True,
    )
    return words, (reason(_("为什么要限制")),)


def ending_party(parties: Sequence[PartyView]) -> Spec:
    """Somebody is a party no more and nobody takes the place."""
    words = Words(
        heading=_("当事人去世、退出"),
        consequence=_(
            "以后的文书和送达不再列这个人，经过都留着。有人承继的，请用“增加、更换当事人”。"
        ),
        act=_("记下"),
        refuse=_("先不记"),
        done=_("已记下。"),
    )
    there = tuple((party.id, party.name) for party in parties if not party.ended)
    who = Input("party", _("哪位当事人"), _("请选择当事人"), "select", options=there)
    whys = tuple((why, party_whys()[why]) for why in ("died", "dissolved", "left"))
    why = Input("why", _("因为什么"), _("请选择原因"), "select", options=whys)
    return words, (who, why, reason(_("说明")))


def party_whys() -> Mapping[str, str]:
    """Why somebody is a party no more, in the reader's words."""
    return {why: spoken(Message(f"cases.party_{why}")) for why in change_parties.WHYS}


def referencing() -> Spec:
    """Its number in another system."""
    words = Words(
        heading=_("填写外部系统编号"),
        consequence=_("记下这件事在法院、信访、110、12345 等系统里的编号，方便互相查找。"),
        act=_("记下编号"),
        refuse=_("先不填"),
        done=_("已记下编号。"),
    )
    system = Input("system", _("哪个系统"), _("请写明是哪个系统"), hint=_("例如：法院、信访、110"))
    number = Input("number", _("编号"), _("请写明编号"))
    return words, (system, number)


CASE_ACTS: Mapping[str, Callable[[CasePage], Spec]] = {
    "withdraw": lambda _case: withdrawing(),
    "void": lambda _case: voiding(),
    "merge": lambda _case: merging(),
    "seal": lambda _case: sealing(),
    "add_reference": lambda _case: referencing(),
    "end_party": lambda case: ending_party(case.parties),
}


def case_doing(act: str, case: CasePage) -> Doing:
    """How an act on a case is done."""
    if act == "merge":
        return lambda typed, key: _merge(case, typed, key)
    if act == "end_party":
        return lambda typed, key: change_parties.end_party(
            platform(),
            current_actor(),
            change_parties.EndParty(
                case.id, typed["party"], typed["why"], typed["reason"], idempotency_key=key or None
            ),
        )
    if act == "add_reference":
        return lambda typed, key: case_bonds.add_reference(
            platform(),
            current_actor(),
            case_bonds.AddReference(
                case.id, typed["system"], typed["number"], idempotency_key=key or None
            ),
        )
    use_cases = {
        "withdraw": case_commands.withdraw,
        "void": case_commands.void,
        "seal": case_bonds.seal,
    }
    return lambda typed, key: use_cases[act](
        platform(),
        current_actor(),
        case_commands.CaseCommand(case.id, typed["reason"], idempotency_key=key or None),
    )


def _merge(case: CasePage, typed: Mapping[str, str], key: str) -> None:
    into = _find_case(typed["into"])
    command = case_bonds.MergeCase(case.id, into, typed["reason"], idempotency_key=key or None)
    case_bonds.merge(platform(), current_actor(), command)


def _find_case(number: str) -> str:
    found = list_cases(platform(), current_actor(), CasesQuery(q=number, page_size=10))
    for row in found.rows:
        if row.number == number:
            return row.id
    raise InvalidFormError([FieldError("/into", Message("web.no_such_number"))])


def pausing(clock: ClockView, _parties: Sequence[PartyView]) -> Spec:
    """Time stops."""
    title = titled(clock.title)
    words = Words(
        heading=_("暂停计时：%(title)s", title=title),
        consequence=_("从今天起不计时，恢复时把中间的日子扣除，到期日相应顺延。"),
        act=_("暂停计时"),
        refuse=_("先不暂停"),
        done=_("已暂停计时。"),
    )
    options = tuple((key, pause_words(key)) for key in _pauses(clock))
    why = Input("why", _("暂停的事由"), _("请选择事由"), "select", options=options)
    return words, (why, reason(_("说明")))


def _pauses(clock: ClockView) -> tuple[str, ...]:
    """For what the rule of a clock lets time stop."""
    with platform().database.reading(current_actor()) as session:
        return platform().rules(session).rule(clock.rule).pauses


def resuming(clock: ClockView, _parties: Sequence[PartyView]) -> Spec:
    """Time runs again."""
    words = Words(
        heading=_("恢复计时：%(title)s", title=titled(clock.title)),
        consequence=_("从今天起继续计时，暂停的日子不算在内。"),
        act=_("恢复计时"),
        refuse=_("先不恢复"),
        done=_("已恢复计时。"),
    )
    return words, (reason(_("为什么可以恢复")),)


def extending(clock: ClockView, parties: Sequence[PartyView]) -> Spec:
    """More days, as the rule allows."""
    words = Words(
        heading=_("延长期限：%(title)s", title=titled(clock.title)),
        consequence=_("按规定须各方当事人同意的，请先取得同意。延长后到期日重新计算。"),
        act=_("延长期限"),
        refuse=_("先不延长"),
        done=_("已延长期限。"),
    )
    days = Input("days", _("延长几天"), _("请写明延长几天"), "number")
    everybody = ((("all", _("各方当事人都已同意")), ("", _("没有全部同意"))),)
    consents = Input("consents", _("当事人意见"), "", "select", optional=True, options=everybody[0])
    return words, (days, *((consents,) if parties else ()), reason(_("为什么要延长")))


CLOCK_ACTS: Mapping[str, Callable[[ClockView, Sequence[PartyView]], Spec]] = {
    "pause": pausing,
    "resume": resuming,
    "extend": extending,
}


def clock_doing(act: str, clock: str, parties: Sequence[PartyView]) -> Doing:
    """How an act on a clock is done."""
    use_cases = {"pause": clocks.pause, "resume": clocks.resume, "extend": clocks.extend}

    def do(typed: Mapping[str, str], key: str) -> None:
        agreed = tuple(party.id for party in parties if not party.ended)
        command = clocks.ClockCommand(
            clock=clock,
            reason=typed["reason"],
            why=typed.get("why", ""),
            days=_days(typed.get("days", "0")),
            consents=agreed if typed.get("consents") == "all" else (),
            idempotency_key=key or None,
        )
        use_cases[act](platform(), current_actor(), command)

    return do


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise InvalidFormError([FieldError("/days", Message("web.days_malformed"))])
    return int(text)


def returning() -> Spec:
    """A work item goes back with a reason."""
    words = Words(
        heading=_("退回这件待办"),
        consequence=_("退回后，这件待办回到可认领里，由别人接着办。已写的草稿会留着。"),
        act=_("退回"),
        refuse=_("先不退回"),
        done=_("已退回。"),
    )
    return words, (reason(_("退回的原因")),)


def return_doing(item: str, revision: int) -> Doing:
    """How a work item is given back."""

    def do(typed: Mapping[str, str], key: str) -> None:
        command = claim_task.ItemCommand(
            item, revision, reason=typed["reason"], idempotency_key=key or None
        )
        claim_task.return_task(platform(), current_actor(), command)

    return do
