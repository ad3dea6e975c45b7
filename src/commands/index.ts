import Completion from './completion.ts'
import Doctor from './doctor.ts'
import Inventory from './inventory.ts'
import LabDemo from './lab/demo.ts'
import LabRun from './lab/run.ts'
import LabStart from './lab/start.ts'
import Provision from './provision.ts'
import Schema from './schema.ts'
import { stepCommands } from './steps.ts'
import Version from './version.ts'

/** Every command, by oclif's id; the bundle has no folder for oclif to look into. */
export const COMMANDS = {
  ...stepCommands,
  completion: Completion,
  doctor: Doctor,
  inventory: Inventory,
  'lab:demo': LabDemo,
  'lab:run': LabRun,
  'lab:start': LabStart,
  provision: Provision,
  schema: Schema,
  version: Version,
}
