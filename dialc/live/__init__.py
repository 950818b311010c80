"""A real PBX, on loopback, for a short while: calls are placed at it, and what it does is observed from outside.

In: an installed Asterisk, the files that were written for it, callers and telephones that behave as they are told. Out:
what it did with each call, told in the same terms as a walk through the plan. Of all of dialc only this package and the
command line touch the world outside; only the command line imports it, and only where somebody asks for it.
"""
