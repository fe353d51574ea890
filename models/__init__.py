"""Learning the probability that a lead qualifies: split, estimator, calibration, evaluation, bundle."""
