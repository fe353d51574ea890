"""The leakage audit: which columns, activity types and periods know what came after the moment."""
