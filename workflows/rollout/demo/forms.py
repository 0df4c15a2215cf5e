"""What would have been typed into each form of people's mediation. Pure but for `upload`.

One function a form: scene → raw values by field name, as a browser sends them. `how` of the scene
is the variant of the step; after a colon it may carry a number of days or a text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

Raw: TypeAlias = dict[str, Any]

NOTICE, AGREEMENT, RECEIPT, PHOTO = (
    "notice_signed.jpg",
    "agreement_signed.pdf",
    "receipt.jpg",
    "photo.jpg",
)
"""Scans that come with the package's scenarios."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One form to fill in. `on`: day of the act; `before`: how often this form was filled in the
    case before; `upload`: name of a scan → id of the uploaded file."""

    dispute: Mapping[str, Any]
    how: str
    on: date
    before: int
    mediator: str
    recorder: str
    upload: Callable[[str], str]

    @property
    def today(self) -> str:
        return self.on.isoformat()

    @property
    def variant(self) -> str:
        return self.how.partition(":")[0]

    @property
    def detail(self) -> str:
        return self.how.partition(":")[2]

    def party(self, side: str) -> str:
        """Name of the first party of a side."""
        return next(str(p["name"]) for p in self.dispute["parties"] if p["side"] == side)

    def session(self) -> Mapping[str, str]:
        """The record that belongs to this session."""
        sessions: Sequence[Mapping[str, str]] = self.dispute["sessions"]
        return sessions[min(self.before, len(sessions) - 1)]


def fill_form(form: str, scene: Scene) -> Raw:
    """The values of a form by its element's id."""
    return _FORMS[form](scene)


def _register(scene: Scene) -> Raw:
    if scene.variant.startswith("record"):
        return _record(scene)
    return {**_matter(scene), "applied_on": scene.today, "risk": scene.dispute["risk"]}


def _matter(scene: Scene) -> Raw:
    dispute = scene.dispute
    raw = {
        "title": dispute["title"],
        "dispute_kind": dispute["kind"],
        "source": dispute["source"],
        "place": dispute["place"],
        "parties": dispute["parties"],
        "summary": dispute["summary"],
        "claims": _numbered(dispute["claims"]),
    }
    return raw | ({"amount": dispute["amount"]} if "amount" in dispute else {})


def _record(scene: Scene) -> Raw:
    """A mediation entered after it was done on the spot."""
    form, session = scene.variant.removeprefix("record_"), scene.session()
    raw = _matter(scene) | {
        "informed_on": scene.today,
        "session_on": scene.today,
        "session_place": session["place"],
        "mediator": scene.mediator,
        "recorder": scene.recorder,
        "session_summary": session["text"],
        "outcome_form": form,
        "clauses": _clauses(scene),
    }
    if form == "oral":
        return raw | {"agreed_on": scene.today}
    return raw | {
        "signed_on": scene.today,
        "mediator_signed_on": scene.today,
        "signed_scan": scene.upload(AGREEMENT),
    }


def _report_danger(scene: Scene) -> Raw:
    return {
        "danger_kinds": ["fight"],
        "danger_facts": scene.dispute["summary"],
        "danger_on": scene.today,
        "danger_told": ["centre", "village"],
        "danger_way": "phone",
        "danger_measures": "把双方分开，各有一名亲属陪同；村（社区）当天上门稳住情绪。",
    }


def _review(scene: Scene) -> Raw:
    variant = scene.variant
    raw = {
        "civil_dispute": variant != "not_civil",
        "crime_suspected": variant == "crime",
        "already_handled": variant == "handled",
        "materials_complete": variant != "missing",
        "reviewed_on": scene.today,
    }
    if variant == "missing":
        return raw | {"missing_papers": scene.detail}
    notes = {
        "crime": "公安机关正在做伤情鉴定，可能构成犯罪，移送派出所处理。",
        "not_civil": "请求认定工伤，应当由人力资源和社会保障部门处理。",
        "handled": "人民法院已经受理。",
    }
    return raw | ({"review_note": notes[variant]} if variant in notes else {})


def _supplement(scene: Scene) -> Raw:
    return {
        "supplemented_on": scene.today,
        "supplement_note": "补交原件，核对无误。",
        "supplement_scan": [scene.upload(RECEIPT)],
    }


def _ask(scene: Scene) -> Raw:
    notes = {
        "agreed": "本人同意坐下来谈。",
        "refused": scene.dispute.get("ask", "明确表示不同意调解。"),
        "unreachable": "电话没有人接，留了短信。",
    }
    return {
        "asked_on": scene.today,
        "ask_way": "phone" if scene.before == 0 else "visit",
        "asked_whom": scene.party("被申请人"),
        "consent": scene.variant,
        "ask_note": notes[scene.variant]
        if scene.before == 0
        else "上门两次都锁着门，邻居说出门了。",
    }


def _inform(scene: Scene) -> Raw:
    return {
        "informed_on": scene.today,
        "notice_scan": scene.upload(NOTICE),
        "session_public": "closed",
    }


def _assign(scene: Scene) -> Raw:
    raw = {
        "mediator": scene.mediator,
        "mediator_by": "head",
        "mediator_relation": "none",
        "mediator_objection": False,
    }
    if scene.variant != "kin":
        return raw
    note = "调解员与申请人是近亲属，须另行指定。"
    return raw | {"mediator_relation": "kin", "assign_note": note}


def _session(scene: Scene) -> Raw:
    session, result = scene.session(), scene.variant
    raw = {
        "session_no": scene.before + 1,
        "session_on": scene.today,
        "session_place": session["place"],
        "participants": "、".join(str(p["name"]) for p in scene.dispute["parties"]),
        "recorder": scene.recorder,
        "session_summary": session["text"],
    }
    if result == "continue":
        return raw | {"session_result": "continue"}
    if result == "failed":
        return raw | {"session_result": "failed", "failure_reason": scene.dispute["failure"]}
    return raw | {"session_result": "success", "outcome_form": result}


def _draft(scene: Scene) -> Raw:
    clauses = _clauses(scene)
    raw: Raw = {"disputed": "；".join(scene.dispute["claims"]), "clauses": clauses}
    if "override" in scene.dispute:
        raw["override_reason"] = scene.dispute["override"]
    total = sum(Decimal(clause["amount"]) for clause in clauses if "amount" in clause)
    stated = scene.dispute.get("total") or (f"{total:.2f}" if total else None)
    return raw | ({"agreement_total": stated} if stated else {})


def _oral(scene: Scene) -> Raw:
    return {"agreed_on": scene.today, "clauses": _clauses(scene)}


def _sign(scene: Scene) -> Raw:
    """The act of the party whose turn it is; organisations sign by their head and seal."""
    party = scene.dispute["parties"][scene.before]
    organisation = party["kind"] == "organisation"
    return {
        "signing_result": "signed",
        "signed_on": scene.today,
        "signed_by": "representative" if organisation else "self",
        "sign_way": "seal" if organisation else "signature",
    }


def _sign_mediator(scene: Scene) -> Raw:
    return {"mediator_signed_on": scene.today, "signed_scan": scene.upload(AGREEMENT)}


def _seal(scene: Scene) -> Raw:
    return {"signatures_checked": True, "sealed_on": scene.today}


def _deliver(scene: Scene) -> Raw:
    raw = {"delivered_on": scene.today, "delivery_way": scene.variant}
    return raw if scene.variant == "told" else raw | {"delivery_scan": scene.upload(RECEIPT)}


def _confirm(scene: Scene) -> Raw:
    """What became of one clause."""
    raw = {"checked_on": scene.today, "performance": scene.variant}
    if scene.variant == "performed":
        proof = scene.upload(PHOTO if "amount" not in scene.dispute else RECEIPT)
        return raw | {"performed_on": scene.today, "performance_proof": proof}
    return raw | {"performance_note": scene.dispute.get("follow2") or scene.dispute["follow"]}


def _follow_up(scene: Scene) -> Raw:
    late = scene.variant == "unperformed"
    return {
        "follow_up_on": scene.today,
        "follow_up_way": "phone" if late else "visit",
        "follow_up_with": scene.party("申请人"),
        "follow_up_summary": scene.dispute["follow"],
        "satisfaction": "dissatisfied" if late else "satisfied",
        "sued": "no",
        "new_risk": "yes" if late else "no",
    }


def _urge(scene: Scene) -> Raw:
    raw = {
        "urged_on": scene.today,
        "urge_way": "visit",
        "urge_note": scene.dispute["urge2" if scene.before else "urge"],
        "urge_result": scene.variant,
    }
    return raw | ({"next_due_on": _later(scene, scene.detail)} if scene.detail else {})


def _extend(scene: Scene) -> Raw:
    if scene.variant != "agreed":
        return {"extension_agreed": False, "extension_note": "一方不同意再延期，要求起诉。"}
    return {
        "extension_agreed": True,
        "extension_from": scene.today,
        "extension_scan": scene.upload(NOTICE),
        "extension_note": "双方都愿意接着谈，签了延期确认书。",
    }


def _tell(scene: Scene) -> Raw:
    routes = {
        "police": (["police", "lawsuit"], "附带的民事赔偿，今后仍可以协商。"),
        "labour": (["administrative", "arbitration"], "附工伤认定和劳动仲裁办事路线图一份。"),
        "consumer": (["lawsuit", "administrative"], "可以向市场监管部门投诉，也可以起诉。"),
        "court": (["lawsuit"], "可以向有管辖权的人民法院起诉，已说明诉讼时效。"),
    }
    chosen, note = routes[scene.variant]
    return {
        "told_on": scene.today,
        "told_way": "in_person",
        "routes": chosen,
        "told_note": note,
    }


def _close(scene: Scene) -> Raw:
    agreed = ["registration", "rights_notice", "mediation_record", "agreement", "follow_up"]
    items = {
        "written": [*agreed, "performance"],
        "incomplete": agreed,
        "unperformed": [*agreed, "routes_notice"],
        "failed": ["registration", "rights_notice", "mediation_record", "routes_notice"],
        "withdrawn": ["registration", "rights_notice", "mediation_record"],
        "short": ["registration", "routes_notice"],
    }
    return {
        "volume_items": items[scene.variant],
        "retention": "short" if scene.variant in ("short", "withdrawn") else "long",
        "volume_pages": 3 + 2 * len(items[scene.variant]) + len(scene.dispute["parties"]),
        "closed_on": scene.today,
    }


def _clauses(scene: Scene) -> list[Raw]:
    """The clauses with days for what is due so many days after today."""
    found = []
    for clause in scene.dispute["clauses"]:
        raw = {name: value for name, value in clause.items() if name != "due"}
        if "due" in clause:
            raw["due_on"] = _later(scene, clause["due"])
        found.append(raw)
    return found


def _later(scene: Scene, days: str | int) -> str:
    return (scene.on + timedelta(int(days))).isoformat()


def _numbered(claims: Sequence[str]) -> str:
    return "\n".join(f"{number}. {claim}" for number, claim in enumerate(claims, 1))


_FORMS: Mapping[str, Callable[[Scene], Raw]] = {
    "open": _register,
    "report_danger": _report_danger,
    "review_acceptance": _review,
    "supplement": _supplement,
    "ask_consent": _ask,
    "inform_rights": _inform,
    "assign_mediator": _assign,
    "hold_session": _session,
    "draft_agreement": _draft,
    "oral_agreement": _oral,
    "sign_paper": _sign,
    "sign_mediator": _sign_mediator,
    "seal_paper": _seal,
    "deliver": _deliver,
    "confirm_performance": _confirm,
    "follow_up": _follow_up,
    "urge": _urge,
    "extend_consent": _extend,
    "tell_other_routes": _tell,
    "close_case": _close,
}
