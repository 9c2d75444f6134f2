"""`export --for-correction` and `import corrections`: incidents as a sheet, and its changed cells as decisions."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from conflictdesk.commands.desk_folder import add_desk, add_user, choose_user, open_here, read_clock
from conflictdesk.errors import ConfigError

if TYPE_CHECKING:
    from conflictdesk.workflow.correcting import Applied
    from conflictdesk.workflow.corrections import CellProblem, Plan

_SHOWN: Final = 200


def run_export_corrections(options: argparse.Namespace) -> int:
    """Write the sheet."""
    from conflictdesk.workflow.correcting import write_corrections

    with open_here(options) as desk:
        number = write_corrections(desk, options.for_correction)
    print(f"{options.for_correction}: {number} incident{'' if number == 1 else 's'}")
    print(f"change cells, save, then: conflictdesk import corrections {options.for_correction}")
    return 0


def add_corrections(parser: argparse.ArgumentParser) -> None:
    """Tell the command line what `import corrections` takes."""
    parser.add_argument("path", type=Path, metavar="FILE", help="the sheet as you saved it, .csv or .xlsx")
    parser.add_argument("--yes", action="store_true", help="record the changes without asking")
    parser.add_argument("--json", action="store_true", help="tell everything as JSON; records only with --yes")
    add_desk(parser)
    add_user(parser)
    parser.set_defaults(run=run_corrections)


def run_corrections(options: argparse.Namespace) -> int:
    """Show what the sheet changes, ask, record; 1 when some of it could not be taken."""
    from conflictdesk.workflow.correcting import Applied, open_lookups, plan_corrections, record_corrections

    with open_here(options) as desk:
        user = choose_user(desk, options.user)
        plan = plan_corrections(desk, options.path, user.name, open_lookups())
        if not options.json:
            for line in _tell_plan(plan):
                print(line)
        applied = Applied(recorded=0, refused=())
        if plan.corrections and (options.yes or (not options.json and _ask(len(plan.corrections)))):
            applied = record_corrections(desk, plan, user, read_clock())
        elif plan.corrections and not options.json:
            print("nothing was recorded")
    _tell_applied(plan, applied, options.json)
    return 1 if plan.problems or applied.refused else 0


def _ask(number: int) -> bool:
    """Ask whether to record; where nobody can answer, `--yes` must have said it.

    Raises:
        ConfigError: standard input is no terminal.
    """
    if not sys.stdin.isatty():
        raise ConfigError("nothing was recorded: look at the changes above, then give --yes")
    answer = input(f"Record {number} decision{'' if number == 1 else 's'}? [y/N] ")
    return answer.strip().casefold() in ("y", "yes")


def _tell_plan(plan: Plan) -> Iterator[str]:
    from conflictdesk.terminal import plain

    for c in plan.corrections[:_SHOWN]:
        why = f"  because: {c.inferred or c.reason}" if c.inferred or c.reason else ""
        said = "" if c.action == "change" else f" ({c.action.replace('_', ' ')})"
        yield plain(f"row {c.row}  {c.mention_id}  {c.field}{said}: {c.before} → {c.told}{why}")
    if len(plan.corrections) > _SHOWN:
        yield f"and {len(plan.corrections) - _SHOWN} more"
    for each in plan.left:
        by = f" by {each.by}" if each.by else ""
        told = f"{each.why}{by}; the sheet says {each.sheet}, the desk {each.desk}"
        yield plain(f"left as it is: row {each.row}  {each.mention_id}  {each.field}: {told}")
    for problem in plan.problems:
        yield plain(_tell_problem(problem))
    yield (
        f"{plan.rows} rows: {len(plan.corrections)} changes, {len(plan.left)} left as they are, "
        f"{len(plan.problems)} problems"
    )


def _tell_problem(problem: CellProblem) -> str:
    where = f"row {problem.row}" + (f", column {problem.column}" if problem.column else "")
    return f"problem: {where}: {problem.told}"


def _tell_applied(plan: Plan, applied: Applied, as_json: bool) -> None:
    if as_json:
        told = {name: [dataclasses.asdict(one) for one in getattr(plan, name)] for name in ("left", "problems")}
        changes = [dataclasses.asdict(one) for one in plan.corrections]
        refused = [dataclasses.asdict(one) for one in applied.refused]
        print(
            json.dumps(
                {"rows": plan.rows, "changes": changes, **told, "recorded": applied.recorded, "refused": refused}
            )
        )
        return
    if applied.recorded:
        print(f"{applied.recorded} decision{'' if applied.recorded == 1 else 's'} recorded")
    for problem in applied.refused:
        print(_tell_problem(problem))
