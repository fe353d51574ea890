"""The commands of `baton`, one module each."""
