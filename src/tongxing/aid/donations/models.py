"""Giving inside the school: campaigns, what came in and what it became, thanks, the box, help among classmates."""

from .models_box import BoxOpening, DonationBox
from .models_campaigns import Campaign, Department, Step
from .models_gifts import Gift, GiftLink, Goods, GoodsPassed, HandingOver, Share
from .models_thanks import HelpOffer, Honour

__all__ = [
    "BoxOpening",
    "Campaign",
    "Department",
    "DonationBox",
    "Gift",
    "GiftLink",
    "Goods",
    "GoodsPassed",
    "HandingOver",
    "HelpOffer",
    "Honour",
    "Share",
    "Step",
]
