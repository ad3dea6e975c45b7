// Generated from schemas/ by `npm run generate`; do not edit.

import IsoBuild from './iso/build.ts'
import IsoDownload from './iso/download.ts'
import IsoUpload from './iso/upload.ts'
import NixosInstall from './nixos/install.ts'
import SshWait from './ssh/wait.ts'
import VmCreate from './vm/create.ts'
import VmDestroy from './vm/destroy.ts'
import VmDetach from './vm/detach.ts'
import VmInfo from './vm/info.ts'
import VmStart from './vm/start.ts'

/** The commands of the steps, by oclif's id. */
export const stepCommands = {
  'iso:build': IsoBuild,
  'iso:download': IsoDownload,
  'iso:upload': IsoUpload,
  'nixos:install': NixosInstall,
  'ssh:wait': SshWait,
  'vm:create': VmCreate,
  'vm:destroy': VmDestroy,
  'vm:detach': VmDetach,
  'vm:info': VmInfo,
  'vm:start': VmStart,
}
