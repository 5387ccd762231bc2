"""The files of all supported students in one PDF, beside bare Typst on the same content.

    PYTHONPATH=src:. .venv/bin/python -m bench.dossiers --data DEMO_FOLDER

Reads the demo school of that folder as its head (encrypted SQLite), five times; the first is left out. The limit beside
it is Typst alone, given the content ready made. Goes to `bench/results/dossiers.json`.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from bench.school import ask

RESULTS = Path(__file__).parent / "results"
TIMES, WITHIN = 5, 5.0  # seconds for 66 files


def measured() -> dict[str, Any]:
    """Run within the product: the whole action, and Typst on the same content."""
    from tongxing.ground.access.queries import actor_for
    from tongxing.ground.kernel import clock
    from tongxing.ground.people.models import Registration, Responsibility
    from tongxing.ground.people.queries import current_term
    from tongxing.paper.documents import actions
    from tongxing.paper.documents.dossier import volume_content
    from tongxing.paper.documents.dossier_records import many_dossiers
    from tongxing.paper.documents.pdf import compile_pdf

    today = clock.today()
    post = Responsibility.objects.on(today).filter(post="head").select_related("staff__user", "school")[0]
    head, term = actor_for(post.staff.user), current_term(post.school, today)
    assert term is not None
    entries = Registration.objects.on(today).filter(school=post.school)
    ids = list(entries.values_list("student_id", flat=True))
    seconds: dict[str, list[float]] = {"whole": [], "typst": []}
    for _again in range(TIMES):
        begun = time.perf_counter()
        file = actions.dossier_volume(head, term=term, purpose="measured")
        seconds["whole"].append(time.perf_counter() - begun)
        content = volume_content(list(many_dossiers(head, ids, term, clock.now())), "volume")
        begun = time.perf_counter()
        compile_pdf("dossier.typ", content)
        seconds["typst"].append(time.perf_counter() - begun)
    told = {name: round(statistics.median(times[1:]), 2) for name, times in seconds.items()}
    return {"files": len(ids), "kilobytes": len(file) // 1024, **told}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    found = ask(parser.parse_args().data, "bench.dossiers:measured")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "dossiers.json").write_text(json.dumps(found, indent=1) + "\n")
    sys.stdout.write(f"{found}\n")
    if found["whole"] > WITHIN:
        sys.exit(f"slower than {WITHIN} s")


if __name__ == "__main__":
    main()
