"""In which time zones a number may ring: all of them, when the number alone does not tell.

Rule: a person's own time zone outweighs their state, and the state outweighs the number. Only a fixed line is taken to
be where its area code says; a mobile, or a number that may be one, can be anywhere in its country.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import available_timezones

import phonenumbers
from phonenumbers.timezone import time_zones_for_geographical_number

from voicebot.leads.numbers import PhoneNumber
from voicebot.leads.regions import REGIONS, find_region

Zones = tuple[str, ...]

ONE_ZONE: dict[str, Zones] = {"CN": ("Asia/Shanghai",)}
"""Countries whose law knows one time although the time zone database has more zones for them."""

LONGEST_PREFIX = 9
"""Digits of E.164 that libphonenumber's table of time zones looks at, at the most (its TIMEZONE_LONGEST_PREFIX)."""


def zones_of(number: PhoneNumber, *, time_zone: str = "", region: str = "") -> Zones:
    """The IANA zones in which a number may ring, sorted; empty when nothing is known, which forbids dialing.

    `time_zone` and `region` are what the person or the list says; a region that is not known is as good as none.
    """
    if time_zone:
        return (time_zone,) if is_zone(time_zone) else ()
    if found := find_region(number.country, region) if region else None:
        return tuple(sorted(found.zones))
    if number.kind == "fixed":
        return _zones_of_prefix(number.e164[: LONGEST_PREFIX + 1], number.country) or country_zones(number.country)
    return country_zones(number.country)


@lru_cache(maxsize=1024)
def is_zone(name: str) -> bool:
    """Whether this is the name of a place's time zone, such as `Europe/London`."""
    return "/" in name and not name.startswith("Etc/") and name in _all_zones()


@cache
def country_zones(country: str) -> Zones:
    """All zones of a country, sorted; empty for a country that is not known."""
    listed = {zone for region in REGIONS if region.country == country for zone in region.zones}
    return ONE_ZONE.get(country) or tuple(sorted(listed)) or _table_of_zones().get(country, ())


@lru_cache(maxsize=65536)
def _zones_of_prefix(prefix: str, country: str) -> Zones:
    """The zones of an area code that lie in the country; the table knows no other digits than the prefix."""
    zones = time_zones_for_geographical_number(phonenumbers.parse(prefix))
    return tuple(sorted(set(zones) & set(_table_of_zones().get(country, ())) - {"Etc/Unknown"}))


@cache
def _all_zones() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _table_of_zones() -> dict[str, Zones]:
    """ISO 3166 code -> zones, from the time zone database's own table."""
    table: dict[str, list[str]] = {}
    for line in files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            table.setdefault(country, []).append(zone)
    return {country: tuple(sorted(zones)) for country, zones in table.items()}
