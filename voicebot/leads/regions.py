"""States and provinces with their time zones, for the countries where a number alone does not tell the time.

Zones stand for their rules: a county that keeps the same clock under another name is not listed again. Source: the IANA
time zone database (https://www.iana.org/time-zones), by its zones' descriptions; a state that lies in two has both.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple


class Region(NamedTuple):
    """A state or province. `code` is the second half of its ISO 3166-2 code."""

    country: str
    code: str
    name: str
    zones: tuple[str, ...]


EASTERN, CENTRAL, MOUNTAIN, PACIFIC = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
ARIZONA, ALASKA, ALEUTIAN, HAWAII = "America/Phoenix", "America/Anchorage", "America/Adak", "Pacific/Honolulu"
SASKATCHEWAN, ATLANTIC, NEWFOUNDLAND = "America/Regina", "America/Halifax", "America/St_Johns"
YUKON, BLANC_SABLON = "America/Whitehorse", "America/Puerto_Rico"

_US: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("AL", "Alabama", (CENTRAL, EASTERN)),
    ("AK", "Alaska", (ALASKA, ALEUTIAN)),
    ("AZ", "Arizona", (ARIZONA, MOUNTAIN)),
    ("AR", "Arkansas", (CENTRAL,)),
    ("CA", "California", (PACIFIC,)),
    ("CO", "Colorado", (MOUNTAIN,)),
    ("CT", "Connecticut", (EASTERN,)),
    ("DE", "Delaware", (EASTERN,)),
    ("DC", "District of Columbia", (EASTERN,)),
    ("FL", "Florida", (EASTERN, CENTRAL)),
    ("GA", "Georgia", (EASTERN,)),
    ("HI", "Hawaii", (HAWAII,)),
    ("ID", "Idaho", (MOUNTAIN, PACIFIC)),
    ("IL", "Illinois", (CENTRAL,)),
    ("IN", "Indiana", (EASTERN, CENTRAL)),
    ("IA", "Iowa", (CENTRAL,)),
    ("KS", "Kansas", (CENTRAL, MOUNTAIN)),
    ("KY", "Kentucky", (EASTERN, CENTRAL)),
    ("LA", "Louisiana", (CENTRAL,)),
    ("ME", "Maine", (EASTERN,)),
    ("MD", "Maryland", (EASTERN,)),
    ("MA", "Massachusetts", (EASTERN,)),
    ("MI", "Michigan", (EASTERN, CENTRAL)),
    ("MN", "Minnesota", (CENTRAL,)),
    ("MS", "Mississippi", (CENTRAL,)),
    ("MO", "Missouri", (CENTRAL,)),
    ("MT", "Montana", (MOUNTAIN,)),
    ("NE", "Nebraska", (CENTRAL, MOUNTAIN)),
    ("NV", "Nevada", (PACIFIC, MOUNTAIN)),
    ("NH", "New Hampshire", (EASTERN,)),
    ("NJ", "New Jersey", (EASTERN,)),
    ("NM", "New Mexico", (MOUNTAIN,)),
    ("NY", "New York", (EASTERN,)),
    ("NC", "North Carolina", (EASTERN,)),
    ("ND", "North Dakota", (CENTRAL, MOUNTAIN)),
    ("OH", "Ohio", (EASTERN,)),
    ("OK", "Oklahoma", (CENTRAL, MOUNTAIN)),
    ("OR", "Oregon", (PACIFIC, MOUNTAIN)),
    ("PA", "Pennsylvania", (EASTERN,)),
    ("RI", "Rhode Island", (EASTERN,)),
    ("SC", "South Carolina", (EASTERN,)),
    ("SD", "South Dakota", (CENTRAL, MOUNTAIN)),
    ("TN", "Tennessee", (CENTRAL, EASTERN)),
    ("TX", "Texas", (CENTRAL, MOUNTAIN)),
    ("UT", "Utah", (MOUNTAIN,)),
    ("VT", "Vermont", (EASTERN,)),
    ("VA", "Virginia", (EASTERN,)),
    ("WA", "Washington", (PACIFIC,)),
    ("WV", "West Virginia", (EASTERN,)),
    ("WI", "Wisconsin", (CENTRAL,)),
    ("WY", "Wyoming", (MOUNTAIN,)),
)

_CA: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("AB", "Alberta", ("America/Edmonton",)),
    ("BC", "British Columbia", ("America/Vancouver", "America/Edmonton", "America/Fort_Nelson")),
    ("MB", "Manitoba", ("America/Winnipeg",)),
    ("NB", "New Brunswick", (ATLANTIC,)),
    ("NL", "Newfoundland and Labrador", (NEWFOUNDLAND, ATLANTIC)),
    ("NS", "Nova Scotia", (ATLANTIC,)),
    ("NT", "Northwest Territories", ("America/Edmonton",)),
    ("NU", "Nunavut", ("America/Toronto", "America/Winnipeg", "America/Edmonton", "America/Panama")),
    ("ON", "Ontario", ("America/Toronto", "America/Winnipeg", "America/Panama")),
    ("PE", "Prince Edward Island", (ATLANTIC,)),
    ("QC", "Quebec", ("America/Toronto", ATLANTIC, BLANC_SABLON)),
    ("SK", "Saskatchewan", (SASKATCHEWAN, "America/Edmonton")),
    ("YT", "Yukon", (YUKON,)),
)

_AU: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("ACT", "Australian Capital Territory", ("Australia/Sydney",)),
    ("NSW", "New South Wales", ("Australia/Sydney", "Australia/Broken_Hill", "Australia/Lord_Howe")),
    ("NT", "Northern Territory", ("Australia/Darwin",)),
    ("QLD", "Queensland", ("Australia/Brisbane",)),
    ("SA", "South Australia", ("Australia/Adelaide",)),
    ("TAS", "Tasmania", ("Australia/Hobart",)),
    ("VIC", "Victoria", ("Australia/Melbourne",)),
    ("WA", "Western Australia", ("Australia/Perth", "Australia/Eucla")),
)

REGIONS: tuple[Region, ...] = tuple(
    Region(country, *row) for country, rows in (("US", _US), ("CA", _CA), ("AU", _AU)) for row in rows
)
"""Every region known by name."""

_BY_SPELLING = {
    (region.country, spelling): region
    for region in REGIONS
    for spelling in (region.code.casefold(), region.name.casefold())
}


@lru_cache(maxsize=4096)
def find_region(country: str, text: str) -> Region | None:
    """The region of a country that a list means by `TX`, `tx`, `US-TX` or `Texas`; None when it is not known."""
    plain = " ".join(text.replace(".", "").split()).casefold().removeprefix(f"{country.casefold()}-")
    return _BY_SPELLING.get((country, plain))
