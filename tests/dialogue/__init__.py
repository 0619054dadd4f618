"""The engine against RFC 9293 and its companions, clause by clause, a file for each section.
Each dialogue is named after its clause, and tells which rows of appendix B it shows. `script` explains
how they are written."""
