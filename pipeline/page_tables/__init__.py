"""What the pages read: the history as its readers ask about it, one DuckDB file that is replaced whole."""
