"""voicebot: an outbound voice bot and conversational IVR for small call centres."""

__version__ = "0.1.0"
