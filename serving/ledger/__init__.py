"""The append-only record of what Baton answered, and the keys of those who may ask."""
