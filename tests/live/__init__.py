"""Tests on a real Asterisk: a private one is started, plans are loaded into it, and calls are made through them."""
