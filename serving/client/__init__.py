"""A client for programs that ask Baton. It needs httpx and pydantic, and nothing else of Baton."""
