"""The pages that people look at: templates and one style sheet, nothing from other hosts."""
