"""The door for data scientists: the command line, the DVC stages, the sources, the reports."""
