import type { Routes } from '../router.ts'
import { accessRoutes } from './access.ts'
import { agentRoutes } from './agent.ts'
import { clusterRoutes } from './cluster.ts'
import { downloadRoutes } from './download.ts'
import { nodeRoutes } from './nodes.ts'
import { poolRoutes } from './pools.ts'
import { qemuRoutes } from './qemu.ts'
import { qemuConfigRoutes } from './qemu-config.ts'
import { qemuCopyRoutes } from './qemu-copy.ts'
import { qemuStatusRoutes } from './qemu-status.ts'
import { storageRoutes } from './storage.ts'
import { taskRoutes } from './tasks.ts'
import { uploadRoutes } from './upload.ts'
import { volumeRoutes } from './volumes.ts'

/** Everything that the lab emulates. */
export const allRoutes: Routes = {
  ...accessRoutes,
  ...clusterRoutes,
  ...nodeRoutes,
  ...poolRoutes,
  ...storageRoutes,
  ...volumeRoutes,
  ...uploadRoutes,
  ...downloadRoutes,
  ...taskRoutes,
  ...qemuRoutes,
  ...qemuConfigRoutes,
  ...qemuCopyRoutes,
  ...qemuStatusRoutes,
  ...agentRoutes,
}
