"""The X-Twilio-Signature of a webhook, and the URL it is made over."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit


def signed_url(url: str, *, with_port: bool = False) -> str:
    """The URL as Twilio's voice webhooks sign it: no fragment, no user, and over HTTPS no port (`with_port`: as those
    of messages, with it).

    The rest is left byte for byte as it stands (https://www.twilio.com/docs/usage/security).
    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme == "https" and parts.port is not None and not with_port:
        host = host.removesuffix(f":{parts.port}")
    rest = url.split("#", 1)[0][len(parts.scheme) + len("://") + len(parts.netloc) :]
    return f"{parts.scheme}://{host}{rest}"


def sign(auth_token: str, url: str, form: Mapping[str, str], *, with_port: bool = False) -> str:
    """Base64 of the HMAC-SHA1, by the account's token, of the URL and the sorted names and values of the form."""
    text = signed_url(url, with_port=with_port) + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(auth_token.encode(), text.encode(), hashlib.sha1).digest()).decode()
