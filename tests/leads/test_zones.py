from __future__ import annotations

from zoneinfo import available_timezones

import pytest

from voicebot.leads.numbers import PhoneNumber
from voicebot.leads.regions import REGIONS, find_region
from voicebot.leads.zones import country_zones, is_zone, zones_of

NEW_YORK = PhoneNumber("+12125550100", "either", "US")
SYDNEY = PhoneNumber("+61292201234", "fixed", "AU")


@pytest.mark.parametrize(
    ("number", "said", "expected"),
    [
        (NEW_YORK, {"region": "NY"}, ("America/New_York",)),
        (NEW_YORK, {"region": " texas "}, ("America/Chicago", "America/Denver")),
        (NEW_YORK, {"region": "US-HI"}, ("Pacific/Honolulu",)),
        (NEW_YORK, {"region": "TX", "time_zone": "Europe/Rome"}, ("Europe/Rome",)),
        (NEW_YORK, {"time_zone": "Eastern"}, ()),
        (SYDNEY, {}, ("Australia/Sydney",)),
        (PhoneNumber("+8613812345678", "mobile", "CN"), {"region": "新疆"}, ("Asia/Shanghai",)),
        (PhoneNumber("+442079460123", "fixed", "GB"), {}, ("Europe/London",)),
        (PhoneNumber("+447700900123", "mobile", "GB"), {}, ("Europe/London",)),
        (PhoneNumber("+881631123456", "mobile", "001"), {}, ()),
    ],
)
def test_where_a_number_may_ring(number: PhoneNumber, said: dict[str, str], expected: tuple[str, ...]) -> None:
    assert zones_of(number, **said) == expected


def test_a_number_that_may_be_a_mobile_can_be_anywhere_in_its_country() -> None:
    everywhere = zones_of(NEW_YORK)
    assert {"America/New_York", "America/Los_Angeles", "Pacific/Honolulu", "America/Adak"} <= set(everywhere)
    assert everywhere == country_zones("US") == zones_of(NEW_YORK, region="Atlantis")
    assert zones_of(SYDNEY._replace(kind="mobile")) == country_zones("AU") != zones_of(SYDNEY)


def test_every_zone_and_spelling_of_the_table_is_good() -> None:
    assert {zone for region in REGIONS for zone in region.zones} <= available_timezones()
    for region in REGIONS:
        assert find_region(region.country, region.code) == find_region(region.country, region.name) == region
    assert [sum(region.country == country for region in REGIONS) for country in ("US", "CA", "AU")] == [51, 13, 8]


@pytest.mark.parametrize("name", ["EST", "UTC", "Etc/GMT+5", "GMT+8", "america/new_york", ""])
def test_only_places_are_time_zones(name: str) -> None:
    assert not is_zone(name)
