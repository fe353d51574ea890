"""A made-up CRM in which the best possible score of every lead is known exactly."""
