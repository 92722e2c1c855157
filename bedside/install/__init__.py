"""The appliance on a machine: installed, brought up to a newer version, or removed.

Runs by the system's own Python before anything else of bedside is there, so it imports nothing
but the standard library. Every version gets an environment of its own under
`/opt/bedside/releases`, and the link `current` says which is in force: an upgrade that does not
come up healthy is one link away from the version before.
"""
