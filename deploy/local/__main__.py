import sys

OLDEST = (3, 9)  # what this package itself needs; the services need 3.11 to 3.13, which venv.py looks for

if __name__ == "__main__":
    if sys.version_info < OLDEST:
        sys.exit("This needs python3 of version 3.11 to 3.13: install one, or say which: make PYTHON=python3.11 …")
    from deploy.local.cli import main

    sys.exit(main())
