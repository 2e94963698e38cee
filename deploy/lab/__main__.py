import sys

from deploy.lab.cli import main

if __name__ == "__main__":
    sys.exit(main())
