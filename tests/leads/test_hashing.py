from __future__ import annotations

import hashlib
import hmac

from voicebot.leads.hashing import number_hash


def test_the_hash_is_keyed_and_known_to_others() -> None:
    expected = hmac.new(b"secret", b"+12025550123", hashlib.sha256).hexdigest()
    assert number_hash("+12025550123", "secret") == expected
    assert number_hash("+12025550123", "another") != expected
