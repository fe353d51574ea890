"""The pages for marketing, sales and their heads: each shows its figures to whoever signed in."""
