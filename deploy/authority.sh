#!/bin/sh
# Copies the authority the towns must trust to /authority/ca.crt: Caddy's own (it appears a moment after Caddy's first start), or the
# public ones when the certificates are public.
set -eu
authority=/etc/ssl/certs/ca-certificates.crt
if [ "$CADDY_TLS" = internal ]; then
    authority=/data/caddy/pki/authorities/local/root.crt
fi
until [ -f "$authority" ]; do
    sleep 1
done
cp "$authority" /authority/ca.crt
chmod 644 /authority/ca.crt
