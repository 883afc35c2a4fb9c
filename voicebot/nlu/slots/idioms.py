"""Sayings in which a number, a day or a coin means nothing of the kind."""

from __future__ import annotations

import re

_ENGLISH = (
    "thanks a million", "(?:on )?cloud nine", "(?:the )?whole nine yards", "two can play", "takes two to tango",
    "sixty four thousand dollar question", "six of one(?: and)? half a dozen of the other", "a penny for your thoughts",
    "pound of flesh", "like a million (?:dollars|bucks)", "ten to one (?=he|she|it|they|you|i)", "two thumbs up",
    "zero tolerance", "number ten downing street", "square one", "first of never", "eleventh hour", "second to none",
    "twenty four seven", "sixes and sevens", "catch twenty two", "nine times out of ten",
    "one way or (?:the other|another)",
    "one in a million", "two shakes", "one (?:would|might) (?:think|say|hope)", "one never knows", "not even one",
    "don't know one", "one to talk", "one good reason", "one word(?! answer)", "you won", "second thoughts?",
    "(?:haven't|hasn't|ain't|not|never|without)(?: \\w+){0,2} a (?:penny|cent|dime|nickel)",
    "you(?:'re| are) number one",
    "million (?:dollar|pound) question", "(?:in |of )two minds", "nine to five", "in for a penny(?:,? in for a pound)?",
    "my two cents(?: worth)?", "(?:one )?(?:step|thing|day) at a time", "two birds", "two wrongs",
    "dressed to the nines", "three's a crowd", "three sheets", "six feet under", "one foot in the grave",
    "million miles", "a thousand times no", "zero chance", "hundred and ten percent", "first things first",
    "two left feet", "forty winks", "quids in", "hundred and one things", "third degree", "fifth wheel",
    "ten a penny", "a pretty penny",
    "one (?:morning|evening|night)(?= i\\b| maybe|$)", "one (?:of )?these (?:\\w+days|days)", "in one piece",
)  # fmt: skip
ENGLISH = re.compile(rf"\b(?:{'|'.join(_ENGLISH)})\b")

_CHINESE = (
    # 一 as "a", "as soon as", "together", "the same"
    "(?<![周期拜十百千万])一(?:半|下|定|般|样|起|直|些|会|切|边|向|旦|块儿|律|概|共|时|言)",
    "(?<![周期拜十百千万])一(?:清二楚|五一十|句话|辈子|家人|口价|部分|方面|听|看|说|想)", "(?<=[哪这那每某另头])一",
    "(?<=有)一点", "一点(?=点|不|没|也|都|儿|小|意思|耐心|时间)", "一块(?=去|来|吃|走|还|住|聊)",
    # 十分 as "very", 万一 as "in case", 千万 as "by all means"
    "十分(?=满意|感谢|抱歉|不|好|清楚|方便|重要|着急|愿意|需要|想|喜欢|差|失望|生气|了解|高兴|难|麻烦|忙|有|肯定)",
    "十分(?=确定|可惜|遗憾|一般)",
    "万一", "千万(?=别|不|要|记|得|请)",
    "一塌糊涂", "三天两头", "七手八脚", "四平八稳", "三更半夜", "一干二净", "一笔勾销", "千方百计", "百忙之中",
    "一言难尽", "一头雾水", "三下五除二", "五湖四海", "十全十美", "千辛万苦", "六神无主", "八字没一撇", "九死一生",
    "一问三不知", "两全其美", "一举两得", "一来二去", "万无一失", "一无所知", "五味杂陈", "七窍生烟", "百无聊赖",
    "乱七八糟", "七上八下", "三番[五两]次", "再三", "八九不离十", "不三不四", "三心二意", "五花八门",
    "百分之[十百零一二三四五六七八九]*", "老百姓", "二话不说", "两口子", "一分钱一分货", "有一分力出一分力",
    "一分耕耘", "一日三餐", "一毛不拔", "十万火急", "两难", "三言两语", "说一不二", "独一无二", "丢三落四", "一而再",
    "七嘴八舌", "不管三七二十一", "二维码", "一心一意", "三长两短", "四面八方", "一见如故", "百闻不如一见",
    "九牛一毛", "两码事", "一回事", "十有八九", "三三两两", "半斤八两", "二手", "七老八十", "一模一样", "两袖清风",
    "有朝一日", "一日不见", "二百五(?=啊|吧你|似的)", "[一两三]块地", "[十三五][块毛][八五]?[块毛]?的",
    "(?<!第)[两二三]点(?=意见|建议|要求|原因|理由|疑问|想法|论)", "勾(?=搭|选|引)", "拐(?=弯|角|卖|骗)", "洞(?=察)",
)  # fmt: skip
CHINESE = re.compile("|".join(_CHINESE))
