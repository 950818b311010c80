"""A second engine: whole plans, and what the charter forbids, as formulas for the solver Z3.

In: plans. Out: whether any call breaks a rule, in how few exits, and how long calls last; held against the verifier in
`against`. `hours` expands hours, `calls` says what a call is, `rules` when one breaks a rule, each written from the
charter and the model alone: nothing here imports the verifier, but for `against`, which asks both.
"""
