"""`python -m conflictdesk` is the command line."""

import sys

from conflictdesk.cli import main

sys.exit(main())
