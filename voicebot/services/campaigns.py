"""Campaigns: made from a flow, filled from lists, started, paused, finished and watched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from voicebot.dialer.anchors import TooLate
from voicebot.dialer.campaign_moves import MOVES, CampaignStatus, may_move
from voicebot.dialer.hours import Blocked, next_allowed
from voicebot.dialer.policy import Layer
from voicebot.dialer.sampling import stratified
from voicebot.dialer.verdict import RECHECK, objection
from voicebot.errors import VoicebotError, did_you_mean
from voicebot.flows.bundle import Bundle, bundle_from_files
from voicebot.services.attempts import candidate_of, first_day_of
from voicebot.services.centre import Centre, pin_bundle, pinned_bundle
from voicebot.services.windows import layer_of, rules_for, zones_of
from voicebot.store import campaigns, claims, enrolments, journal, leads, lists, pins
from voicebot.store.database import Database, Row
from voicebot.timestamps import from_text, to_text

BATCH = 500
"""Leads enrolled in one transaction: an interrupted run keeps whole batches and can be repeated."""


def create(
    centre: Centre,
    name: str,
    flow: Path,
    now: str,
    *,
    caller_ids: Sequence[str] = (),
    extra: Layer | None = None,
) -> int:
    """A new campaign, as a draft; its id. Its calls use the flow as it is now, whatever becomes of the file.

    `caller_ids` are among the centre's own and by default all of them; `extra` are rules that add to the policy.
    Raises VoicebotError for a name that is taken, a flow that cannot be loaded or is not for outbound calls.
    """
    bundle = bundle_from_files(flow)
    _check_flow(bundle, flow)
    chosen = _chosen(centre, caller_ids)
    with centre.db.transaction():
        if campaigns.by_name(centre.db, name) is not None:
            raise VoicebotError(f"campaign {name}", "there is one of that name.", "Choose another name.")
        pin_policy(centre, now)
        campaign_id = campaigns.insert(
            centre.db,
            name,
            flow=bundle.main,
            flow_pin=pin_bundle(centre.db, bundle, now),
            policy=(extra or Layer()).model_dump_json(exclude_defaults=True),
            caller_ids=chosen,
            at=now,
        )
        body = {"name": name, "flow": bundle.main, "flow_pin": bundle.digest, "caller_ids": list(chosen)}
        journal.append(centre.db, ("campaign", campaign_id), "created", now, body)
    return campaign_id


def pin_policy(centre: Centre, now: str) -> None:
    """Keep the text of the policy in force, within the caller's transaction: attempts name it by its version."""
    pins.pin(centre.db, "policy", centre.policy.text, now)


def _check_flow(bundle: Bundle, file: Path) -> None:
    flow = bundle.flows[bundle.main]
    if flow.type != "outbound":
        raise VoicebotError(
            str(file), f"this flow is of type {flow.type}.", "A campaign needs a flow of type outbound."
        )


def _chosen(centre: Centre, caller_ids: Sequence[str]) -> tuple[str, ...]:
    own = centre.settings.caller_ids
    foreign = [number for number in caller_ids if number not in own]
    if foreign:
        remedy = f"Choose among {', '.join(own)}, or add it to VOICEBOT_CALLER_IDS."
        raise VoicebotError("caller ids", f"{foreign[0]} is not one of ours.", remedy)
    if not own:
        raise VoicebotError("caller ids", "there is none.", "Set VOICEBOT_CALLER_IDS to the numbers callees may see.")
    return tuple(dict.fromkeys(caller_ids)) or own


def find(db: Database, name: str) -> Row:
    """The campaign of this name. Raises VoicebotError when there is none."""
    found = campaigns.by_name(db, name)
    if found is None:
        raise VoicebotError(f"campaign {name}", "there is no such campaign.", did_you_mean(name, campaigns.names(db)))
    return found


def find_list(db: Database, name: str) -> Row:
    """The list of this name. Raises VoicebotError when there is none."""
    found = lists.by_name(db, name)
    if found is None:
        known = [row["name"] for row in lists.all_lists(db)]
        remedy = did_you_mean(name, known) or "`voicebot import` loads one."
        raise VoicebotError(f"list {name}", "there is no such list.", remedy)
    return found


def move(db: Database, name: str, status: CampaignStatus, now: str) -> None:
    """Start, pause or finish a campaign. Raises VoicebotError for a move that MOVES does not allow."""
    with db.transaction():
        campaign = find(db, name)
        before: CampaignStatus = campaign["status"]
        if not may_move(before, status):
            allowed = " or ".join(MOVES[before]) or "nothing else"
            problem = f"it is {before} and cannot become {status}."
            raise VoicebotError(f"campaign {name}", problem, f"From there it can become {allowed}.")
        campaigns.set_status(db, campaign["id"], status)
        journal.append(db, ("campaign", campaign["id"]), "moved", now, {"from": before, "to": status})


# --- enrolling --------------------------------------------------------------------------------------------------------


@dataclass
class Enrolled:
    """What became of a list. `held` leads are enrolled but something stands against dialling them: by reason, how many.

    `left_out` were not enrolled: suppressed, or their number is dead. `kept_back` were not drawn for the trial.
    """

    new: int = 0
    already: int = 0
    held: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    kept_back: int = 0


def enrol(
    centre: Centre, name: str, list_name: str, now: str, *, trial: float | None = None, seed: int = 0
) -> Enrolled:
    """Enrol the leads of a list, each due at the first moment its calling hours allow. Repeating it doubles nobody.

    `trial`: only this share of them (0.03 to 0.05 is usual), like the whole in language, region and kind of number;
    `seed` draws the lots. The rest is enrolled by calling this again without it.
    Raises VoicebotError when there is no such campaign or list, or the campaign is finished.
    """
    campaign, leads_list = find(centre.db, name), find_list(centre.db, list_name)
    if campaign["status"] == "finished":
        raise VoicebotError(f"campaign {name}", "it is finished.", "Make a new campaign for these leads.")
    if trial is not None and not 0 < trial <= 1:
        raise VoicebotError("trial", f"{trial} is no share.", "Give a share such as 0.05, for one lead in twenty.")
    work = _Enrolling(centre, campaign, now)
    drawn = _drawn(centre.db, leads_list["id"], trial, seed) if trial is not None else None
    for batch in _batches(leads.leads_of_list(centre.db, leads_list["id"])):
        work.enrol([lead for lead in batch if drawn is None or lead["id"] in drawn])
        work.report.kept_back += sum(drawn is not None and lead["id"] not in drawn for lead in batch)
    with centre.db.transaction():
        pin_policy(centre, now)
        facts = {"list": list_name, "new": work.report.new, "held": dict(work.report.held), "trial": trial}
        journal.append(centre.db, ("campaign", campaign["id"]), "enrolled", now, facts)
    return work.report


def _drawn(db: Database, list_id: int, share: float, seed: int) -> set[int]:
    strata = {
        lead["id"]: (lead["language"], lead["region"] or lead["zones"], lead["number_kind"])
        for lead in leads.leads_of_list(db, list_id)
    }
    return stratified(strata, share, seed)


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


class _Enrolling:
    """Enrols batches of leads in one campaign. Leads under the same clock fall due together, so that is kept."""

    def __init__(self, centre: Centre, campaign: Row, now: str) -> None:
        self.report = Enrolled()
        self._centre, self._campaign, self._now = centre, campaign, now
        self._bundle = pinned_bundle(centre.db, campaign["flow_pin"])
        self._layer = layer_of(campaign)
        self._due: dict[tuple[str, str, str, datetime], tuple[str, str]] = {}

    def enrol(self, batch: list[Row]) -> None:
        rows = []
        for lead in batch:
            if lead["suppressed"] or lead["number_status"] != "ok":
                self.report.left_out["suppressed" if lead["suppressed"] else f"number {lead['number_status']}"] += 1
                continue
            next_at, why = self._judged(lead)
            rows.append(
                {
                    "lead_id": lead["id"],
                    "next_at": next_at,
                    "blocked_why": why,
                    "policy_version": self._centre.policy.version,
                }
            )
        with self._centre.db.transaction():
            new = enrolments.enrol(self._centre.db, self._campaign["id"], rows, self._now)
        self.report.new += new
        self.report.already += len(rows) - new
        self.report.held.update(row["blocked_why"] for row in rows if row["blocked_why"])

    def _judged(self, lead: Row) -> tuple[str, str]:
        """When the lead falls due, and what stands against it; what does is looked at again every day."""
        against = objection(candidate_of(lead, self._bundle, self._centre.settings.countries))
        if against:
            return to_text(from_text(self._now) + RECHECK), against
        first = first_day_of(lead, self._bundle, from_text(self._now))
        if isinstance(first, TooLate):
            return to_text(from_text(self._now) + RECHECK), first.why
        clock = (lead["country"], lead["region"], lead["zones"], first)
        if clock not in self._due:
            self._due[clock] = self._first_hour(lead, first)
        return self._due[clock]

    def _first_hour(self, lead: Row, first: datetime) -> tuple[str, str]:
        purpose = self._bundle.flows[self._bundle.main].purpose
        rules = rules_for(self._centre.policy, lead, purpose, self._layer)
        moment = next_allowed(first, zones_of(lead), rules)
        if isinstance(moment, Blocked):
            return to_text(from_text(self._now) + RECHECK), moment.why
        return to_text(moment.at), ""


# --- watching ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """Where a campaign stands: enrolments by status, reasons why leads are held, and when the next call falls due."""

    status: CampaignStatus
    enrolments: dict[str, int]
    held: dict[str, int]
    next_at: str


def progress(db: Database, name: str) -> Progress:
    """Where a campaign stands. Raises VoicebotError when there is none of that name."""
    campaign = find(db, name)
    held = campaigns.blocked(db, campaign["id"])
    next_at = claims.earliest_of(db, campaign["id"])
    return Progress(campaign["status"], campaigns.counts(db, campaign["id"]), held, next_at)
