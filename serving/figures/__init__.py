"""What the pages tell: figures from the file of stage `pages`, as frozen data, each with its count."""
