"""A local Twilio: calls, conferences and webhooks without a telephone. It knows Twilio and no application."""

from __future__ import annotations

from voicebot.simulator.callees.load import load_callees
from voicebot.simulator.callees.model import Callees
from voicebot.simulator.event_queue import EventQueue
from voicebot.simulator.faults import Faults
from voicebot.simulator.inprocess import InProcessTwilioHttp
from voicebot.simulator.races import RaceOrder
from voicebot.simulator.realtime import RealTime
from voicebot.simulator.rest import create_rest_app
from voicebot.simulator.sockets import DirectSocket, DirectSockets
from voicebot.simulator.transport import HttpTransport, WsgiTransport
from voicebot.simulator.voices import EspeakVoice, ToneVoice, Voice, best_voice
from voicebot.simulator.world import World

__all__ = [
    "Callees",
    "DirectSocket",
    "DirectSockets",
    "EspeakVoice",
    "EventQueue",
    "Faults",
    "HttpTransport",
    "InProcessTwilioHttp",
    "RaceOrder",
    "RealTime",
    "ToneVoice",
    "Voice",
    "World",
    "WsgiTransport",
    "best_voice",
    "create_rest_app",
    "load_callees",
]
