"""What this process measures of itself, for Prometheus: how long answers take, and how many went wrong.

What stands in the database is counted there at each scrape (`services/vitals.py`), so that it survives a restart.
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

ANSWER_SECONDS = Histogram(
    "voicebot_webhook_seconds",
    "Seconds from a webhook's arrival to its answer, the journal committed.",
    ["kind"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
    registry=None,
)
"""`kind` is the last part of the webhook's path: answer, turn, status, ..."""

REFUSED = Counter(
    "voicebot_webhooks_refused_total", "Webhooks without the provider's signature or our token.", ["why"], registry=None
)

FAULTS = Counter(
    "voicebot_faults_total", "Webhooks answered with an apology, by kind of fault.", ["kind"], registry=None
)

TRANSCRIBED = Counter(
    "voicebot_transcriptions_total", "Recorded answers, by what their callees were told.", ["result"], registry=None
)
"""`result` is heard, silence, or why we could not hear them: transcription, overloaded."""

STREAMS = Gauge("voicebot_streams", "Calls that are heard on their media streams now.", registry=None)

DEAFENED = Counter(
    "voicebot_deafened_total", "Calls that we no longer heard, so that the provider had to.", ["why"], registry=None
)
"""`why` is not_opened, lost, recognizer, overloaded or transcription."""

ALL = (TRANSCRIBED, ANSWER_SECONDS, REFUSED, FAULTS, STREAMS, DEAFENED)
