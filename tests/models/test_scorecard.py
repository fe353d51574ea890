import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.log_odds import probability_of
from models.scorecard import Line, Scorecard, Slope
from models.scorecard_fitting import MOST_LINES, fit_scorecards
from models.training_rows import TrainingRows
from training import made_up_rows, rows_of

VALUES = st.sampled_from([np.nan, -1e308, -1.0, -0.0, 0.0, 0.5, 1.0, 2.0, 3.0, 7.0, 1e308, np.inf])
CODES = st.sampled_from([np.nan, 0.0, 1.0, 2.0, 9.0])
CARD = Scorecard(
    -1.0,
    (
        Line(1, np.array([0.0, 1.0]), np.array([0.1, -0.3, 0.2, 0.7]), Slope(0.5, 0.2, -0.4, 1.2)),
        Line(0, None, np.array([-0.5, 0.25, 1.5])),
        Line(2, np.empty(0), np.array([0.4, -0.1])),
    ),
)


@pytest.fixture(scope="module")
def rows() -> TrainingRows:
    """Rows of a company with something to learn."""
    return made_up_rows()


@pytest.fixture(scope="module")
def card(rows: TrainingRows) -> Scorecard:
    """Their scorecard."""
    return fit_scorecards(rows, (0.1,))[0]


def plain(category: float, number: float, any_number: float) -> float:
    """Return the score of `CARD` as one would add it up by hand."""
    first = 0.1 if np.isnan(number) else -0.3 if number < 0 else 0.2 if number < 1 else 0.7
    along = np.sign(number) * np.log1p(abs(number))
    first += 0.0 if np.isnan(number) else 0.5 * (min(max(along, -0.4), 1.2) - 0.2)
    second = {0.0: 0.25, 1.0: 1.5}.get(category, -0.5 if np.isnan(category) else 0.0)
    return -1.0 + (first + second + (0.4 if np.isnan(any_number) else -0.1))


@given(st.lists(st.tuples(CODES, VALUES, VALUES), min_size=1, max_size=9))
def test_points_are_those_of_a_plain_loop(leads: list[tuple[float, float, float]]) -> None:
    """A value earns the points of its bin: missing, huge, unseen and on the edge alike."""
    found = CARD.log_odds(np.array(leads))
    assert found.tolist() == pytest.approx([plain(*lead) for lead in leads], abs=1e-12)


@given(st.data())
@settings(max_examples=20, deadline=None)
def test_a_row_scores_the_same_in_any_company(
    card: Scorecard, rows: TrainingRows, data: st.DataObject
) -> None:
    """Alone, in a small batch and among all rows a lead has the same score, to the last bit."""
    chosen = data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=1, max_size=7))
    among_all = card.log_odds(rows.matrix)[chosen]
    assert card.log_odds(rows.matrix[chosen]).tobytes() == among_all.tobytes()
    assert [float(card.log_odds(rows.matrix[[row]])[0]) for row in chosen] == among_all.tolist()


def test_contributions_add_up_to_the_score(card: Scorecard, rows: TrainingRows) -> None:
    """What each feature adds, and what an average lead scores, is the whole score."""
    added = card.contributions(rows.matrix)
    np.testing.assert_allclose(added.sum(axis=1), card.log_odds(rows.matrix), atol=1e-12)
    assert (added[:, -1] == card.start).all()
    mean = np.average(added[:, :-1], axis=0, weights=rows.weight)
    np.testing.assert_allclose(mean, 0, atol=1e-9)


def test_a_scorecard_is_read_back_as_it_was(card: Scorecard, rows: TrainingRows) -> None:
    """JSON brings back the same scores, to the last bit."""
    again = Scorecard.from_json(json.loads(json.dumps(card.to_json())))
    assert again.log_odds(rows.matrix).tobytes() == card.log_odds(rows.matrix).tobytes()


def test_what_tells_nothing_is_not_on_the_card(rows: TrainingRows, card: Scorecard) -> None:
    """The two columns that conversion depends on have lines; the one of noise and a constant have none."""
    assert {rows.names[line.place] for line in card.lines} == {"visits", "channel"}
    alone = rows_of({"x": np.ones(len(rows))}, rows.label)
    assert fit_scorecards(alone, (0.1,))[0].lines == ()


def test_of_noise_the_card_is_the_base_rate() -> None:
    """Where nothing is on the card every lead has the rate of the rows."""
    random = np.random.default_rng(3)
    rows = rows_of({"x": np.zeros(500)}, random.random(500) < 0.3)
    card = fit_scorecards(rows, (0.1,))[0]
    assert probability_of(card.log_odds(np.array([[7.0], [np.nan]]))) == pytest.approx(rows.label.mean())


def test_more_strength_gives_larger_points(rows: TrainingRows) -> None:
    """The stronger points are expected to be, the further they are from nothing."""
    sizes = [sum(np.abs(line.points).sum() for line in card.lines) for card in fit_scorecards(rows)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]


def test_strong_points_are_the_observed_log_odds() -> None:
    """With one category and hardly any shrinking, the card gives each label the rate it had."""
    code = np.repeat([0.0, 1.0, 2.0], 2000)
    label = np.concatenate([np.arange(2000) < 2000 * rate for rate in (0.1, 0.3, 0.6)])
    card = fit_scorecards(rows_of({"c": code}, label, categorical=("c",)), (1e4,))[0]
    found = probability_of(card.log_odds(np.array([[0.0], [1.0], [2.0]])))
    assert found == pytest.approx([0.1, 0.3, 0.6], abs=0.002)


def test_a_card_has_a_bounded_number_of_lines() -> None:
    """Of very many columns those that tell most are on the card."""
    random = np.random.default_rng(5)
    label = random.random(600) < 0.4
    columns = {f"f{n}": label + random.normal(0, 1 + n / 50, 600) for n in range(MOST_LINES + 30)}
    places = [line.place for line in fit_scorecards(rows_of(columns, label), (0.01,))[0].lines]
    assert len(places) == MOST_LINES
    assert 0 in places


def test_a_number_goes_on_counting_within_its_bin() -> None:
    """Where the outcome follows a number evenly, two numbers of one bin score differently."""
    number = np.random.default_rng(2).uniform(0, 3, 4000)
    rows = rows_of({"x": number}, np.random.default_rng(3).random(4000) < probability_of(number - 2))
    scores = fit_scorecards(rows, (0.25,))[0].log_odds(np.array([[0.05], [0.45], [2.55], [2.95]]))
    assert (np.diff(scores) > 0.05).all()


def test_beyond_what_is_usual_a_number_earns_no_more(rows: TrainingRows, card: Scorecard) -> None:
    """However large a value is, it earns what the largest usual one does: nobody is fooled by an outlier."""
    lead = rows.matrix[:1].copy()
    visits = rows.names.index("visits")
    scores = []
    for value in (np.nanmax(rows.matrix[:, visits]), 1e6, np.inf):
        lead[0, visits] = value
        scores.append(float(card.log_odds(lead)[0]))
    assert len(set(scores)) == 1
    assert np.isfinite(scores[0])
