"""Backends: a verdict and a site to the files of one PBX, a module for each. Only they know Jinja."""
