"""Baton beside other ways to learn: the same rows, the same columns, the same later leads."""
