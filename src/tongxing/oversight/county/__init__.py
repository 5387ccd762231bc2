"""The county and its schools: its programme, its reports, who asked for a hand, the children behind a need."""
