"""What the provider asks over HTTP: who may ask, what is answered, and what a fault of ours sounds like."""

from __future__ import annotations

from voicebot.phone.webhooks.routes import webhooks

__all__ = ["webhooks"]
