"""The same windowed features computed by Baton and by its rivals, each written as its users would."""
