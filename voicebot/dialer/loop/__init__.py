"""The loop that dials: `Loop.tick(now)` does what is due, `run` is the one place in the program that sleeps."""

from voicebot.dialer.loop.loop import Loop, TickReport, run

__all__ = ["Loop", "TickReport", "run"]
