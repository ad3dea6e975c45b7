import type { Group } from '../group.ts'
import { agent } from './agent.ts'
import { agentPrivileges } from './agent-privileges.ts'
import { auth } from './auth.ts'
import { config } from './config.ts'
import { create } from './create.ts'
import { disks } from './disks.ts'
import { download } from './download.ts'
import { lifecycle } from './lifecycle.ts'
import { machines } from './machines.ts'
import { queryUrlMetadata } from './query-url-metadata.ts'
import { reads } from './reads.ts'
import { readsChanged } from './reads-changed.ts'
import { storage } from './storage.ts'
import { storageFull } from './storage-full.ts'
import { tasks } from './tasks.ts'
import { uploads } from './uploads.ts'

/** All groups, in the order of the table. */
export const groups: readonly Group[] = [
  config,
  create,
  disks,
  lifecycle,
  tasks,
  agent,
  agentPrivileges,
  auth,
  reads,
  readsChanged,
  storage,
  storageFull,
  download,
  queryUrlMetadata,
  machines,
  uploads,
]
