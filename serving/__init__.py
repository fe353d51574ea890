"""The door for the CRM and for people: the endpoint, the ledger, the pages."""
