"""What an installation decides: one table of settings, read from the environment first, then from `voicebot.toml`."""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from voicebot import setting_shapes as shape
from voicebot.errors import OutsideError, Place, VoicebotError, did_you_mean

PREFIX = "VOICEBOT_"
FILE = Path("voicebot.toml")
SIMULATOR_ACCOUNT = "AC" + "0" * 32
SIMULATOR_TOKEN = "simulator"  # noqa: S105  (a public default; it opens nothing but the local simulator)
SIMULATOR_URL = "http://127.0.0.1:8090"
SIMULATOR_NUMBER = "+15005550006"


class SettingError(VoicebotError):
    """A setting that cannot be used. `where` is the environment variable, or the file and line."""


# --- the table ------------------------------------------------------------------------------------------------------


def _setting(default: object, parse: Callable[[str], object], help_text: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"parse": parse, "help": help_text, "secret": secret})


@dataclass(frozen=True)
class Settings:
    """The settings of one installation. The defaults talk to the simulator on this machine."""

    database: str = _setting("voicebot.db", shape.some_text, "the database file")
    base_url: str = _setting(
        "http://127.0.0.1:8080", shape.url, "the public address at which Twilio reaches this program"
    )
    host: str = _setting("127.0.0.1", shape.some_text, "the address that the web server listens on")
    port: int = _setting(8080, shape.number_in(1, 65535, int), "the port that the web server listens on")
    account_sid: str = _setting(SIMULATOR_ACCOUNT, shape.account, "the Twilio account; by default the simulator's")
    auth_token: str = _setting(
        SIMULATOR_TOKEN, shape.some_text, "the account's token; it also signs webhooks", secret=True
    )
    api_url: str = _setting(SIMULATOR_URL, shape.url, "where Twilio's REST API is; live: https://api.twilio.com")
    caller_ids: tuple[str, ...] = _setting(
        (SIMULATOR_NUMBER,), shape.e164_list, "our numbers, shown to callees; separated by commas"
    )
    callback_number: str = _setting("", shape.optional_e164, "the number to ring back; by default the first caller id")
    message_number: str = _setting(
        "", shape.optional_e164, "the number that text messages come from; by default the one that the call came from"
    )
    country: str = _setting("US", shape.country, "where numbers without a country code belong")
    allowed_countries: tuple[str, ...] = _setting(
        (), shape.countries, "the countries that may be rung; by default only `country`"
    )
    policy_file: Path | None = _setting(  # noqa: RUF009  (fields of a path, which is immutable)
        None, shape.optional_path, "hours and caps per country, in place of those shipped"
    )
    opt_out_key: str = _setting("*", shape.telephone_key, "the key that ends all calls to a person, for good")
    hearing: Literal["provider", "stream", "recording"] = _setting(
        "provider", shape.one_of("provider", "stream", "recording"),
        "who recognizes speech: the provider, we on a media stream, or we on recordings; a flow may choose its own",
    )  # fmt: skip
    recognizer: str = _setting(
        "vosk", shape.one_of("vosk", "server", "mock"),
        "ours: vosk in this process, a vosk-server, or the mock that hears only sound made for it",
    )  # fmt: skip
    speech_models: tuple[tuple[str, Path], ...] = _setting(
        (), shape.path_per_language, "the folders of vosk's models: en-US=/models/en, zh-CN=/models/cn"
    )
    recognizer_urls: tuple[tuple[str, str], ...] = _setting(
        (), shape.url_per_language, "where vosk-servers listen: en-US=ws://127.0.0.1:2700"
    )
    max_streams: int = _setting(
        0, shape.number_in(0, 10_000, int), "calls heard by us at once; 0: measured when the server starts"
    )
    keep_recordings: bool = _setting(
        False, shape.switch, "whether what callees say is kept as sound, where flow and country allow it"
    )
    detect_machines: bool = _setting(True, shape.switch, "whether answering machines are detected")
    ring_timeout: int = _setting(
        25, shape.number_in(15, 600, int), "seconds a callee's telephone rings; 15 is the least allowed"
    )
    calls_per_second: float = _setting(
        1.0, shape.number_in(0.01, 100, float), "legs placed per second, agents' legs included"
    )
    max_calls: int = _setting(10, shape.number_in(1, 10_000, int), "calls under way at once")
    flows_dir: Path = _setting(Path("flows"), shape.some_path, "the folder of flows")  # noqa: RUF009
    inbound_flow: str = _setting("opt_out", shape.some_text, "the flow for people who ring us")
    agents_file: Path = _setting(Path("agents.yaml"), shape.some_path, "the agents to whom warm calls are handed")  # noqa: RUF009
    log_format: str = _setting("text", shape.one_of("text", "json"), "log lines for people, or JSON for machines")
    log_level: str = _setting(
        "info", shape.one_of("debug", "info", "warning", "error"), "the least grave kind of log line that is written"
    )
    secret: str = _setting(
        "",
        shape.long_secret,
        "keys the hashes of numbers and addresses; made and kept beside the database if absent",
        secret=True,
    )

    def __repr__(self) -> str:
        shown = (f"{s.name}={'***' if s.secret else repr(getattr(self, s.name))}" for s in TABLE)
        return f"Settings({', '.join(shown)})"

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries that may be rung."""
        return self.allowed_countries or (self.country,)

    @property
    def ring_back(self) -> str:
        """The number that callees are told to ring back, E.164; empty when there is none."""
        return self.callback_number or next(iter(self.caller_ids), "")


@dataclass(frozen=True)
class Setting:
    """One row of the table."""

    name: str
    default: object
    parse: Callable[[str], object]
    help: str
    secret: bool

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return PREFIX + self.name.upper()


TABLE: tuple[Setting, ...] = tuple(Setting(name=f.name, default=f.default, **f.metadata) for f in fields(Settings))
"""Every setting, in the order in which the documentation lists them."""


# --- reading --------------------------------------------------------------------------------------------------------


def load_settings(
    environ: Mapping[str, str] | None = None, file: Path | None = None, *, with_secret: bool = True
) -> Settings:
    """The settings of this installation; a variable of the environment outweighs the file.

    `environ` is os.environ by default; `file` is `voicebot.toml` in the current folder, if there is one. Without a
    secret one is made and kept in a file beside the database that only its owner may read, unless `with_secret` is
    false: for whoever touches no database.
    Raises SettingError for a value that cannot be used, OutsideError when a file cannot be read or written.
    """
    given = _from_file(file) | _from_environment(os.environ if environ is None else environ)
    values = {name: _parsed(_by_name(name), where, text) for name, (where, text) in given.items()}
    settings = replace(Settings(), **values)
    _check_live(settings, given)
    if settings.secret or not with_secret:
        return settings
    return replace(settings, secret=_kept_secret(Path(settings.database)))


Given = dict[str, tuple[Place | str, str]]
"""By name: where a setting was written, and its text."""


def _from_environment(environ: Mapping[str, str]) -> Given:
    known = {setting.variable: setting.name for setting in TABLE}
    given: Given = {}
    for variable, text in environ.items():
        if variable.startswith(PREFIX):
            if variable not in known:
                raise SettingError(variable, "no setting has that name.", did_you_mean(variable, list(known)))
            given[known[variable]] = (variable, text.strip())
    return given


def _from_file(file: Path | None) -> Given:
    path = file or FILE
    if file is None and not path.exists():
        return {}
    text = _read(path)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        place = Place(str(path), int(at[1]) if at else 0)
        raise SettingError(place, f"this is not TOML: {error}.", 'Write settings as name = "value".') from None
    return {name: _from_toml(path, text, name, value) for name, value in table.items()}


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SettingError(Place(str(path)), "this file is not UTF-8 text.", "Save it as UTF-8.") from None
    except OSError as error:
        raise OutsideError(str(path), f"the settings cannot be read: {error.strerror}.", "Check the path.") from None


def _from_toml(path: Path, text: str, name: str, value: object) -> tuple[Place, str]:
    mark = re.search(rf"""^\s*\[*["']?{re.escape(name)}\b""", text, re.MULTILINE)
    place = Place(str(path), text.count("\n", 0, mark.end()) + 1 if mark else 0)
    names = [setting.name for setting in TABLE]
    if name not in names:
        raise SettingError(place, f"no setting is called {name!r}.", did_you_mean(name, names))
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return place, ",".join(value)
    if isinstance(value, bool):
        return place, str(value).lower()
    if isinstance(value, str | int | float):
        return place, str(value).strip()
    raise SettingError(place, f"{name} is a {type(value).__name__}.", "Write a text, a number, or a list of texts.")


def _by_name(name: str) -> Setting:
    return next(setting for setting in TABLE if setting.name == name)


def _parsed(setting: Setting, where: Place | str, text: str) -> Any:
    try:
        return setting.parse(text)
    except shape.UnusableError as fault:
        raise SettingError(where, f"{setting.name}: {fault.problem}", fault.remedy) from None


def _check_live(settings: Settings, given: Given) -> None:
    """Away from this machine the simulator's account, token and number are of no use, so they must have been set."""
    host = urlsplit(settings.api_url).hostname or ""
    if _is_local(host):
        return
    for setting in TABLE:
        if setting.name in ("account_sid", "auth_token", "caller_ids", "base_url") and setting.name not in given:
            where, _ = given["api_url"]
            problem = f"calls would go to {host}, but {setting.name} is not set."
            raise SettingError(where, problem, f"Set {setting.variable}, or {setting.name} in {FILE}.")


def _is_local(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


# --- the secret -----------------------------------------------------------------------------------------------------


def secret_file(database: Path) -> Path:
    """Where the secret of `database` is kept."""
    return database.with_name(database.name + ".secret")


def _kept_secret(database: Path) -> str:
    """The secret kept beside the database, made at first use.

    A database with content but no secret is refused: under a new one no suppressed number would be recognized.
    """
    path = secret_file(database)
    try:
        if not path.exists():
            if database.exists() and database.stat().st_size:
                remedy = f"Restore {path} from the backup, or set {PREFIX}SECRET to what it held."
                raise SettingError(str(path), f"the secret of {database} is missing.", remedy)
            _write_secret(path)
        return shape.long_secret(path.read_text(encoding="ascii").strip())
    except (shape.UnusableError, UnicodeDecodeError):
        problem = "this file holds no usable secret."
        raise SettingError(str(path), problem, "Restore it from the backup that belongs to the database.") from None
    except OSError as error:
        raise OutsideError(
            str(path), f"the secret cannot be kept: {error.strerror}.", "Check the folder and its permissions."
        ) from None


def _write_secret(path: Path) -> None:
    """Write a new secret whole or not at all; of two processes that begin together the first one's stays."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
