import sys
import warnings

if __name__ == "__main__":
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")  # known: hidden behind shared/
    from deploy.contract.cli import main

    sys.exit(main())
