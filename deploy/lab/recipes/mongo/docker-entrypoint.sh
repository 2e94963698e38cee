#!/bin/sh
# The official one also steps down from root and makes first users; nobody here asks for either.
case "$1" in -*) set -- mongod "$@" ;; esac
exec "$@"
