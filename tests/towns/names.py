"""Names under `localhost` are loopback (RFC 6761 section 6.3). Browsers and Parvis know that; the C library of Debian does not without an extra
package, and so Python's programs do not either. Importing this module teaches the running interpreter."""

import socket

_asked = socket.getaddrinfo


def _getaddrinfo(host, *arguments, **options):
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if isinstance(name, str) and name.rstrip(".").lower().endswith(".localhost"):
        host = "127.0.0.1"
    return _asked(host, *arguments, **options)


socket.getaddrinfo = _getaddrinfo
