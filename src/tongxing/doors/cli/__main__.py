"""`python -m tongxing.doors.cli …` is the `tongxing` command."""

import sys

from tongxing.doors.cli.main import main

sys.exit(main())
