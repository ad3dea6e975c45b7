import Completion from './completion.ts'
import IsoDownload from './iso/download.ts'
import IsoUpload from './iso/upload.ts'
import LabDemo from './lab/demo.ts'
import LabRun from './lab/run.ts'
import LabStart from './lab/start.ts'
import NixosInstall from './nixos/install.ts'
import Provision from './provision.ts'
import Schema from './schema.ts'
import SshWait from './ssh/wait.ts'
import Version from './version.ts'
import VmCreate from './vm/create.ts'
import VmDestroy from './vm/destroy.ts'
import VmDetach from './vm/detach.ts'
import VmInfo from './vm/info.ts'
import VmStart from './vm/start.ts'

/** Every command, by oclif's id; the bundle has no folder for oclif to look into. */
export const COMMANDS = {
  completion: Completion,
  'iso:download': IsoDownload,
  'iso:upload': IsoUpload,
  'lab:demo': LabDemo,
  'lab:run': LabRun,
  'lab:start': LabStart,
  'nixos:install': NixosInstall,
  provision: Provision,
  schema: Schema,
  'ssh:wait': SshWait,
  version: Version,
  'vm:create': VmCreate,
  'vm:destroy': VmDestroy,
  'vm:detach': VmDetach,
  'vm:info': VmInfo,
  'vm:start': VmStart,
}
