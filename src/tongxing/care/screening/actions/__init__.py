"""Changing a round: by topic, used as `actions.confirm(…)`.

Invariants:
- a run never undoes what a person decided, and never takes anyone off the register;
- only an approved round writes to the register, through `people.actions.register_all`;
- nothing is approved while a child waits for a decision or has not been looked at;
- a later round opens when the one before is approved, so nobody is left undecided behind it;
- whoever changes a round holds its row, so that a run and a decision at the same moment lose nothing.
"""

from .classes import Answer, Gone, go_through
from .decisions import confirm, look_at, set_aside
from .nominations import Said, answer, nominate, take_up
from .rounds import Approved, approve, open_round, rules_in_force, run_round
from .rulesets import save_rules
from .visits import Visit, record_visit, withdraw_visit

__all__ = [
    "Answer",
    "Approved",
    "Gone",
    "Said",
    "Visit",
    "answer",
    "approve",
    "confirm",
    "go_through",
    "look_at",
    "nominate",
    "open_round",
    "record_visit",
    "rules_in_force",
    "run_round",
    "save_rules",
    "set_aside",
    "take_up",
    "withdraw_visit",
]
