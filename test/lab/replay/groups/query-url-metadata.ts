import type { Group } from '../group.ts'
import { serveFiles } from '../web-server.ts'

/** What the node finds out about a URL. */
export const queryUrlMetadata: Group = {
  name: 'query-url-metadata',
  source: 'recorded-more',
  setUp: async (world) => world.atEnd(await serveFiles(world)),
  measured: ['size'],
  excluded: { 'query-url-metadata/unknown-host': 'how the machine resolves names' },
}
