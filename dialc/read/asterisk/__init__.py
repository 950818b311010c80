"""Asterisk's configuration files, read as Asterisk reads them.

In: the texts of a configuration folder. Out, a module each, from text to meaning: `configuration`, sections and
settings; `expressions`, what stands between `${` and `}` or `$[` and `]`; `dialplan`, contexts and extensions.
Nothing here knows who wrote the files, and nothing is taken from the names in them.
"""
