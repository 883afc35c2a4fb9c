"""The REST interface: the paths that Twilio's own SDK asks for."""

from __future__ import annotations

import hmac
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from voicebot.simulator.rest import trouble
from voicebot.simulator.rest.calls import calls_blueprint, rfc2822
from voicebot.simulator.rest.conferences import conferences_blueprint
from voicebot.simulator.rest.errors import RestError, refuse
from voicebot.simulator.rest.messages import messages_blueprint
from voicebot.simulator.rest.notifications import notifications_blueprint
from voicebot.simulator.rest.numbers import numbers_blueprint
from voicebot.simulator.rest.queues import queues_blueprint
from voicebot.simulator.rest.recordings import recordings_blueprint
from voicebot.simulator.rest.streams import streams_blueprint
from voicebot.simulator.rest.window import window_blueprint
from voicebot.simulator.world import World

ACCOUNT = "/2010-04-01/Accounts/"
BLUEPRINTS = (
    calls_blueprint,
    conferences_blueprint,
    messages_blueprint,
    notifications_blueprint,
    numbers_blueprint,
    queues_blueprint,
    recordings_blueprint,
    streams_blueprint,
)


def create_rest_app(world: World) -> Flask:
    """A Flask application that serves the account of `world`. Every request is handled under the queue's lock."""
    app = Flask(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    prefix = f"{ACCOUNT}{world.account_sid}"

    @app.before_request
    def enter() -> Response | None:
        is_api = request.path.startswith(ACCOUNT)
        if is_api:
            trouble.prepare(world.trouble)
        world.queue.lock.acquire()
        if is_api:
            _authenticate(world)
            return trouble.strike_before()
        return None

    app.after_request(trouble.strike_after)

    @app.teardown_request
    def leave(_error: BaseException | None) -> None:
        world.queue.lock.release()

    @app.get(f"{prefix}.json")
    def account() -> dict[str, Any]:
        born = rfc2822(world.queue.now())
        sid = world.account_sid
        return {
            "sid": sid, "owner_account_sid": sid, "friendly_name": "Simulator", "status": "active", "type": "Full",
            "auth_token": world.auth_token, "date_created": born, "date_updated": born, "uri": f"{prefix}.json",
            "subresource_uris": {"calls": f"{prefix}/Calls.json"},
        }  # fmt: skip

    @app.errorhandler(RestError)
    def refused(error: RestError) -> tuple[dict[str, object], int]:
        return error.body(), error.status

    @app.errorhandler(HTTPException)
    def unknown(error: HTTPException) -> tuple[dict[str, object], int]:
        known = RestError(20404 if error.code == 404 else 20004, request.path)
        return known.body(), known.status

    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint(world), url_prefix=prefix)
    app.register_blueprint(window_blueprint(world))
    return app


def _authenticate(world: World) -> None:
    given = request.authorization
    name, word = (given.username or "", given.password or "") if given else ("", "")
    right = hmac.compare_digest(name.encode(), world.account_sid.encode())
    if not right or not hmac.compare_digest(word.encode(), world.auth_token.encode()):
        refuse(20003)
