"""Bundled models and pairs, and (in `assets.build`) the script that makes them."""
