"""How Chinese takes back, denies and excuses a value; see `choice.Manners`."""

from __future__ import annotations

import re

from voicebot.nlu.slots.choice import Manners
from voicebot.nlu.slots.ranges import Bounds

_WILL_NOT_DO = (
    "不行|都不|也不|不可以|不方便|没空|没时间|不在|不好|太|有事|要上班|不能(?!再)|都没|不用|要加班|要?开会|要?上课|有约"
)

MANNERS = Manners(
    correction=re.compile(
        r"不对不对|不对|[哦噢啊呃喔]不是?|,不是?,|不不+|说错了?|搞错了?|记错了?|错了|应该是|我是说|我的意思是|改成|改到|换成|更正|纠正|等等|"
        r"等一下|还是算|但是?|不过|还是(?=\d+分)"
    ),
    denied_before=re.compile(
        r"(?:(?<!是)不是|(?<!要)不要|别|(?<!在)不在|不给|(?<!有)没有|(?<!有)没|(?<!能)不能(?!再)|都没|(?<!想)不想|不到|(?<!会)不会|不止|不足|除了|而不是|不打)(?:在|给|打|选|要|约|定|说|够)*$"
    ),
    denied_after=re.compile(rf"不是|[那我]?[天号日分个]?(?:上午|下午|晚上)?[我也就都]?(?:{_WILL_NOT_DO})"),
    alternative=re.compile(r"[个分块元天号点]?,?(?:(?:或者?|还是|到|至|和|跟|加|要么|要不|-|~)[是在]?)?"),
    aside=re.compile(r"(?:因为|除非|否则|不然|要不然).*?(?=所以|那就|我给|$)"),
)

BOUNDS = Bounds(
    to=re.compile(r"钟?[,]?(?:到|至|[-~—])"),
    between=re.compile(r"(?!)"),
    both=re.compile(r"钟?(?:之间|中间|之內)"),
    joint=re.compile(r"钟?[和跟与]"),
    moved=re.compile(r"(?!)"),
    up_to=re.compile(r"(?!)"),
    and_before=re.compile(r"钟?(?:之前|以前|前(?!后|面|\d天))|为止"),
)
