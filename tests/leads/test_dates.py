from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.leads.dates import MONTHS, ORDERS, AmbiguousError, order_in, orders_in, read_day

US, GB = order_in("US"), order_in("GB")


@pytest.mark.parametrize(
    "text",
    ["2026-03-04", "2026/3/4", "20260304", "2026年3月4日", "4. März 2026", "4 de marzo de 2026", "March 4th, 2026",
     "4-Mar-26", "4 mars 2026", "4th of March 2026", "Mar 4 2026", "04.03.2026 10:00",
     "2026-03-04T10:00:00Z", "04.03.26"],
)  # fmt: skip
def test_days_that_mean_one_thing_everywhere(text: str) -> None:
    assert read_day(text, ORDERS) == "2026-03-04"


def test_the_country_tells_the_order() -> None:
    assert (read_day("3/4/2026", US), read_day("3/4/2026", GB)) == ("2026-03-04", "2026-04-03")
    assert read_day("13/4/2026", US) == read_day("4-13-2026", GB) == "2026-04-13"
    assert read_day("4/4/2026", ORDERS) == "2026-04-04"


@pytest.mark.parametrize("countries", [("US", "GB"), ("CA",), ("CN",)])
def test_where_conventions_disagree_it_is_refused(countries: tuple[str, ...]) -> None:
    with pytest.raises(AmbiguousError, match="may mean 2026-03-04 or 2026-04-03"):
        read_day("3/4/2026", orders_in(countries))


@pytest.mark.parametrize("text", ["", "tomorrow", "31/02/2026", "2026-13-01", "12345", "3 Smarch 2026", "1/2"])
def test_what_is_no_day(text: str) -> None:
    assert read_day(text, US) == ""


def test_a_month_has_one_name() -> None:
    names = [name for month in MONTHS.values() for name in month]
    assert len(names) == len(set(names))


@given(st.dates(date(1970, 1, 1), date(2068, 12, 31)))
def test_every_written_form_leads_back(day: date) -> None:
    forms = {day.isoformat(): ORDERS, f"{day:%d.%m.%Y}": ORDERS, f"{day:%m/%d/%Y}": US, f"{day:%d/%m/%Y}": GB,
             f"{day:%d/%m/%y}": GB, f"{day:%d %B %Y}": ORDERS}  # fmt: skip
    assert {read_day(text, orders) for text, orders in forms.items()} == {day.isoformat()}
