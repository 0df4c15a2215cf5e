"""The built-in roles."""

from __future__ import annotations

from workflows.organisation.roles import ABILITIES, built_in_roles, role_names
from workflows.organisation.units import AREA_KINDS, area_path, parent_path

DOMAIN_ROLES = (
    "群众 代理人 网格员 网格长 窗口受理员 分流员 调委会主任 人民调解员 记录人 司法所 法院联络员"
    " 特邀调解员 承办法官 民警 检察联络员 信访登记员 信访负责人 责任单位承办人 复查复核人"
    " 心理咨询师 律师 中心主任 政法委员 督查员 流程负责人 档案员 审计员 市级观察员 系统管理员"
    " 安全审核 所长 当事人"
)


def test_every_role_of_the_domain_is_there() -> None:
    assert set(DOMAIN_ROLES.split()) <= role_names()


def test_every_ability_is_held_by_some_role() -> None:
    held = {ability for role in built_in_roles().values() for ability in role.abilities}
    assert held == ABILITIES


def test_citizens_and_posts_of_record_may_do_nothing() -> None:
    for role in built_in_roles().values():
        assert (role.acts == "staff") == bool(role.abilities), role.key


def test_whoever_publishes_does_not_approve() -> None:
    """A version that widens access needs a second person."""
    for role in built_in_roles().values():
        assert not {"publish", "approve"} <= set(role.abilities), role.key


def test_whole_id_numbers_are_for_heads_only() -> None:
    holders = {key for key, role in built_in_roles().items() if "see_id_number" in role.abilities}
    assert holders == {"调委会主任", "所长", "信访负责人"}


def test_administrators_and_auditors_see_no_contents() -> None:
    for key in ("系统管理员", "审计员", "市级观察员", "流程负责人", "安全审核"):
        assert not {"see_full", "claim", "open_case"} & set(built_in_roles()[key].abilities)


def test_place_of_an_office_is_what_it_belongs_to() -> None:
    assert parent_path("/1/11/11-ZZ/") == "/1/11/"
    assert parent_path("/1/") == "/"
    assert area_path("/1/11/11-ZZ/", "综治中心") == "/1/11/"
    assert area_path("/1/11/111/", "镇") == "/1/11/111/"
    assert "人民法院" not in AREA_KINDS
