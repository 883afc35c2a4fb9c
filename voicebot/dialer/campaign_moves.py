"""How a campaign moves, as a table. Rule: an illegal move names itself; a finished campaign stays finished."""

from __future__ import annotations

from typing import Literal, get_args

CampaignStatus = Literal["draft", "running", "paused", "finished"]
CAMPAIGN_STATUSES: tuple[CampaignStatus, ...] = get_args(CampaignStatus)
"""draft: leads are enrolled, nobody is dialled yet; paused: nobody new is dialled, open calls end as they would."""

MOVES: dict[CampaignStatus, tuple[CampaignStatus, ...]] = {
    "draft": ("running", "finished"),
    "running": ("paused", "finished"),
    "paused": ("running", "finished"),
    "finished": (),
}


def may_move(before: CampaignStatus, after: CampaignStatus) -> bool:
    """Whether a campaign may go from one status to another; to stay where it is, it always may."""
    return before == after or after in MOVES[before]
