"""How English takes back, denies and excuses a value; see `choice.Manners`."""

from __future__ import annotations

import re

from voicebot.nlu.slots.choice import Manners
from voicebot.nlu.slots.ranges import Bounds

_NO = (
    "not|never|isnt|aint|cant|cannot|wont|dont|doesnt|didnt|busy|away|booked|anything but|except|"
    "instead of|rather than|(?:stop|quit) (?:calling|ringing)|less than|fewer than|lower than|under|below|quarters of|"
    r"half of|(?:i work|im working|shift is)(?: from)?(?: \d{1,2} (?:to|till|until))?"
)
_LITTLE = (
    "a|an|the|on|at|in|for|do|make|say|its|really|quite|this|call|me|ring|want|give|exactly|worth|my|full|whole|"
    "calling|from"
)
_WILL_NOT_DO = (
    "isnt|is not|is no good|no good|is bad|is out|doesnt|does not|wont|will not|is too|was too|is impossible|"
    "i cant|im busy|im away|im working|im out|not (?:good|great|possible|convenient|ideal|so good)|"
    "or the (?:day|week|one) after"
)

MANNERS = Manners(
    correction=re.compile(
        r"\b(?:(?:no|oops|wait|sorry)(?: (?:no|sorry|wait|actually|i mean|make that))*|i mean|i meant|actually|"
        r"scratch that|strike that|make (?:it|that)|or rather|correction|my mistake|let me correct that|i tell a lie|"
        r"instead|but)\b"
    ),
    denied_before=re.compile(rf"\b(?:{_NO})(?: (?:{_LITTLE}))* $"),
    denied_after=re.compile(rf" (?:{_WILL_NOT_DO})\b(?! (?:before|until|problem|only|a problem))"),
    alternative=re.compile(
        r"(?: [a-z]+)? (?:or|or maybe|or even|to|and|maybe|perhaps|through|till|until)(?: (?:a|an|the|on|at))? | "
    ),
    aside=re.compile(
        r"\b(?:because|cause|cos|since i|as i|unless|otherwise|seeing as|if i)\b"
        r".*?(?=\b(?:so|id|ill|make it|lets)\b|$)"
    ),
)

BOUNDS = Bounds(
    to=re.compile(
        r"(?: oclock)? (?:to|till|until|through|thru|up to|up until|right up to)"
        r"(?: (?:about|around|like|say|maybe|the|on|at)){0,2} "
    ),
    between=re.compile(r"\b(?:between|from)(?: (?:about|around|like|say|maybe|the|on)){0,2} $"),
    both=re.compile(r"(?!)"),
    joint=re.compile(r"(?: oclock)? and(?: (?:about|around|like|say|maybe|the)){0,2} "),
    moved=re.compile(
        r"\b(?:mov|chang|switch|swap|push|shift|reschedul|postpon)(?:e|ed|ing)?\b(?: [a-z]+){0,3} from (?:the )?$"
    ),
    up_to=re.compile(
        r"(?<!not )(?<!\bday )(?<!dont call )(?<!not call )(?<!dont call me )(?<!not call me )"
        r"\b(?:before|by|until|till|up to|no later than|any ?time before)"
        r"(?: (?:about|around|like|the)){0,2} $"
    ),
    and_before=re.compile(r" or (?:before|earlier|sooner)\b| at the latest\b"),
)
