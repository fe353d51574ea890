"""One lead at a time: the leads, and what rivals would do with them."""
