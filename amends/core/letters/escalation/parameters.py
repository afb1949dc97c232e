"""What the letter about an escalation needs of the case: a stage that it has entered."""

from amends.core.letters.parameters import ALWAYS, Parameter

STAGE = Parameter("stage", lambda m: bool(m.case.stage_role), "the case has entered no stage")

PARAMETERS = (*ALWAYS, STAGE)
