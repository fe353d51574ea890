"""The report for the monthly meeting: two pages that stand alone, then the annexes, as HTML and as PDF."""
