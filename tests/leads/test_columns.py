from __future__ import annotations

import pytest

from voicebot.leads.columns import (
    COUNTRY_NAMES,
    HEADINGS,
    LANGUAGES,
    ROLES,
    Role,
    country_code,
    field_name,
    guess_columns,
    language_tag,
    plain,
)


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
        ("Phone 2", "phone"),
        ("手机2", "phone"),
        ("contact.phone", "phone"),
        ("Teléfono móvil", "phone"),
        ("telefono movil", "phone"),
        ("Handynummer", "phone"),
        ("N° de téléphone", "phone"),
        ("Vorname", "first_name"),
        ("Nom", "last_name"),
        ("Apellidos", "last_name"),
        ("Bundesland", "region"),
        ("Idioma", "language"),
        ("Civilité", "title"),
        ("region 2", None),
    ],
)
def test_headings_are_known_by_their_words(heading: str, role: Role | None) -> None:
    assert guess_columns([heading])[0].role == role


def test_a_role_is_played_once_but_for_telephones_and_the_rest_are_fields() -> None:
    columns = guess_columns(["Mobile", "Phone", "Order No.", "备注"])
    assert [(column.role, column.field) for column in columns] == [
        ("phone", "phone"), ("phone", "phone"), (None, "order_no"), (None, "备注"),
    ]  # fmt: skip
    assert [column.role for column in guess_columns(["State", "Province"])] == ["region", None]


def test_a_choice_outweighs_every_guess() -> None:
    columns = guess_columns(["Phone", "Backup line"], {"Backup line": "phone"})
    assert [column.role for column in columns] == [None, "phone"]


def test_no_heading_stands_for_two_roles() -> None:
    headings = [heading for words in HEADINGS.values() for heading in words]
    assert tuple(HEADINGS) == ROLES
    assert len(headings) == len(set(headings))
    assert all(plain(heading) == heading for heading in headings)
    assert all(plain(word) == word for words in (LANGUAGES | COUNTRY_NAMES).values() for word in words)


@pytest.mark.parametrize(
    ("text", "tag"),
    [("EN", "en-US"), ("English", "en-US"), ("普通话", "zh-CN"), ("zh_CN", "zh-CN"), ("de-de", "de-DE"),
     ("Klingon", ""), ("", ""), ("zh-hant-hk", "zh-Hant-HK")],
)  # fmt: skip
def test_words_for_languages(text: str, tag: str) -> None:
    assert language_tag(text) == tag


def test_field_names_can_be_used_in_flows() -> None:
    assert field_name(" Order-No. (old) ") == "order_no_old"


def test_a_weak_heading_means_telephones_only_where_no_other_does() -> None:
    assert [column.role for column in guess_columns(["Number", "Name"])] == ["phone", "name"]
    assert [column.role for column in guess_columns(["Number", "Phone"])] == [None, "phone"]


def test_a_column_can_be_kept_as_a_field() -> None:
    assert guess_columns(["Region"], {"Region": None})[0].field == "region"


@pytest.mark.parametrize(
    ("heading", "kind"),
    [("Due date", "date"), ("Amount due", "money"), ("balance due date", "date"), ("到期日期", "date"),
     ("欠款金额", "money"), ("Fälligkeit", "date"), ("Importe", "money"), ("Update", "text"),
     ("Order no.", "text"), ("Consent date", "text")],
)  # fmt: skip
def test_what_a_field_holds_is_guessed_by_its_heading(heading: str, kind: str) -> None:
    assert guess_columns([heading])[0].kind == kind


@pytest.mark.parametrize(("text", "code"), [("us", "US"), ("Deutschland", "DE"), ("中国", "CN"), ("Freedonia", "")])
def test_words_for_countries(text: str, code: str) -> None:
    assert country_code(text) == code
