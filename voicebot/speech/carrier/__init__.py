"""Sound that carries its own words: speech for whoever has neither a voice nor a speech model.

`carry` makes a sound that is as long and as loud as the words would be, and a `Listener` finds the words in it again,
after mu-law, another sample rate, noise and lost frames. A word is a sweep, by which it is found, then its bytes as
tones, then the same bytes again until the word has lasted as long as a word like it does. A word with a damaged byte
is lost, and only that word; what is not a carried word never becomes one.
"""

from __future__ import annotations

from voicebot.speech.carrier.listener import Listener
from voicebot.speech.carrier.speaker import carry, seconds

__all__ = ["Listener", "carry", "seconds"]
