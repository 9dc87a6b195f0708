"""How an address is written on the wire (RFC 5321, section 4.1.2)."""

import re

DOT_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


def on_the_wire(address: str) -> str:
    """The address with its local part quoted where it is no dot-atom, as old addresses of Japanese carriers need."""
    local, _, domain = address.rpartition("@")
    if DOT_ATOM.fullmatch(local):
        return address
    escaped = local.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"@{domain}'
