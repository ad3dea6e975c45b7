import type { Context } from '../core/step.ts'
import type { ProxmoxClient } from './client.ts'
import type { Storage } from './cluster.ts'
import { runTask } from './tasks.ts'

/** Removes a volume; one that is gone already is no error. */
export async function removeVolume(
  client: ProxmoxClient,
  context: Context,
  { node, storage }: Storage,
  volid: string,
): Promise<void> {
  await runTask(client, context, () =>
    client.delete<string>(
      `/nodes/${node}/storage/${storage}/content/${encodeURIComponent(volid)}`,
      `remove ${volid}`,
    ),
  )
}
