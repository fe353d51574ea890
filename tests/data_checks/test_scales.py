"""Ratings in their order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_checks.scales import BBB, DNB, STATED_STRENGTHS, scale_named, scale_rank

# The D&B Rating Key: fifteen strengths by tangible net worth with appraisals 1 to 4, and 1R and 2R,
# for businesses without a financial statement, with appraisals 2 to 4.
ALL_DNB = 15 * 4 + 2 * 3


def test_the_dnb_scale_is_the_published_one():
    """The scale has each composite rating of the D&B Rating Key once, 5A1 best and HH4 worst."""
    assert len(set(DNB.ratings)) == len(DNB.ratings) == ALL_DNB
    assert (DNB.ratings[0], DNB.ratings[-1]) == ("5A1", "HH4")
    assert DNB.rating("1R1") is None


def test_the_bbb_scale_runs_from_a_plus_to_f():
    """Thirteen letters; there is no F with a sign."""
    assert BBB.ratings == ("A+", "A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D+", "D", "D-", "F")


def test_ranks_rise_with_the_rating():
    """A better rating has a higher rank; within a strength, a better appraisal has."""
    assert scale_rank("bbb", "A+") == 12
    assert scale_rank("bbb", "F") == 0
    for better, worse in (("5A4", "4A1"), ("3A2", "3A3"), ("CB4", "1R2"), ("1R4", "CC1"), ("DC4", "2R2")):
        assert (scale_rank("dnb", better) or 0) > (scale_rank("dnb", worse) or 0)


@given(st.sampled_from(DNB.ratings), st.sampled_from(DNB.ratings))
def test_a_dnb_floor_holds_in_both_parts(rating, floor):
    """A rating meets a floor only if neither its strength nor its appraisal is worse, on the same ladder."""
    meets = rating in DNB.meeting(floor)
    stated = [one[:2] in STATED_STRENGTHS for one in (rating, floor)]
    if stated == [True, True]:
        worse = STATED_STRENGTHS.index(rating[:2]) > STATED_STRENGTHS.index(floor[:2]) or rating[2] > floor[2]
    else:
        worse = stated[0] != stated[1] or rating[:2] > floor[:2] or rating[2] > floor[2]
    assert meets == (not worse)


@given(
    st.sampled_from([BBB, DNB]).flatmap(
        lambda scale: st.tuples(st.just(scale), st.sampled_from(scale.ratings))
    )
)
def test_a_rating_is_known_however_it_is_typed(scale_and_rating):
    """Case and spaces do not matter."""
    scale, rating = scale_and_rating
    assert scale.rating(f" {' '.join(rating.lower())} ") == rating
    assert rating in scale.meeting(rating)


@pytest.mark.parametrize("text", ["--", "NQ", "ER1", "er8", "ERN", "INV", "DS"])
def test_a_designation_is_no_rating_and_no_fault(text):
    """D&B's words for the absence of a rating rank nowhere and count as missing."""
    assert scale_rank("dnb", text) is None
    assert DNB.is_unrated(text)


def test_an_agreement_may_add_a_scale():
    """A scale of the agreement is ordered as it is written, best first."""
    scales = {"medal": ("gold", "silver", "bronze")}
    assert [scale_rank("medal", text, scales) for text in ("Gold", "silver", "bronze", "tin")] == [
        2,
        1,
        0,
        None,
    ]
    assert scale_named("medal") is None
