"""One run, or one sweep, on more than one processor or machine.

    accelerate launch -m lab finetune    launch ──> group: one run, each batch shared by processes
    lab sweep --ray ADDRESS              cluster ──> spread ──> worker: one point a process

The two need nothing of each other. Accelerate and Ray are extras: nothing here is imported, and
neither is installed, unless it is asked for.
"""
