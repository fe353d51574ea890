"""A lead as columns, one way only: the same definition in training, in batch and at the endpoint."""
