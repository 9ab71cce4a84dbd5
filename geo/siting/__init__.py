"""Where to open sites, exactly and with proof.

`problem` holds questions and answers, `gains` makes them from travel, `reduction` shrinks them,
`search` finds good plans, `bound` proves what no plan can exceed, `program` closes the rest with
an integer program. `maximal`, `covering`, `extended` and `capacity` answer the questions;
`curve` and `robust` ask many of them.
"""
