"""What became of others: colleagues of the same account, leads of the same kind, the campaign's channel."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from features.feature import Case, Texts, Values, feature
from features.profile import Profile
from features.reference import ALL
from features.text_column import from_texts
from features.view import View


def accounts(profile: Profile) -> Iterable[Case]:
    """Once, if leads name their accounts."""
    return ({},) if profile.has_accounts else ()


def known_rates(profile: Profile) -> Iterable[Case]:
    """One for all leads, if any rate is asked for."""
    asked = profile.settings.known_rates_latest if profile.settings.known_rates else ()
    return ({"latest": latest} for latest in asked)


def known_rates_of_fields(profile: Profile) -> Iterable[Case]:
    """One for each column whose rates are asked for, over each number of outcomes."""
    rated = [column for column in profile.settings.known_rates if column in profile.vocabularies]
    return ({"field": column, **latest} for column in rated for latest in known_rates(profile))


def channels(profile: Profile) -> Texts:
    """Return the channels that campaigns have."""
    return tuple(profile.vocabularies["campaigns.channel"].shown.values())


def any_channel(profile: Profile) -> Iterable[Case]:
    """Once, if campaigns have channels."""
    return ({},) if "campaigns.channel" in profile.vocabularies else ()


@feature("account and market", "account_leads", "How many other leads the same account has", each=accounts)
def account_leads(view: View) -> Values:
    """Return how many other leads of the account there were; NaN where the account is not known."""
    return view.account_leads()


@feature(
    "account and market",
    "account_conversions",
    "How many other leads of the same account were qualified",
    each=accounts,
)
def account_conversions(view: View) -> Values:
    """Return how many other leads of the account had reached the target; NaN without an account."""
    return view.account_conversions()


@feature(
    "account and market",
    "known_rate_all_latest_{latest}",
    "Known conversion rate of all leads (newest {latest} outcomes)",
    each=known_rates,
)
def known_rate(view: View, latest: int) -> Values:
    """Return the conversion rate of all leads, 0 to 1; NaN while no outcome was known."""
    return view.known_rate(ALL, latest)


@feature(
    "account and market",
    "known_rate_{field}_latest_{latest}",
    "Known conversion rate of the same {field} (newest {latest} outcomes)",
    each=known_rates_of_fields,
    monotone=1,
)
def known_rate_of_field(view: View, field: str, latest: int) -> Values:
    """Return the conversion rate of leads with the same value in a field; NaN while no outcome was known."""
    return view.known_rate(field, latest)


@feature(
    "account and market",
    "campaign_channel",
    "Channel of the campaign that brought the lead",
    needs="campaigns",
    each=any_channel,
    categories=channels,
)
def campaign_channel(view: View) -> Values:
    """Return the code of the channel of the lead's campaign."""
    campaigns = view.field("campaign_id")
    found = from_texts([*(view.reference.channel(label) for label in campaigns.labels), None])
    codes = view.profile.vocabularies["campaigns.channel"].codes(found)
    return np.asarray(codes[campaigns.codes])
