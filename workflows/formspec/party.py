"""The fields of a party. A form may leave some out, rename them or make them required; what they
mean is the same in every form, because the party list is the case's."""

from __future__ import annotations

from workflows.formspec.fields import Choice, Field, Store, Titles, Widget

SIDES = ("申请人", "被申请人", "第三人")
"""`side` is the word the documents print."""
PERSON, ORGANISATION = "person", "organisation"

ONLY_PERSON = frozenset({"gender", "ethnicity", "birth_date", "id_number", "id_pending"})
ONLY_ORGANISATION = frozenset({"credit_code", "legal_representative"})
ALWAYS = ("id", "kind", "name", "side")
"""Parts of every party, whatever the form says."""
MORE = frozenset(
    {"gender", "ethnicity", "birth_date", "occupation", "agent_name", "agent_power", "agent_phone"}
)
"""Fields a page may fold away: seldom needed to go on."""


def _titles(zh: str, en: str) -> Titles:
    return {"zh": zh, "en": en}


def _choices(*pairs: tuple[str, str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(value, _titles(zh, en)) for value, zh, en in pairs)


def _text(name: str, zh: str, en: str, max_length: int, widget: Widget = Widget.TEXT) -> Field:
    return Field(name, "string", widget, _titles(zh, en), store=Store.PARTY, max_length=max_length)


def _choice(name: str, zh: str, en: str, *choices: tuple[str, str, str]) -> Field:
    return Field(
        name,
        "string",
        Widget.CHOICE,
        _titles(zh, en),
        store=Store.PARTY,
        choices=_choices(*choices),
    )


PARTY_FIELDS: tuple[Field, ...] = (
    _text("id", "编号", "Id", 64),
    _choice(
        "kind",
        "类别",
        "Kind",
        (PERSON, "个人", "Person"),
        (ORGANISATION, "单位", "Organisation"),
    ),
    _text("name", "姓名（名称）", "Name", 120),
    _choice(
        "side",
        "地位",
        "Side",
        ("申请人", "申请人", "Applicant"),
        ("被申请人", "被申请人", "Respondent"),
        ("第三人", "第三人", "Third party"),
    ),
    _text("id_number", "身份证号", "ID number", 18, Widget.ID_NUMBER),
    Field(
        "id_pending",
        "boolean",
        Widget.BOOLEAN,
        _titles("没带证件，之后补核", "No ID at hand, to be checked later"),
        store=Store.PARTY,
    ),
    _text("credit_code", "统一社会信用代码", "Unified social credit code", 18, Widget.CREDIT_CODE),
    _text("legal_representative", "法定代表人（负责人）", "Legal representative", 60),
    _text("phone", "电话", "Phone", 30, Widget.PHONE),
    _text("address", "住址（单位地址）", "Address", 200),
    _choice("gender", "性别", "Gender", ("男", "男", "Male"), ("女", "女", "Female")),
    _text("ethnicity", "民族", "Ethnicity", 30),
    Field(
        "birth_date",
        "date",
        Widget.DATE,
        _titles("出生日期", "Date of birth"),
        store=Store.PARTY,
        latest="today",
    ),
    _text("occupation", "职业或职务", "Occupation", 60),
    _text("agent_name", "代理人", "Agent", 60),
    _choice(
        "agent_power",
        "代理权限",
        "Power of the agent",
        ("一般代理", "一般代理", "General"),
        ("特别授权", "特别授权", "Special"),
        ("法定代理", "法定代理（监护人）", "Guardian"),
    ),
    _text("agent_phone", "代理人电话", "Agent's phone", 30, Widget.PHONE),
)
"""In the order they are asked. Required by default: name, kind, side, and for a person the ID
number unless `id_pending`."""

REQUIRED = frozenset({"kind", "name", "side", "id_number"})


def is_relevant(name: str, kind: object) -> bool:
    """Whether a party of that kind has the field. An unknown kind has both sorts' fields."""
    if kind == PERSON:
        return name not in ONLY_ORGANISATION
    if kind == ORGANISATION:
        return name not in ONLY_PERSON
    return True
