"""The DVC stages: each composes the rooms in about twenty lines."""
