"""The past replayed: what the model of each time would have said, and what came of it."""
