from __future__ import annotations

import pytest

from voicebot.leads.columns import HEADINGS, LANGUAGES, ROLES, Role, field_name, guess_columns, language_tag, plain


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Phone", "phone"),
        ("PHONE_NUMBER", "phone"),
        ("Mobile / 手机号", "phone"),
        ("联系电话", "phone"),
        ("姓名", "name"),
        ("Full name", "name"),
        ("Time-Zone", "time_zone"),
        ("Province", "region"),
        ("E-mail", "email"),
        ("Consent date", "consent_at"),
        ("Order no.", None),
        ("phonetic", None),
    ],
)
def test_headings_are_known_by_their_words(heading: str, role: Role | None) -> None:
    assert guess_columns([heading])[0].role == role


def test_a_role_is_played_once_and_the_rest_are_fields() -> None:
    columns = guess_columns(["Mobile", "Phone", "Order No.", "备注"])
    assert [(column.role, column.field) for column in columns] == [
        ("phone", "phone"), (None, "phone"), (None, "order_no"), (None, "备注"),
    ]  # fmt: skip


def test_a_choice_outweighs_every_guess() -> None:
    columns = guess_columns(["Phone", "Backup line"], {"phone": "Backup line"})
    assert [column.role for column in columns] == [None, "phone"]


def test_no_heading_stands_for_two_roles() -> None:
    headings = [heading for words in HEADINGS.values() for heading in words]
    assert tuple(HEADINGS) == ROLES
    assert len(headings) == len(set(headings))
    assert all(plain(heading) == heading for heading in headings)
    assert all(plain(word) == word for words in LANGUAGES.values() for word in words)


@pytest.mark.parametrize(
    ("text", "tag"),
    [("EN", "en-US"), ("English", "en-US"), ("普通话", "zh-CN"), ("zh_CN", "zh-CN"), ("de-de", "de-DE"),
     ("Klingon", ""), ("", ""), ("zh-hant-hk", "zh-Hant-HK")],
)  # fmt: skip
def test_words_for_languages(text: str, tag: str) -> None:
    assert language_tag(text) == tag


def test_field_names_can_be_used_in_flows() -> None:
    assert field_name(" Order-No. (old) ") == "order_no_old"
