"""Many runs that differ in rank, and what they say about it.

    config ──> plan ──> run (a point after the other, or all together) ──> folder ──> summary

A sweep is planned as a list of points, each a run's settings. Every point trains on the same split
and the same batches in the same order. What is on disk is never computed again.
"""
