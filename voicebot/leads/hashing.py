"""The keyed hash under which a number stands in the do-not-call record."""

from __future__ import annotations

import hashlib
import hmac


def number_hash(e164: str, secret: str) -> str:
    """HMAC-SHA256, hex, of the E.164 text under the installation's secret.

    A plain hash would not do: all numbers of a country can be tried in a minute.
    """
    return hmac.digest(secret.encode(), e164.encode(), hashlib.sha256).hex()
