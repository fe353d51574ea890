"""Making probabilities mean what they say, where that holds forward in time, and saying how sure they are."""
