"""Sources: files of a CRM, of any shape, read into the tables of its history."""
