"""The line: what the provider sends becomes events, what the bot does becomes TwiML and REST calls."""
