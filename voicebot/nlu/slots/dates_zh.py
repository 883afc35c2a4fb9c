"""Dates in Chinese utterances, as a table of what can be said, longest first."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from voicebot.nlu.slots import calendar as cal
from voicebot.nlu.slots import lunar
from voicebot.nlu.slots.heard import Found, Rule, rule, scan
from voicebot.nlu.slots.holidays_zh import HOLIDAYS

_WEEKDAY_NUMBER = {"1": 0, "2": 1, "3": 2, "4": 3, "5": 4, "6": 5, "日": 6, "天": 6, "7": 6}
_DAYS = {"今": 0, "明": 1, "后": 2, "大后": 3, "昨": -1, "前": -2, "大前": -3}
_WEEK = r"(?:周|星期|礼拜)"
_WEEKDAY = rf"{_WEEK}(?P<weekday>(?:[1-6]|(?<=期)7)(?!\d)|[日天])"
_NAMED = rf"(?:,?(?:是|也就是)?{_WEEK}(?P<named>[1-6日天])(?!\d))?"
_COUNT = r"(?P<count>(?<!\d)\d{1,3}|半)"
_DAY = r"(?P<day>\d{1,2})[号日]"
_WHICH_MONTH = r"(?P<which>下下个?|下个?|这个?|本|当|上个?)月(?:份)?"
_YEARS = {"今": 0, "明": 1, "后": 2, "去": -1, "前": -2}


def dates(text: str, today: date) -> list[Found[date]]:
    """Every day that is named, also by its distance from another: 元旦前一天."""
    return [_shifted(each, text) for each in scan(_RULES, text, today)]


_FROM = re.compile(r"的?(?:前(?P<before>\d)天|后第?(?P<after>\d)天|第(?P<nth>[2-9])天)(?![前后])")


def _shifted(found: Found[date], text: str) -> Found[date]:
    said = _FROM.match(text, found.end)
    if said is None:
        return found
    days = int(said["after"] or 0) - int(said["before"] or 0) + int(said["nth"] or 1) - 1
    return Found(found.value + timedelta(days=days), found.start, said.end())


def _steps(which: str) -> int:
    """下 is one on, 上 one back, said as often as it is meant."""
    return which.count("下") - which.count("上")


def _as_named(said: re.Match[str], found: date | None) -> date | None:
    """The date, unless a weekday was named beside it that it does not fall on."""
    named = said["named"]
    return found if not named or (found and _WEEKDAY_NUMBER[named] == found.weekday()) else None


def _dashed(said: re.Match[str], today: date) -> date | None:
    month, number = int(said[2]), int(said[3])
    return cal.day(int(said[1]), month, number) if said[1] else cal.next_month_day(today, month, number)


def _month_day(said: re.Match[str], today: date) -> date | None:
    month, number = int(said["month"]), int(said["day"])
    if said["year"]:
        year = int(said["year"])
        return _as_named(said, cal.day(cal.full_year(year, today) if year < 100 else year, month, number))
    if said["which"]:
        return _as_named(said, cal.day(today.year + _YEARS[said["which"]], month, number))
    return _as_named(said, cal.next_month_day(today, month, number))


def _day_of_that_month(said: re.Match[str], today: date) -> date | None:
    return _as_named(said, cal.day_in_month(today, _steps(said["which"]), int(said["day"])))


def _day_of_month(said: re.Match[str], today: date) -> date | None:
    return _as_named(said, cal.next_day_of_month(today, int(said["day"])))


_LUNAR_MONTHS = {"正": 1, "大年": 1, "冬": 11, "腊": 12}


def _lunar_day(said: re.Match[str], today: date) -> date | None:
    name, figure = said["name"], said["month"]
    month = _LUNAR_MONTHS[name] if name else int(figure) if figure else None
    number = int(said["day"]) + (20 if said["twenty"] else 0)
    return lunar.following(today, month, number)


def _months_and_a_half(said: re.Match[str], today: date) -> date:
    return cal.add_months(today, int(said["count"])) + timedelta(days=15)


def _edge(said: re.Match[str], today: date) -> date:
    """The first, middle (15th) or last day of a month."""
    first = cal.add_months(today.replace(day=1), _steps(said["which"] or ""))
    if said["month"]:
        first = cal.add_months(today.replace(day=1), (int(said["month"]) - today.month) % 12)
    edge = said["edge"]
    return cal.month_end(first) if edge in {"底", "末", "最后1天"} else first.replace(day=15 if "中" in edge else 1)


def _year_edge(said: re.Match[str], today: date) -> date:
    year = today.year + _YEARS[said["which"] or "今"]
    return date(year, 12, 31) if said["edge"] in {"底", "末", "最后1天"} else date(year, 1, 1)


def _weekday(said: re.Match[str], today: date) -> date:
    weekday, which = _WEEKDAY_NUMBER[said["weekday"]], said["which"] or ""
    if not which:
        return cal.next_weekday(today, weekday)
    return cal.weekday_of_week(today, weekday, _steps(which))


def _near(said: re.Match[str], today: date) -> date:
    return today + timedelta(days=_DAYS[said["near"]])


def _later(said: re.Match[str], today: date) -> date:
    return _shift(said, today, 1)


def _ago(said: re.Match[str], today: date) -> date:
    return _shift(said, today, -1)


def _shift(said: re.Match[str], today: date, sign: int) -> date:
    unit, half = said["unit"], said["count"] == "半"
    count = sign * (1 if half else int(said["count"]))
    if unit.endswith("月"):
        return today + timedelta(days=15 * sign) if half else cal.add_months(today, count)
    if unit == "年":
        return cal.add_months(today, (6 if half else 12) * count)
    return today + timedelta(days=count * (1 if unit == "天" else 7))


def _week_on(_said: re.Match[str], today: date) -> date:
    return today + timedelta(weeks=1)


def _nothing(_said: re.Match[str], _today: date) -> date | None:
    return None


def _holiday(in_year: Callable[[int], date | None]) -> Callable[[re.Match[str], date], date | None]:
    def resolve(said: re.Match[str], today: date) -> date | None:
        if said["which"]:
            return in_year(today.year + _YEARS[said["which"][0]])
        days = (in_year(year) for year in (today.year, today.year + 1))
        return next((found for found in days if found and found >= today), None)

    return resolve


_OLD = "(?:农历|阴历|旧历)的?"
_LUNAR_NUMBER = r"(?:初|(?P<twenty>廿))?(?P<day>\d{1,2})(?:号|日)?(?!\d)"
_UNIT = rf"(?P<unit>天|个?{_WEEK}|个?月|年)"
_RULES: list[Rule[date, date]] = [
    *(rule(rf"(?:(?P<which>今年|明年|后年)的?)?(?:{name})", _holiday(in_year)) for name, in_year in HOLIDAYS),
    rule(rf"{_OLD}(?:(?:(?P<name>正|冬|腊)|(?P<month>1?\d))月)?{_LUNAR_NUMBER}", _lunar_day),
    rule(rf"(?:(?P<name>正|冬|腊)月|(?P<month>(?!)))(?:份的?)?{_LUNAR_NUMBER}", _lunar_day),
    rule(
        r"(?:(?P<name>大年)|(?P<month>\d{1,2})月|(?<![月上读念升到是]))(?P<twenty>(?!))?初(?P<day>10|\d)(?![\d号日中学年生])",
        _lunar_day,
    ),
    rule(r"(?:农历|阴历|旧历|腊月|正月)\d{0,4}月?(?:初|廿)?\d{0,4}(?:号|日)?|初\d{1,2}", _nothing),
    rule(r"(?<!\d)(?:(\d{4})[-/.年])?(\d{1,2})[-/](\d{1,2})(?![\d/-])", _dashed),
    rule(
        r"(?:(?P<year>(?:19|20)?\d\d)年|(?P<which>[今明后去前])年)?的?(?P<month>\d{1,2})月(?:份的?)?(?P<day>\d{1,2})"
        rf"(?:[号日]|(?![\d点分个次回遍趟]))号?{_NAMED}",
        _month_day,
    ),
    rule(rf"{_WHICH_MONTH}的?(?P<day>\d{{1,2}})(?:[号日]|(?![\d点个分月])){_NAMED}", _day_of_that_month),
    rule(rf"(?:下个?{_WEEK}|1个?{_WEEK}(?:以后|之后|后))的?今天", _week_on),
    rule(r"明后[天两]", _nothing),
    rule(
        r"(?:(?P<which>下下个?|下个?|这个?|本|上个?)?月|(?P<month>\d{1,2})月份?)的?"
        r"(?P<edge>底|末|初|中旬|中|最后1天|第1天|1号)(?!\d)",
        _edge,
    ),
    rule(r"(?:(?P<which>[今明后])年的?年?|年)(?P<edge>底|末|初|最后1天|第1天)", _year_edge),
    rule(r"(?:过|再过|再等|等)?(?P<count>(?<!\d)\d{1,2})个半月(?:之后|以后|过后|后)(?!天)", _months_and_a_half),
    rule(rf"(?:过|再过|再等|等)?{_COUNT}{_UNIT}(?:之后|以后|过后|后)(?!天)", _later),
    rule(rf"(?:再过|过|再等)(?:个)?{_COUNT}{_UNIT}(?!\d|[1-6日天])", _later),
    rule(rf"{_COUNT}{_UNIT}(?:之前|以前|前)", _ago),
    rule(rf"{_DAY}(?![楼线店院公]){_NAMED}", _day_of_month),
    rule(rf"(?P<which>[下上]{{1,3}}个?|这个?|本){_WEEKDAY}", _weekday),
    rule(rf"(?P<which>){_WEEKDAY}", _weekday),
    rule(r"(?P<near>大后|大前|后|前)[天日儿](?!\d*[年月])", _near),
    rule(r"(?P<near>今|明|昨)(?:[天日儿早晚夜]|上午|下午|中午)", _near),
]
