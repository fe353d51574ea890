"""The addresses that Baton answers at."""
