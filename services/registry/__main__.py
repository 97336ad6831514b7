"""`python -m services.registry`: the registry as a process; settings come from the environment.

With `import` or `export`: a program that talks to a running one.
"""

import sys

if len(sys.argv) > 1:
    from services.registry.exchange.program import main as exchange

    exchange(sys.argv[1:])
else:
    from services.registry.http import SERVICE
    from shared.service.process import main

    main(SERVICE)
