#!/bin/sh
# The official one also steps down from root and makes first users; the compose file asks for neither.
exec "$@"
