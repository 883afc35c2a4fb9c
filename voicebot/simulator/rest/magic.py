"""The magic numbers of Twilio's test credentials, which answer with an error (or without) whatever else is so.

https://www.twilio.com/docs/iam/test-credentials
"""

from __future__ import annotations

VALID_FROM = "+15005550006"
FROM_ERRORS = {"+15005550001": 21212}
TO_ERRORS = {"+15005550001": 21217, "+15005550002": 21214, "+15005550003": 21215, "+15005550004": 21216}
MESSAGE_FROM_ERRORS = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
MESSAGE_TO_ERRORS = {
    "+15005550001": 21211, "+15005550002": 21612, "+15005550003": 21408, "+15005550004": 21610, "+15005550009": 21614,
}  # fmt: skip
