"""The rules that hold for one enrolment: its callee's country and region, its flow's purpose, its campaign's own."""

from __future__ import annotations

import json

from voicebot.dialer.hours import Blocked, next_allowed
from voicebot.dialer.policy import Layer, Policy, Rules
from voicebot.leads.regions import find_region
from voicebot.services.centre import Window, pinned_bundle
from voicebot.store import campaigns, enrolments, leads
from voicebot.store.database import Database, Row
from voicebot.timestamps import from_text, to_text


def rules_for(policy: Policy, lead: Row, purpose: str, extra: Layer) -> Rules:
    """What holds for calling this lead; `lead` as `store.leads` shows it, `extra` is the campaign's own layer."""
    region = find_region(lead["country"], lead["region"])
    return policy.rules(lead["country"], region.code if region else "", purpose, extra)


def layer_of(campaign: Row) -> Layer:
    """What a campaign adds to the policy."""
    return Layer.model_validate(json.loads(campaign["policy"]))


def zones_of(lead: Row) -> tuple[str, ...]:
    """The time zones that a lead's number may ring in; empty when they are unknown."""
    return tuple(json.loads(lead["zones"]))


def window(lead: Row, rules: Rules) -> Window:
    """Moves a moment into the calling hours of a lead: (the moment, '') or ('', why there is none)."""

    def moved(moment: str) -> tuple[str, str]:
        allowed = next_allowed(from_text(moment), zones_of(lead), rules)
        return ("", allowed.why) if isinstance(allowed, Blocked) else (to_text(allowed.at), "")

    return moved


def window_of(db: Database, policy: Policy, enrolment_id: int) -> Window:
    """The same for an enrolment, in its campaign and with its flow's purpose. Raises LookupError for an unknown id."""
    enrolment = enrolments.enrolment(db, enrolment_id)
    campaign = enrolment and campaigns.load(db, enrolment["campaign_id"])
    lead = enrolment and leads.lead(db, enrolment["lead_id"])
    if not (campaign and lead):
        raise LookupError(f"no enrolment {enrolment_id}")
    bundle = pinned_bundle(db, campaign["flow_pin"])
    return window(lead, rules_for(policy, lead, bundle.flows[bundle.main].purpose, layer_of(campaign)))
