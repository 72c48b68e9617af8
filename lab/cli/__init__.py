"""The headless door: `python -m lab`. One file per command; main.py turns errors into exits."""
