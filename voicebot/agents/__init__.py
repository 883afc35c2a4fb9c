"""Hand-over: who can take a call, and the state machines of an agent's leg and of a transfer. Pure."""
