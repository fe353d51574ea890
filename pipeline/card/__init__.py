"""The model card: what is known of a model, on one page for people and in one file for git."""
