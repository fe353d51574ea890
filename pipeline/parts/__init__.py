"""A history in parts of whole leads: cut, computed on all cores, begun again where it stopped."""
