"""Work that outlives the process: rows that say how far it is, and a runner that carries on.

Knows nothing of what the work is; whoever opens the runner hands that in.
"""
