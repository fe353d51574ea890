"""What sales and marketing agreed, and whether the data keeps it."""
